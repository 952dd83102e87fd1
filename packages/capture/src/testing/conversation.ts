// Conversations out of a seed, for comparing decoders: handshakes of all kinds, frames of all lengths, fragments, control
// frames between them, masks, compression, closing; cut into reads anywhere.
import { constants, deflateRawSync } from 'node:zlib';
import { type Capture, type CaptureRecord, DIRECTIONS, type Direction, type OpenRecord } from '../record.ts';
import { ascii, closePayload, frame, OPEN, randomOf, recut, Wire } from './wire.ts';

export interface Conversation {
  readonly seed: number;
  readonly clientPort: number;
  readonly capture: Capture;
}

const BORDERS = [0, 1, 2, 124, 125, 126, 127, 128, 1_000, 65_534, 65_535, 65_536, 70_000] as const;
const CODES = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 4999] as const;
const WORDS = ['hello', '你好', 'room', '🙂', '\n', ' ', '"', 'é', '\t', '系统'] as const;

class Writer {
  readonly wire = new Wire();
  readonly random: () => number;
  readonly isDeflated: boolean;
  readonly isContextKept: boolean;
  /** What each end's compressor has seen. */
  readonly #history = { in: '', out: '' };

  constructor(seed: number) {
    this.random = randomOf(seed);
    this.isDeflated = this.chance(0.5);
    this.isContextKept = this.chance(0.6);
  }

  chance(part: number): boolean {
    return this.random() < part;
  }

  number(max: number): number {
    return Math.floor(this.random() * max);
  }

  pick<T>(items: readonly [T, ...T[]]): T {
    return items[this.number(items.length)] ?? items[0];
  }

  handshake(): void {
    const flags = this.isContextKept ? '' : '; server_no_context_takeover; client_no_context_takeover';
    const deflate = `Sec-WebSocket-Extensions: permessage-deflate${flags}`;
    const hasProtocol = this.chance(0.5);
    const protocol = 'Sec-WebSocket-Protocol: wireroom.v1';
    this.wire.handshake({
      target: `/ws${this.chance(0.3) ? `?a=${this.number(1_000)}` : ''}`,
      request: [
        ...(this.isDeflated ? [deflate] : []),
        ...(hasProtocol ? [`${protocol}, other`] : []),
        ...(this.chance(0.5) ? ['Origin: http://127.0.0.1:8090', 'User-Agent: test'] : []),
      ],
      answer: [...(this.isDeflated ? [deflate] : []), ...(hasProtocol ? [protocol] : [])],
    });
  }

  frame(direction: Direction, sketch: Omit<Parameters<typeof frame>[0], 'key'>): void {
    const key = Array.from({ length: 4 }, () => this.number(256));
    this.wire.add(direction, frame({ ...sketch, ...(direction === 'in' && { key }) }));
  }

  message(direction: Direction): void {
    const isText = this.chance(0.6);
    const isCompressed = this.isDeflated && this.chance(0.7);
    const payload = isText ? this.#text() : this.#bytes();
    const carried = isCompressed ? this.#deflated(direction, payload) : bytesOf(payload);
    const parts = this.chance(0.25) ? this.#cut(carried) : [carried];
    for (const [index, part] of parts.entries()) {
      const isLast = index === parts.length - 1;
      const rsv = index === 0 && isCompressed ? 4 : 0;
      this.frame(direction, { opcode: index === 0 ? (isText ? 1 : 2) : 0, fin: isLast, rsv, payload: part });
      if (!isLast && this.chance(0.3)) this.control(direction);
    }
  }

  control(direction: Direction): void {
    const payload = Uint8Array.from({ length: this.number(126) }, () => this.number(256));
    this.frame(direction, { opcode: this.pick([9, 10]), payload });
  }

  close(direction: Direction): void {
    const payload = this.chance(0.2)
      ? ''
      : closePayload(this.pick(CODES), this.chance(0.5) ? 'bye 再见' : '');
    this.frame(direction, { opcode: 8, payload });
  }

  #text(): string {
    const words = Array.from({ length: 1 + this.number(this.chance(0.1) ? 400 : 12) }, () =>
      this.pick(WORDS),
    );
    return words.join('');
  }

  #bytes(): Uint8Array {
    const length = this.chance(0.3) ? this.pick(BORDERS) : this.number(300);
    return Uint8Array.from({ length }, () => this.number(256));
  }

  #cut(bytes: Uint8Array): Uint8Array[] {
    const parts: Uint8Array[] = [];
    for (let from = 0; from < bytes.length || from === 0; ) {
      const to = from + Math.max(this.chance(0.2) ? 0 : 1, this.number(bytes.length + 1));
      parts.push(bytes.subarray(from, to));
      if (parts.length > 4) {
        parts.push(bytes.subarray(to));
        break;
      }
      from = to;
    }
    return parts;
  }

  #deflated(direction: Direction, payload: string | Uint8Array): Uint8Array {
    const bytes = Buffer.from(bytesOf(payload));
    const dictionary = this.isContextKept ? Buffer.from(this.#history[direction], 'latin1') : Buffer.alloc(0);
    this.#history[direction] = (this.#history[direction] + bytes.toString('latin1')).slice(-32_768);
    const options = { finishFlush: constants.Z_SYNC_FLUSH, ...(dictionary.length > 0 && { dictionary }) };
    return Uint8Array.from(deflateRawSync(bytes, options).subarray(0, -4));
  }
}

const bytesOf = (payload: string | Uint8Array): Uint8Array =>
  typeof payload === 'string' ? ascii(payload) : payload;

export function conversationOf(seed: number): Conversation {
  const writer = new Writer(seed);
  writer.handshake();
  const count = 1 + writer.number(6);
  for (let index = 0; index < count; index++) {
    const direction = writer.pick(DIRECTIONS);
    if (writer.chance(0.2)) writer.control(direction);
    else writer.message(direction);
  }
  if (writer.chance(0.7)) {
    const first = writer.pick(DIRECTIONS);
    writer.close(first);
    if (writer.chance(0.8)) writer.close(first === 'in' ? 'out' : 'in');
  }
  const clientPort = 10_000 + seed;
  const isIpv6 = writer.chance(0.4);
  const open: OpenRecord = {
    ...OPEN,
    connectionId: `seed-${seed}`,
    client: { address: isIpv6 ? '2001:db8::1' : '10.0.0.1', port: clientPort },
    server: { address: isIpv6 ? '2001:db8::2' : '10.0.0.2', port: 8090 },
  };
  // Apart in time, so that one connection's packets stand together.
  const shift = seed * 1_000_000;
  const records = writer.wire.records.map(
    (record): CaptureRecord => ({ ...(record.kind === 'open' ? open : record), at: record.at + shift }),
  );
  const isCut = writer.chance(0.6);
  const capture = isCut ? recut({ records }, () => cutLength(writer)) : { records };
  return { seed, clientPort, capture };
}

/** Mostly short, sometimes whole. */
const cutLength = (writer: Writer): number =>
  writer.chance(0.3) ? 100_000 : Math.ceil(writer.random() ** 3 * 2_000);
