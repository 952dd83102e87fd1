// A connection as an async iterator, as a pair of streams, and messages piece by piece: for programs that fetch what comes
// when they want it. Uses what every program can use of a Connection, and takes its handlers over; one of these at a time.
import { ReadableStream, WritableStream } from 'node:stream/web';
import { CLOSE_CODE } from '../core/close-code.ts';
import type { CloseEvent } from '../core/connection-state.ts';
import type { Message, MessageKind } from '../core/message.ts';
import { WireError } from '../core/wire-error.ts';
import { Backlog, Gate } from './backlog.ts';
import type { Connection, ConnectionHandlers } from './connection.ts';

/** What the program may still handle itself. */
export type OtherHandlers = Omit<ConnectionHandlers, 'message' | 'begin'>;

/**
 * The messages of a connection, for `for await`. They are kept from this call on, up to 64 KiB or one message; then the
 * peer has to wait. Ends when the connection has closed cleanly, otherwise throws its WireError, after the messages
 * that came before. `break` closes the connection with 1000; who wants one message and later more calls `next()`.
 */
export function messages(
  connection: Connection,
  handlers: OtherHandlers = {},
): AsyncIterableIterator<Message, undefined> {
  const backlog = new Backlog<Message>(new Gate(connection), () => connection.close());
  receive(connection, {
    ...handlers,
    message: (message) => backlog.put(message, message.length),
    close: (event) => {
      backlog.finish(errorOf(event));
      handlers.close?.(event);
    },
  });
  return backlog;
}

/** A message whose bytes come while they are fetched. */
export interface MessageInPieces {
  readonly kind: MessageKind;
  /** Of a text they may be cut inside a character; `text` of node:stream/consumers and TextDecoderStream put that right. */
  readonly pieces: AsyncIterableIterator<Buffer, undefined>;
}

/**
 * As `messages`, with the bytes of each message as they come: of any size, in constant memory. What has not been fetched
 * of one is dropped when the next is asked for. The pieces of a message that will not be completed throw.
 */
export function messagesInPieces(
  connection: Connection,
  handlers: OtherHandlers = {},
): AsyncIterableIterator<MessageInPieces, undefined> {
  const gate = new Gate(connection);
  const backlog = new Backlog<MessageInPieces>(gate, () => connection.close());
  let coming: Backlog<Buffer> | undefined;
  let fetched: MessageInPieces | undefined;
  receive(connection, {
    ...handlers,
    begin: (kind) => {
      const pieces = new Backlog<Buffer>(gate);
      coming = pieces;
      backlog.put({ kind, pieces }, 0);
      return {
        // Once we are closing, what still comes is dropped, as whole messages are.
        piece: (bytes) => void (connection.state === 'open' && pieces.put(bytes, bytes.length)),
        end: () => pieces.finish(),
      };
    },
    close: (event) => {
      const error = errorOf(event);
      // Without effect on one that is complete.
      coming?.finish(error ?? new WireError('connection-lost', 'The connection closed inside a message.'));
      backlog.finish(error);
      handlers.close?.(event);
    },
  });
  return {
    async next() {
      await fetched?.pieces.return?.();
      const result = await backlog.next();
      fetched = result.value;
      return result;
    },
    return: (reason?: unknown) => backlog.return(reason),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** How a connection is closed, or has been. */
export interface CloseInfo {
  readonly closeCode?: number;
  readonly reason?: string;
}

/** The shape of the WebSocketStream proposal, once it is open. */
export interface ConnectionStreams {
  /** Text as strings, binary as bytes. It ends with the connection; `cancel` closes that, with 1000 unless told. */
  readonly readable: ReadableStream<string | Buffer>;
  /**
   * A chunk is a message. Writing a string is done while no more than the high-water mark waits, else when all has
   * left; writing bytes when the kernel has them, and they are yours again. `close` closes the connection with 1000,
   * `abort` with 1011; `abort` takes a CloseInfo as well.
   */
  readonly writable: WritableStream<string | Uint8Array>;
  /** Resolves when the connection has closed cleanly, rejects with its WireError otherwise. */
  readonly closed: Promise<Required<CloseInfo>>;
  /** Closes the connection, with 1000 unless told otherwise. */
  close(info?: CloseInfo): void;
}

/** A connection as a pair of streams, with back-pressure both ways. */
export function streams(connection: Connection): ConnectionStreams {
  const backlog = new Backlog<string | Buffer>(new Gate(connection), (reason) =>
    closeFor(connection, reason, CLOSE_CODE.normal),
  );
  let failWriting: (error: WireError) => void = () => undefined;
  const closed = new Promise<Required<CloseInfo>>((resolve, reject) => {
    receive(connection, {
      message: (message) =>
        backlog.put(message.kind === 'text' ? message.text() : message.data, message.length),
      close: (event) => {
        const error = errorOf(event);
        backlog.finish(error);
        // After a clean close the next write fails; to close as well, as a pipe does, is no error.
        if (error === undefined) resolve({ closeCode: event.code, reason: event.reason });
        else {
          failWriting(error);
          reject(error);
        }
      },
    });
  });
  // Whoever does not ask must not be ended by it as by an unhandled rejection.
  closed.catch(() => undefined);
  const writable = new WritableStream<string | Uint8Array>({
    start: (controller) => {
      failWriting = (error) => controller.error(error);
    },
    write: (chunk) => sendChunk(connection, chunk),
    close: async () => {
      connection.close();
      await closed;
    },
    abort: (reason) => closeFor(connection, reason, CLOSE_CODE.internalError),
  });
  const close = (info: CloseInfo = {}): void => closeFor(connection, info, CLOSE_CODE.normal);
  return { readable: ReadableStream.from(backlog), writable, closed, close };
}

const HALF_A_CHARACTER = /[\ud800-\udbff]$/;

/** Who sends a message in pieces at the moment. */
const senders = new WeakSet<Connection>();

/**
 * Sends one message whose pieces come bit by bit, each as a frame; until it resolves nothing else may be sent but pings.
 * The next piece is asked for when the kernel has the one before: a message of any size takes the memory of one piece.
 * Strings may be cut anywhere; bytes of a text are not checked to be UTF-8. Where the pieces fail, the rest of the
 * message cannot come: the connection is closed with 1011, and the error thrown on. Never compressed.
 */
export async function sendInPieces(
  connection: Connection,
  kind: MessageKind,
  pieces: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
): Promise<void> {
  if (senders.has(connection)) throw new TypeError('another message is being sent in pieces');
  senders.add(connection);
  try {
    // The first half of a character whose second half is in the next piece.
    let half = '';
    for await (const piece of pieces) {
      const text = typeof piece === 'string' ? half + piece : half;
      half = typeof piece === 'string' && HALF_A_CHARACTER.test(text) ? text.slice(-1) : '';
      await sendPiece(connection, kind, text.slice(0, text.length - half.length));
      if (typeof piece !== 'string') await sendPiece(connection, kind, piece);
    }
    assertOpen(connection);
    connection.sendPart(half, { kind, isLast: true });
    await connection.flushed();
  } catch (error) {
    connection.close(CLOSE_CODE.internalError);
    throw error;
  } finally {
    senders.delete(connection);
  }
}

async function sendPiece(
  connection: Connection,
  kind: MessageKind,
  piece: string | Uint8Array,
): Promise<void> {
  assertOpen(connection);
  if (piece.length === 0) return;
  connection.sendPart(piece, { kind, isLast: false });
  await connection.flushed();
}

async function sendChunk(connection: Connection, chunk: unknown): Promise<void> {
  if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array))
    throw new TypeError('a message is a string or a Uint8Array');
  assertOpen(connection);
  const hasRoom = connection.send(chunk);
  if (!hasRoom || typeof chunk !== 'string') await connection.flushed();
}

function assertOpen(connection: Connection): void {
  if (connection.state !== 'open') throw new WireError('not-open');
}

/** Sets the handlers; for a connection that has closed already they would wait for ever. */
function receive(connection: Connection, handlers: ConnectionHandlers): void {
  connection.handle(handlers);
  if (connection.state !== 'closed') return;
  const error = new WireError('not-open');
  handlers.close?.({ code: CLOSE_CODE.lost, reason: '', wasClean: false, error });
}

/** Undefined: it closed cleanly. Without an error it was this side that cut it. */
function errorOf({ wasClean, error }: CloseEvent): WireError | undefined {
  if (wasClean) return undefined;
  return error ?? new WireError('connection-lost', 'This side cut the connection.');
}

/** @param reason what a stream was given as the reason of its end: a CloseInfo, or anything */
function closeFor(connection: Connection, reason: unknown, otherwise: number): void {
  const info = isCloseInfo(reason) ? reason : {};
  connection.close(info.closeCode ?? otherwise, info.reason);
}

function isCloseInfo(value: unknown): value is CloseInfo {
  return typeof value === 'object' && value !== null && 'closeCode' in value && !(value instanceof Error);
}
