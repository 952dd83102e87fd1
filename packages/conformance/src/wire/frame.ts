// Frames as the tester writes them: every field can be set to what the RFC forbids, since that is what is tested.
// Shares no code with the engine, so that an error there cannot hide itself here. The reader is frame-reader.ts.

export const CONTINUATION = 0;
export const TEXT = 1;
export const BINARY = 2;
export const CLOSE = 8;
export const PING = 9;
export const PONG = 10;

export interface Frame {
  readonly opcode: number;
  readonly payload?: Uint8Array;
  /** Default: true. */
  readonly fin?: boolean;
  /** RSV1 to RSV3 as a number: 4, 2 and 1. Default: 0. */
  readonly rsv?: number;
  /** Default: as the role demands. 'wrong': the other way. */
  readonly mask?: 'right' | 'wrong';
  /** Four bytes. Default: another key for each frame. */
  readonly maskKey?: Uint8Array;
  /** Bytes of the extended length. Default: the fewest that do. */
  readonly lengthBytes?: 0 | 2 | 8;
  /** The length that is claimed, where it is not that of the payload. */
  readonly claimedLength?: bigint;
}

let maskSeed = 0x2545f491;

/** Not random in earnest: a tester has nothing to hide, but keys must differ. */
function nextMaskKey(): Buffer {
  maskSeed = (Math.imul(maskSeed, 1664525) + 1013904223) >>> 0;
  const key = Buffer.allocUnsafe(4);
  key.writeUInt32BE(maskSeed);
  return key;
}

/** The bytes of a frame as an end sends it that masks its frames (a client), or does not (a server). */
export function encode(frame: Frame, masksFrames: boolean): Buffer {
  const { opcode, payload = Buffer.alloc(0), fin = true, rsv = 0, mask = 'right' } = frame;
  const isMasked = masksFrames === (mask === 'right');
  const length = frame.claimedLength ?? BigInt(payload.length);
  const lengthBytes = frame.lengthBytes ?? (length <= 125n ? 0 : length <= 65535n ? 2 : 8);
  const head = Buffer.alloc(2 + lengthBytes);
  head[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  const short = lengthBytes === 0 ? Number(length) : lengthBytes === 2 ? 126 : 127;
  head[1] = (isMasked ? 0x80 : 0) | short;
  if (lengthBytes === 2) head.writeUInt16BE(Number(length), 2);
  if (lengthBytes === 8) head.writeBigUInt64BE(length, 2);
  if (!isMasked) return Buffer.concat([head, payload]);
  const key = Buffer.from(frame.maskKey ?? nextMaskKey());
  return Buffer.concat([head, key, masked(payload, key)]);
}

/** XOR with the key, into a copy. */
export function masked(payload: Uint8Array, key: Uint8Array): Buffer {
  const out = Buffer.from(payload);
  const [a = 0, b = 0, c = 0, d = 0] = key;
  const keyBytes = [a, b, c, d];
  for (let i = 0; i < out.length; i += 1) out[i] = (out[i] ?? 0) ^ (keyBytes[i & 3] ?? 0);
  return out;
}

export const text = (payload: string | Uint8Array, rest: Partial<Frame> = {}): Frame => ({
  opcode: TEXT,
  payload: Buffer.from(payload),
  ...rest,
});

export const binary = (payload: Uint8Array, rest: Partial<Frame> = {}): Frame => ({
  opcode: BINARY,
  payload,
  ...rest,
});

export const continuation = (payload: string | Uint8Array, rest: Partial<Frame> = {}): Frame => ({
  opcode: CONTINUATION,
  payload: Buffer.from(payload),
  ...rest,
});

export const ping = (payload: string | Uint8Array = '', rest: Partial<Frame> = {}): Frame => ({
  opcode: PING,
  payload: Buffer.from(payload),
  ...rest,
});

export const pong = (payload: string | Uint8Array = '', rest: Partial<Frame> = {}): Frame => ({
  opcode: PONG,
  payload: Buffer.from(payload),
  ...rest,
});

/** A Close frame with this code and reason; without a code an empty one. */
export function close(code?: number, reason: string | Uint8Array = '', rest: Partial<Frame> = {}): Frame {
  if (code === undefined) return { opcode: CLOSE, ...rest };
  const head = Buffer.alloc(2);
  head.writeUInt16BE(code);
  return { opcode: CLOSE, payload: Buffer.concat([head, Buffer.from(reason)]), ...rest };
}

/** The frames of one message whose payload is cut into pieces of this size; RSV bits go on the first. */
export function fragments(opcode: number, payload: Uint8Array, size: number, rsv = 0): Frame[] {
  const frames: Frame[] = [];
  for (let at = 0; at === 0 || at < payload.length; at += size) {
    frames.push({
      opcode: at === 0 ? opcode : CONTINUATION,
      payload: payload.subarray(at, at + size),
      fin: at + size >= payload.length,
      rsv: at === 0 ? rsv : 0,
    });
  }
  return frames;
}
