// Frames as a scene's client writes and reads them: also those that nobody may send. It shares no code with the engine,
// which would refuse to make them. Handles whole frames in memory; who sends them is raw-client.ts.

export const OP = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface FrameShape {
  readonly opcode: number;
  readonly payload?: string | Uint8Array;
  /** Default: true. */
  readonly fin?: boolean;
  /** The three reserved bits, RSV1 the highest. Default: 0. */
  readonly rsv?: number;
  /** Default: the shortest one. */
  readonly lengthForm?: 7 | 16 | 64;
  /** What the header says, where that is not the payload's length. */
  readonly claimedLength?: number;
}

/** The bytes of a frame. Without a key it is not masked. */
export function frameBytes(shape: FrameShape, key: Uint8Array | undefined): Buffer {
  const { opcode, payload = '', fin = true, rsv = 0 } = shape;
  const body = Buffer.from(payload);
  const length = shape.claimedLength ?? body.length;
  const form = shape.lengthForm ?? (length < 126 ? 7 : length < 65_536 ? 16 : 64);
  const head = Buffer.alloc(form === 7 ? 2 : form === 16 ? 4 : 10);
  head[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  const maskBit = key === undefined ? 0 : 0x80;
  if (form === 7) head[1] = maskBit | length;
  else if (form === 16) {
    head[1] = maskBit | 126;
    head.writeUInt16BE(length, 2);
  } else {
    head[1] = maskBit | 127;
    head.writeBigUInt64BE(BigInt(length), 2);
  }
  if (key === undefined) return Buffer.concat([head, body]);
  return Buffer.concat([head, key, masked(body, key)]);
}

/** The same operation puts the mask on and takes it off. */
export function masked(payload: Uint8Array, key: Uint8Array): Buffer {
  return Buffer.from(payload.map((byte, index) => byte ^ (key[index % 4] ?? 0)));
}

export function closePayload(code: number, reason = ''): Buffer {
  const payload = Buffer.alloc(2);
  payload.writeUInt16BE(code);
  return Buffer.concat([payload, Buffer.from(reason)]);
}

export interface ReadFrame {
  readonly fin: boolean;
  readonly rsv: number;
  readonly opcode: number;
  readonly payload: Buffer;
}

/** Takes whole frames off the front of what came; `rest` is what is no whole frame yet. */
export function readFrames(bytes: Buffer): { readonly frames: readonly ReadFrame[]; readonly rest: Buffer } {
  const frames: ReadFrame[] = [];
  let rest = bytes;
  for (;;) {
    const frame = readFrame(rest);
    if (frame === undefined) return { frames, rest };
    frames.push(frame.frame);
    rest = rest.subarray(frame.length);
  }
}

function readFrame(bytes: Buffer): { readonly frame: ReadFrame; readonly length: number } | undefined {
  if (bytes.length < 2) return undefined;
  const [first = 0, second = 0] = bytes;
  const form = second & 0x7f;
  const lengthEnd = form < 126 ? 2 : form === 126 ? 4 : 10;
  if (bytes.length < lengthEnd) return undefined;
  const size = form < 126 ? form : form === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  const isMasked = (second & 0x80) !== 0;
  const payloadAt = lengthEnd + (isMasked ? 4 : 0);
  const length = payloadAt + size;
  if (bytes.length < length) return undefined;
  const raw = bytes.subarray(payloadAt, length);
  const payload = isMasked ? masked(raw, bytes.subarray(lengthEnd, payloadAt)) : raw;
  return { frame: { fin: first >= 0x80, rsv: (first >> 4) & 7, opcode: first & 0xf, payload }, length };
}
