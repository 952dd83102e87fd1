// Builds captures for tests: handshakes and frames as bytes, cut into records at will. It shares no code with the decoder.
import type { BytesRecord, Capture, CaptureRecord, Direction, OpenRecord } from '../record.ts';

export const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
/** Of KEY: the example in RFC 6455 section 1.3. */
export const ACCEPT = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=';

export const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

export interface FrameSketch {
  readonly opcode?: number;
  readonly payload?: Uint8Array | string;
  readonly fin?: boolean;
  readonly rsv?: number;
  readonly key?: readonly number[];
  readonly form?: 7 | 16 | 64;
  /** Instead of the payload's true length. */
  readonly length?: bigint;
}

export function frame({
  opcode = 1,
  payload = '',
  fin = true,
  rsv = 0,
  key,
  form,
  length,
}: FrameSketch): Uint8Array {
  const bytes = typeof payload === 'string' ? ascii(payload) : payload;
  const claimed = length ?? BigInt(bytes.length);
  const width = form ?? (claimed < 126n ? 7 : claimed < 65_536n ? 16 : 64);
  const mask = key ? 0x80 : 0;
  const head = [
    (fin ? 0x80 : 0) | (rsv << 4) | opcode,
    mask | (width === 7 ? Number(claimed) : width === 16 ? 126 : 127),
  ];
  const extended = width === 7 ? [] : bigEndian(claimed, width / 8);
  const body = key ? bytes.map((byte, index) => byte ^ (key[index % 4] ?? 0)) : bytes;
  return Uint8Array.from([...head, ...extended, ...(key ?? []), ...body]);
}

function bigEndian(value: bigint, width: number): number[] {
  return Array.from({ length: width }, (_, index) =>
    Number((value >> BigInt(8 * (width - 1 - index))) & 0xffn),
  );
}

export const closePayload = (code: number, reason = ''): Uint8Array =>
  Uint8Array.from([code >> 8, code & 0xff, ...ascii(reason)]);

export interface HandshakeSketch {
  readonly request?: readonly string[];
  readonly answer?: readonly string[];
  readonly target?: string;
}

export function request({ request: extra = [], target = '/ws' }: HandshakeSketch = {}): Uint8Array {
  return head([
    `GET ${target} HTTP/1.1`,
    'Host: 127.0.0.1:8090',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Key: ${KEY}`,
    'Sec-WebSocket-Version: 13',
    ...extra,
  ]);
}

export function answer({ answer: extra = [] }: HandshakeSketch = {}): Uint8Array {
  return head([
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${ACCEPT}`,
    ...extra,
  ]);
}

export const head = (lines: readonly string[]): Uint8Array => ascii(`${lines.join('\r\n')}\r\n\r\n`);

export const OPEN: OpenRecord = {
  kind: 'open',
  at: 1_000_000,
  connectionId: 'c1',
  recordedBy: 'server',
  gateway: 'native',
  client: { address: '127.0.0.1', port: 50_000 },
  server: { address: '127.0.0.1', port: 8090 },
};

/** Collects records; offsets and times (a millisecond apart) come by themselves. */
export class Wire {
  readonly records: CaptureRecord[] = [OPEN];
  readonly #offsets = { in: 0, out: 0 };
  #at = OPEN.at;

  add(direction: Direction, bytes: Uint8Array, extra: Pick<BytesRecord, 'anchor' | 'hidden'> = {}): this {
    this.#at += 1_000;
    this.records.push({
      kind: 'bytes',
      at: this.#at,
      direction,
      offset: this.#offsets[direction],
      bytes,
      ...extra,
    });
    this.#offsets[direction] += bytes.length;
    return this;
  }

  /** Bytes that the capture lacks. */
  lose(direction: Direction, count: number): this {
    this.#offsets[direction] += count;
    return this;
  }

  handshake(sketch: HandshakeSketch = {}): this {
    return this.add('in', request(sketch)).add('out', answer(sketch));
  }

  get capture(): Capture {
    return { records: this.records };
  }
}

/** The same bytes in other pieces: `cut` says how long the next one is. */
export function recut(capture: Capture, cut: () => number): Capture {
  const records = capture.records.flatMap((record): CaptureRecord[] => {
    if (record.kind !== 'bytes') return [record];
    const pieces: BytesRecord[] = [];
    for (let from = 0; from < record.bytes.length; ) {
      const to = Math.min(record.bytes.length, from + Math.max(1, cut()));
      pieces.push({ ...record, offset: record.offset + from, bytes: record.bytes.subarray(from, to) });
      from = to;
    }
    return pieces;
  });
  return { records };
}

/** Numbers that a seed repeats (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
