// Looks on at a WebSocket connection that somebody else's code serves (Socket.IO's, on its own engine): its reads and writes
// are watched at the socket, and the engine's own parser finds the handshake and the frames in them.
import type { Socket } from 'node:net';
import {
  acceptSteps,
  FrameParser,
  HeadCollector,
  parseRequestHead,
  parseResponseHead,
  type Role,
} from '@wireroom/websocket/core';
import type { ConnectionTrace } from './console-trace.ts';
import type { TracedFrame } from './trace-text.ts';

const HEAD_BYTES_MAX = 64 * 1024;
const HEADERS_MAX = 100;
const KEPT_PAYLOAD_BYTES = 4096;

/** `alreadyRead`: bytes that the trace has seen and that come once more, since they were put back into the socket. */
export function followSocket(socket: Socket, trace: ConnectionTrace, alreadyRead: number): void {
  const heads = new Heads(trace);
  const incoming = new Direction(
    'server',
    (head) => heads.request(head),
    (frame) => trace.frame('in', frame),
  );
  const outgoing = new Direction(
    'client',
    (head) => heads.response(head),
    (frame) => trace.frame('out', frame),
  );
  let repeated = alreadyRead;
  socket.on('data', (chunk: Buffer) => {
    const fresh = chunk.subarray(Math.min(repeated, chunk.length));
    repeated -= chunk.length - fresh.length;
    if (fresh.length > 0) trace.read(fresh);
    incoming.push(chunk);
  });
  const write = socket.write;
  socket.write = function (this: Socket, ...args: Parameters<Socket['write']>): boolean {
    const [data, encoding] = args;
    const chunk =
      typeof data === 'string'
        ? Buffer.from(data, typeof encoding === 'string' ? encoding : 'utf8')
        : Buffer.from(data);
    trace.wrote(chunk);
    outgoing.push(chunk);
    return write.apply(this, args);
  } as Socket['write'];
  socket.on('close', () => trace.close());
}

/** Tells the trace of the handshake, once both of its halves are known. */
class Heads {
  readonly #trace: ConnectionTrace;
  #key = '';

  constructor(trace: ConnectionTrace) {
    this.#trace = trace;
  }

  request(head: Buffer): void {
    this.#key = parseRequestHead(head, HEADERS_MAX).headers.get('sec-websocket-key') ?? '';
    this.#trace.request(undefined, head);
  }

  response(head: Buffer): void {
    const isAccepted = parseResponseHead(head, HEADERS_MAX).status === 101;
    this.#trace.response(head, isAccepted ? acceptSteps(this.#key) : undefined);
  }
}

/** The bytes of one direction: a head, then frames. Stops quietly at what it cannot read: the trace shows the bytes anyway. */
class Direction {
  readonly #collector = new HeadCollector(HEAD_BYTES_MAX);
  readonly #parser: FrameParser;
  readonly #onHead: (head: Buffer) => void;
  readonly #onFrame: (frame: TracedFrame) => void;
  #phase: 'head' | 'frames' | 'lost' = 'head';
  #pieces: Buffer[] = [];

  constructor(role: Role, onHead: (head: Buffer) => void, onFrame: (frame: TracedFrame) => void) {
    this.#parser = new FrameParser(role);
    this.#onHead = onHead;
    this.#onFrame = onFrame;
  }

  push(chunk: Buffer): void {
    try {
      if (this.#phase === 'head') this.#readHead(chunk);
      // The parser unmasks in place; whoever owns the socket needs the bytes as they came.
      else if (this.#phase === 'frames') this.#readFrames(Buffer.from(chunk));
    } catch {
      this.#phase = 'lost';
    }
  }

  #readHead(chunk: Buffer): void {
    const headLength = this.#collector.push(chunk);
    if (headLength === undefined) return;
    const { received } = this.#collector;
    this.#phase = 'frames';
    this.#onHead(received.subarray(0, headLength));
    this.#readFrames(Buffer.from(received.subarray(headLength)));
  }

  #readFrames(chunk: Buffer): void {
    this.#parser.push(chunk);
    for (let part = this.#parser.next(); part !== undefined; part = this.#parser.next()) {
      if (part.isFirst) this.#pieces = [];
      this.#pieces.push(Buffer.from(part.payload.subarray(0, KEPT_PAYLOAD_BYTES)));
      if (!part.isLast) continue;
      const { fin, rsv, opcode, masked, maskKey, frameLength } = part;
      this.#onFrame({
        fin,
        rsv,
        opcode,
        masked,
        maskKey,
        length: frameLength,
        payload: Buffer.concat(this.#pieces),
      });
    }
  }
}
