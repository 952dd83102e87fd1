// What is wrong with the length in a frame that a server wrote: finds the payload among the bytes that came and compares
// what stands before it with what should. Values in, a sighting out.
import { type Sighting, say } from '../mistake.ts';
import type { MistakeId } from '../mistakes.ts';
import { hex } from '../seen-bytes.ts';

/** `first`: the first byte that the frame should have. Undefined where the payload is not there, or its length is right. */
export function lengthFault(bytes: Buffer, payload: Buffer, first: number): Sighting | undefined {
  const at = bytes.indexOf(payload);
  if (at < 2) return undefined;
  const size = payload.length;
  const right = headOf(first, size);
  const before = bytes.subarray(Math.max(0, at - 14), at);
  if (endsWith(before, right)) return undefined;
  const wrong = WRONG_HEADS.find(({ make }) => {
    const head = make(size, payload);
    return (
      head !== undefined && head.length >= 1 && endsWith(before, Buffer.concat([Buffer.of(first), head]))
    );
  });
  const id = wrong?.id ?? (size > 65_535 ? 'length64-as-32' : 'length16-unread');
  const head = before.subarray(
    -Math.min(before.length, Math.max(2, (wrong?.make(size, payload)?.length ?? 3) + 1)),
  );
  const how = wrong === undefined ? say('', '') : say(` (${wrong.en})`, `（${wrong.zh}）`);
  const seen = say(
    `For a message of ${size} bytes it sent a frame that begins ${hex(head)}${how.en}; it should begin ${hex(right)}.`,
    `对于 ${size} 字节的消息，它发出的帧以 ${hex(head)} 开头${how.zh}；应当以 ${hex(right)} 开头。`,
  );
  return { id, seen };
}

const endsWith = (bytes: Buffer, end: Buffer): boolean =>
  bytes.length >= end.length && bytes.subarray(-end.length).equals(end);

function headOf(first: number, size: number): Buffer {
  if (size < 126) return Buffer.of(first, size);
  if (size < 65_536) return Buffer.concat([Buffer.of(first, 126), uint(2, size)]);
  return Buffer.concat([Buffer.of(first, 127), uint(8, size)]);
}

function uint(bytes: number, value: number): Buffer {
  const out = Buffer.alloc(8);
  out.writeBigUInt64BE(BigInt(value));
  return out.subarray(8 - bytes);
}

const reversed = (bytes: Buffer): Buffer => Buffer.from(bytes).reverse();

interface WrongHead {
  readonly id: MistakeId;
  readonly en: string;
  readonly zh: string;
  /** All after the first byte; undefined where it does not apply. */
  readonly make: (size: number, payload: Buffer) => Buffer | undefined;
}

/** The longer ones first, since a shorter one may be the end of a longer one. */
const WRONG_HEADS: readonly WrongHead[] = [
  {
    id: 'length64-byte-order',
    en: 'the eight bytes of the length in the wrong order',
    zh: '长度的 8 个字节顺序反了',
    make: (size) => (size > 65_535 ? Buffer.concat([Buffer.of(127), reversed(uint(8, size))]) : undefined),
  },
  {
    id: 'length64-as-32',
    en: '127 and then a length of four bytes instead of eight',
    zh: '127 之后的长度只有 4 个字节，而不是 8 个',
    make: (size) => (size > 65_535 ? Buffer.concat([Buffer.of(127), uint(4, size)]) : undefined),
  },
  {
    id: 'length64-as-32',
    en: '127 and then a length of four bytes in the wrong order',
    zh: '127 之后的长度只有 4 个字节，顺序还反了',
    make: (size) => (size > 65_535 ? Buffer.concat([Buffer.of(127), reversed(uint(4, size))]) : undefined),
  },
  {
    id: 'length64-as-32',
    en: '126 and the lower 16 bits of the length',
    zh: '126 加上长度的低 16 位',
    make: (size) => (size > 65_535 ? Buffer.concat([Buffer.of(126), uint(2, size % 65_536)]) : undefined),
  },
  {
    id: 'length16-byte-order',
    en: 'the two bytes of the length in the wrong order',
    zh: '长度的两个字节顺序反了',
    make: (size) =>
      size > 125 && size < 65_536 ? Buffer.concat([Buffer.of(126), reversed(uint(2, size))]) : undefined,
  },
  {
    id: 'length-in-characters',
    en: 'the number of characters, not of bytes',
    zh: '写的是字符数，而不是字节数',
    make: (_, payload) => {
      const characters = payload.toString().length;
      return characters === payload.length ? undefined : headOf(0, characters).subarray(1);
    },
  },
  {
    id: 'length-in-characters',
    en: 'the number of characters, not of bytes',
    zh: '写的是字符数，而不是字节数',
    make: (_, payload) => {
      const characters = [...payload.toString()].length;
      return characters === payload.length ? undefined : headOf(0, characters).subarray(1);
    },
  },
  {
    id: 'length16-unread',
    en: 'a length of one byte',
    zh: '长度只写了一个字节',
    make: (size) => (size > 125 ? Buffer.of(size % 256) : undefined),
  },
];
