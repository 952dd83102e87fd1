// Looking on: what TCP brings and takes, the handshake and the frames, for a trace or an inspector. Nothing here
// changes what happens, and nothing is done when no tap is given.
import type { CloseEvent } from '../core/connection-state.ts';
import { FrameParser, type FramePart } from '../core/frame-parser.ts';
import { COMPRESSED } from '../core/frame-writer.ts';
import type { AcceptSteps } from '../core/handshake.ts';
import type { RequestHead } from '../core/http-head.ts';
import { type Role, RSV1 } from '../core/opcode.ts';
import { WireError } from '../core/wire-error.ts';

/** Who is at the other end of a socket. */
export interface SocketInfo {
  readonly role: Role;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly localPort: number;
  readonly encrypted: boolean;
}

/** Looks on at the sockets of a server or a client. */
export interface Tap {
  /** A socket appears. Return what looks on at it, or undefined to leave it alone. */
  open?(info: SocketInfo): ConnectionTap | undefined;
}

/** One frame, whole. Of a long payload only the beginning is kept. */
export interface FrameInfo {
  readonly fin: boolean;
  readonly rsv: number;
  readonly opcode: number;
  readonly masked: boolean;
  /** The four key bytes as one number; 0 when not masked. */
  readonly maskKey: number;
  /** Bytes of the whole payload. */
  readonly length: number;
  /** The payload unmasked, its first TAPPED_PAYLOAD_BYTES_MAX bytes. */
  readonly payload: Buffer;
}

/** What may be done to a connection that is looked at, for whoever studies what happens then. */
export interface TappedLine {
  /** Ends TCP with a reset, at once, as a machine that was switched off would. Inside TLS it is a plain end of TCP. */
  reset(): void;
  /**
   * Lets no byte through in either direction until the returned function is called, as a network that is down: TCP
   * delivers afterwards what was sent meanwhile. While it lasts, a second call does nothing.
   */
  hold(): () => void;
}

/** Looks on at one socket. All of it is optional; what is not there costs nothing. */
export interface ConnectionTap {
  /** A TCP read, before anything is done with it. The bytes are changed in place afterwards: copy what you keep. */
  read?(chunk: Buffer): void;
  /** Bytes given to TCP in one go. */
  wrote?(chunk: Buffer): void;
  /** The head of the handshake's request, parsed and as it came (of a client: as it was sent). */
  request?(request: RequestHead, rawHead: Buffer): void;
  /** The head of the answer, and how Sec-WebSocket-Accept came about; without steps it is a refusal. */
  response?(rawHead: Buffer, steps: AcceptSteps | undefined): void;
  /** A frame, once its last byte has come, or when it is queued for sending. */
  frame?(direction: 'in' | 'out', frame: FrameInfo): void;
  /** The handshake is through. `line` is for experiments; looking on does not need it. */
  opened?(line: TappedLine): void;
  /** The closing handshake begins: our Close frame goes out first, or theirs has come. */
  closing?(begunBy: 'us' | 'them'): void;
  /** The socket went on to somebody else, who reads these bytes again. Nothing more is seen of it here. */
  handedOn?(): void;
  /** The end. Without an event: it ended before it was a WebSocket connection. */
  close?(event: CloseEvent | undefined): void;
}

/** So many bytes of a payload a tap is shown: enough to be read by people. */
export const TAPPED_PAYLOAD_BYTES_MAX = 4096;

/** Two that look on at the same socket. What neither wants is not done. */
export function bothTaps(
  first: ConnectionTap | undefined,
  second: ConnectionTap | undefined,
): ConnectionTap | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  const taps = [first, second];
  const isWanted = (name: keyof ConnectionTap): boolean => taps.some((tap) => tap[name] !== undefined);
  const both: ConnectionTap = {
    request: (head, raw) => taps.forEach((tap) => void tap.request?.(head, raw)),
    response: (raw, steps) => taps.forEach((tap) => void tap.response?.(raw, steps)),
    opened: (line) => taps.forEach((tap) => void tap.opened?.(line)),
    closing: (begunBy) => taps.forEach((tap) => void tap.closing?.(begunBy)),
    handedOn: () => taps.forEach((tap) => void tap.handedOn?.()),
    close: (event) => taps.forEach((tap) => void tap.close?.(event)),
  };
  if (isWanted('read')) both.read = (chunk) => taps.forEach((tap) => void tap.read?.(chunk));
  if (isWanted('wrote')) both.wrote = (chunk) => taps.forEach((tap) => void tap.wrote?.(chunk));
  if (isWanted('frame'))
    both.frame = (direction, frame) => taps.forEach((tap) => void tap.frame?.(direction, frame));
  return both;
}

/** Puts the parts of frames together for a tap. Made only where there is one. */
export class FrameRecorder {
  readonly #tap: ConnectionTap;
  readonly #direction: 'in' | 'out';
  #pieces: Buffer[] = [];
  #kept = 0;

  constructor(tap: ConnectionTap, direction: 'in' | 'out' = 'in') {
    this.#tap = tap;
    this.#direction = direction;
  }

  add(part: FramePart): void {
    const piece = part.payload.subarray(0, TAPPED_PAYLOAD_BYTES_MAX - this.#kept);
    if (piece.length > 0) {
      this.#pieces.push(Buffer.from(piece));
      this.#kept += piece.length;
    }
    if (!part.isLast) return;
    const payload = Buffer.concat(this.#pieces, this.#kept);
    this.#pieces = [];
    this.#kept = 0;
    const { fin, rsv, opcode, masked, maskKey, frameLength } = part;
    this.#tap.frame?.(this.#direction, { fin, rsv, opcode, masked, maskKey, length: frameLength, payload });
  }
}

/** Shows a tap frames that are being sent and were encoded by somebody else; what is no frame is not shown. */
export function tapEncoded(tap: ConnectionTap, role: Role, frames: readonly Uint8Array[]): void {
  const parser = new FrameParser(role === 'server' ? 'client' : 'server');
  const recorder = new FrameRecorder(tap, 'out');
  try {
    // Copied: the parser unmasks in place.
    parser.push(Buffer.concat(frames));
    for (let part = parser.next(); part !== undefined; part = parser.next()) recorder.add(part);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
  }
}

/** Shows a tap a frame that is being sent. The opcode bears COMPRESSED where the payload is. */
export function tapOutgoing(
  tap: ConnectionTap,
  { opcode, fin }: Pick<FrameInfo, 'opcode' | 'fin'>,
  data: string | Uint8Array,
  maskKey: number | undefined,
): void {
  if (tap.frame === undefined) return;
  const bytes = Buffer.from(data);
  tap.frame('out', {
    fin,
    rsv: (opcode & COMPRESSED) === 0 ? 0 : RSV1,
    opcode: opcode & 0xf,
    masked: maskKey !== undefined,
    maskKey: maskKey ?? 0,
    length: bytes.length,
    payload: bytes.subarray(0, TAPPED_PAYLOAD_BYTES_MAX),
  });
}
