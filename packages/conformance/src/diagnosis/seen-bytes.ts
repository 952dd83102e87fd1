// What a server sent, read leniently: heads with bare LF, frames with every field wrong. Nothing is refused here, since
// what is wrong is what one wants to see. The strict reader is wire/frame-reader.ts.
import { masked } from '../wire/frame.ts';

export interface SeenHead {
  readonly line: string;
  readonly status: number | undefined;
  /** Names as they were written. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly hasBareLf: boolean;
  /** False where the empty line never came. */
  readonly isEnded: boolean;
  readonly raw: Buffer;
}

/** The head at the start of these bytes; undefined while its empty line has not come, unless that need not be. */
export function seeHead(bytes: Buffer, mayBeOpen: 'whole' | 'open' = 'whole'): SeenHead | undefined {
  const text = bytes.toString('latin1');
  const end = /\r?\n\r?\n/.exec(text);
  if (end === null && mayBeOpen === 'whole') return undefined;
  const length = end === null ? bytes.length : end.index + end[0].length;
  const raw = bytes.subarray(0, length);
  const head = text.slice(0, length);
  const [line = '', ...lines] = head.trimEnd().split(/\r?\n/);
  const status = /^HTTP\/\d\.\d (\d{3})/.exec(line)?.[1];
  return {
    line,
    status: status === undefined ? undefined : Number(status),
    fields: lines.map((field) => {
      const colon = field.indexOf(':');
      return colon === -1 ? ['', field] : [field.slice(0, colon).trim(), field.slice(colon + 1).trim()];
    }),
    hasBareLf: /(^|[^\r])\n/.test(head),
    isEnded: end !== null,
    raw,
  };
}

export function valueIn({ fields }: SeenHead, name: string): string | undefined {
  const values = fields.filter(([known]) => known.toLowerCase() === name).map(([, value]) => value);
  return values.length === 0 ? undefined : values.join(', ');
}

export interface SeenFrame {
  readonly fin: boolean;
  readonly rsv: number;
  readonly opcode: number;
  readonly isMasked: boolean;
  readonly lengthBytes: 0 | 2 | 8;
  readonly claimed: number;
  /** Without its mask. */
  readonly payload: Buffer;
  readonly raw: Buffer;
}

export interface SeenFrames {
  readonly frames: readonly SeenFrame[];
  /** What does not make a whole frame, or begins another HTTP head. */
  readonly rest: Buffer;
}

export function seeFrames(bytes: Buffer): SeenFrames {
  const frames: SeenFrame[] = [];
  let rest = bytes;
  for (;;) {
    const frame = startsHttp(rest) ? undefined : seeFrame(rest);
    if (frame === undefined) return { frames, rest };
    frames.push(frame);
    rest = rest.subarray(frame.raw.length);
  }
}

export const startsHttp = (bytes: Buffer): boolean => bytes.toString('latin1', 0, 5) === 'HTTP/';

function seeFrame(bytes: Buffer): SeenFrame | undefined {
  if (bytes.length < 2) return undefined;
  const [first = 0, second = 0] = bytes;
  const short = second & 0x7f;
  const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
  const isMasked = (second & 0x80) !== 0;
  const headBytes = 2 + lengthBytes + (isMasked ? 4 : 0);
  if (bytes.length < headBytes) return undefined;
  const claimed =
    lengthBytes === 0 ? short : lengthBytes === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  if (bytes.length < headBytes + claimed) return undefined;
  const raw = bytes.subarray(0, headBytes + claimed);
  const body = raw.subarray(headBytes);
  return {
    fin: (first & 0x80) !== 0,
    rsv: (first >> 4) & 7,
    opcode: first & 15,
    isMasked,
    lengthBytes,
    claimed,
    payload: isMasked ? masked(body, raw.subarray(headBytes - 4, headBytes)) : Buffer.from(body),
    raw,
  };
}

const SHOWN_BYTES_MAX = 24;

/** Bytes for people: pairs of hex digits, cut where there are many. */
export function hex(bytes: Uint8Array): string {
  const shown = Buffer.from(bytes.subarray(0, SHOWN_BYTES_MAX))
    .toString('hex')
    .replace(/(..)(?=.)/g, '$1 ');
  return bytes.length > SHOWN_BYTES_MAX ? `${shown} … (${bytes.length} bytes)` : shown;
}

/** Text on one line, with what cannot be seen written out. */
export function shown(text: string, charsMax = 120): string {
  const plain = [...text.slice(0, charsMax)].map((char) => {
    if (char === '\r') return '\\r';
    if (char === '\n') return '\\n';
    return char < ' ' || char === '\x7f' ? `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}` : char;
  });
  return plain.join('') + (text.length > charsMax ? '…' : '');
}
