// One WebSocket connection after its handshake, as a program holds it: what it can ask and do. What happens inside is
// connection-core.ts's, which nobody else can reach.
import { CLOSE_CODE, CLOSE_REASON_BYTES_MAX, isSendableCloseCode } from '../core/close-code.ts';
import type { DeflateAgreement } from '../core/deflate-offer.ts';
import type { MessageKind } from '../core/message.ts';
import { OPCODE } from '../core/opcode.ts';
import type { WireError } from '../core/wire-error.ts';
import { ConnectionCore } from './connection-core.ts';
import type { ConnectionHandlers, ConnectionParts, SendOptions } from './connection-parts.ts';
import type { Flushed, MessagePart, Sendable } from './frame-outlet.ts';
import { PreparedMessage, type PreparedRun } from './prepared-message.ts';
import type { Seating } from './roster.ts';

export type {
  ConnectionHandlers,
  ConnectionParts,
  ConnectionSettings,
  SendOptions,
} from './connection-parts.ts';

let lastId = 0;

/** Starts reading, once the handlers had their chance to be set. For server and client only. */
export let beginReading: (connection: Connection) => void;
/** Gives a connection up for an error of the program. For server and client only. */
export let failConnection: (connection: Connection, error: WireError) => void;

/** Its seat among the connections of its server. For the server only. */
export let CONNECTION_SEATS: Seating<Connection>;

/**
 * One WebSocket connection, of a server or a client: send, close, and set handlers for what comes. Made by `connect` and by
 * `WebSocketServer`.
 */
export class Connection {
  /** Counts up in this process. */
  readonly id: number = ++lastId;
  readonly #core: ConnectionCore;
  #seat = -1;

  static {
    CONNECTION_SEATS = {
      seatOf: (connection) => connection.#seat,
      seat: (connection, seat) => {
        connection.#seat = seat;
      },
    };
    beginReading = (connection) => connection.#core.begin();
    failConnection = (connection, error) => connection.#core.happen({ type: 'failed', error });
  }

  constructor(parts: ConnectionParts) {
    this.#core = new ConnectionCore(this, parts);
  }

  /** The subprotocol agreed on, '' for none. */
  get subprotocol(): string {
    return this.#core.subprotocol;
  }

  /** The address of the other end of the TCP connection; '' where the stream has none. */
  get remoteAddress(): string {
    return this.#core.info.remoteAddress;
  }

  /** `closing`: a Close frame has been sent or has come, or the connection was given up; nothing is sent any more. */
  get state(): 'open' | 'closing' | 'closed' {
    const { phase } = this.#core;
    return phase === 'open' || phase === 'closed' ? phase : 'closing';
  }

  /** What was agreed on about permessage-deflate; undefined when it is off. */
  get compression(): DeflateAgreement | undefined {
    return this.#core.deflate?.agreement;
  }

  /** Bytes given to `send` that are not yet with the kernel. */
  get bufferedBytes(): number {
    return this.#core.pump.bufferedBytes;
  }

  /** Sets what happens with what comes, in place of the handlers set before. */
  handle(handlers: ConnectionHandlers): void {
    this.#core.handle(handlers);
  }

  /**
   * Sends a message: a string as text, bytes as binary, a message that came as what it is. Bytes may be sent without being
   * copied, so leave them as they are until `flushed`. Returns false when more than the high-water mark is waiting: go on
   * after `drain`, or after `await connection.flushed()`. After `close`, and once the peer has closed, nothing is sent and
   * the answer is false. Where permessage-deflate was agreed on, what is at its threshold or above is compressed.
   */
  send(data: Sendable | PreparedMessage, options?: SendOptions): boolean {
    if (data instanceof PreparedMessage) return this.sendPrepared(data, options);
    const core = this.#core;
    if (core.phase !== 'open') return false;
    const isCompressible = options?.compress !== false;
    return core.sent(isCompressible ? core.outlet.message(data) : core.outlet.plainMessage(data));
  }

  /** Sends a message that `prepare` made. It is framed, and where that was agreed on deflated, once for all connections. */
  sendPrepared(message: PreparedMessage, options?: SendOptions): boolean {
    const core = this.#core;
    if (core.phase !== 'open') return false;
    return core.sent(core.outlet.preparedMessage(message, options?.compress !== false));
  }

  /** Sends messages that `prepareRun` put together, in their order: all of them or, as `send` does, none. Returns as `send`. */
  sendRun(run: PreparedRun): boolean {
    const core = this.#core;
    return core.phase === 'open' && core.sent(core.outlet.preparedRun(run));
  }

  /**
   * Sends one frame of a message, for those that come to be bit by bit; until the last part only parts may be sent.
   * Bytes of a text are not checked to be UTF-8. Compressed as one message where that was agreed on and the first part is at
   * the threshold or above, or as the first part says. Returns what `send` returns.
   */
  sendPart(data: string | Uint8Array, part: MessagePart): boolean {
    const core = this.#core;
    return core.phase === 'open' && core.sent(core.outlet.part(data, part));
  }

  /**
   * Sends one message whose bytes lie in several places, as they lie: leave them as they are until `flushed`. Bytes of a text are
   * not checked to be UTF-8. Returns as `send`.
   */
  sendPieces(pieces: readonly Uint8Array[], kind: MessageKind): boolean {
    const core = this.#core;
    return core.phase === 'open' && core.sent(core.outlet.pieces(pieces, kind));
  }

  /** Sends frames that were encoded elsewhere, as they are: whole, valid and, from a client, masked. Returns as `send`. */
  sendFrames(frames: readonly Uint8Array[]): boolean {
    const core = this.#core;
    return core.phase === 'open' && core.sent(core.outlet.frames(frames));
  }

  /** Resolves when all that was sent so far is with the kernel; rejects with a WireError if that cannot be any more. */
  flushed(): Promise<void> {
    return this.#core.outlet.flushed();
  }

  /** As `flushed`, for a callback; it is never called inside this call. */
  whenFlushed(done: Flushed): void {
    this.#core.outlet.whenFlushed(done);
  }

  /** Sends a ping with up to 125 bytes. */
  ping(payload: string | Uint8Array = ''): void {
    this.#core.sendPingOrPong(OPCODE.ping, payload);
  }

  /** Sends a ping and resolves with the milliseconds until its pong. Rejects with a WireError if the connection ends first. */
  roundTripMs(): Promise<number> {
    return this.#core.roundTripMs();
  }

  /** Sends a pong that no ping has asked for, or the answer to one where `autoPong` is off. */
  pong(payload: string | Uint8Array = ''): void {
    this.#core.sendPingOrPong(OPCODE.pong, payload);
  }

  /**
   * Starts the closing handshake; what was sent before leaves first. Messages that still come are dropped. Throws for a
   * code that must not be sent and for a reason above 123 bytes. 'none' says neither code nor reason.
   */
  close(code: number | 'none' = CLOSE_CODE.normal, reason = ''): void {
    if (code !== 'none' && !isSendableCloseCode(code))
      throw new RangeError(`close code ${code} must not be sent`);
    if (Buffer.byteLength(reason) > CLOSE_REASON_BYTES_MAX) {
      throw new RangeError(`a close reason has ${CLOSE_REASON_BYTES_MAX} bytes at most`);
    }
    this.#core.happen({ type: 'close-asked', code: code === 'none' ? CLOSE_CODE.noneGiven : code, reason });
  }

  /** Cuts the connection at once; what is still waiting is lost. */
  terminate(): void {
    this.#core.happen({ type: 'terminated' });
  }

  /** Delivers nothing more and lets TCP slow the peer down, until `resume`. */
  pause(): void {
    this.#core.pause();
  }

  /** Goes on after `pause`; what waits is delivered after the caller's turn, not inside this call. */
  resume(): void {
    this.#core.resume();
  }
}
