import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InflationMeter } from '../core/inflation-meter.ts';
import { WireError } from '../core/wire-error.ts';
import { farthestDistance } from '../testing/deflate-distance.ts';
import {
  type DeflaterSettings,
  makeDeflater,
  makeInflater,
  type RawInflater,
  rawDeflate,
} from './raw-deflate.ts';
import { canUseZlibHandle, FLUSH_TAIL } from './zlib-handle.ts';

const SETTINGS: DeflaterSettings = { windowBits: 15, level: 6, memLevel: 8 };
const WIDE = { messageBytesMax: 64 * 1024 * 1024, inflationRatioMax: 0 };
const WINDOWS = [8, 9, 10, 11, 12, 13, 14, 15];

/** The message of these pieces. */
function inflate(inflater: RawInflater, pieces: readonly Buffer[], bounds = WIDE): Buffer {
  const meter = new InflationMeter(bounds.inflationRatioMax);
  meter.begin(bounds.messageBytesMax);
  const blocks: Buffer[] = [];
  pieces.forEach((piece, i) => {
    meter.came(piece.length);
    inflater.inflate(piece, i === pieces.length - 1, meter, (block) => blocks.push(block));
  });
  return Buffer.concat(blocks);
}

function codeOf(act: () => unknown): string {
  try {
    act();
    return 'no error';
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return error.code;
  }
}

/** Text-like: repeats words, so that there is something to look back at over any distance. */
function prose(bytes: number, seed: number): Buffer {
  let state = seed;
  let text = '';
  while (text.length < bytes) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    text += `${(state >>> 16) % 997} word${(state >>> 8) % 61} `;
  }
  return Buffer.from(text.slice(0, bytes));
}

function cut(bytes: Buffer, size: number): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return pieces;
}

it('the zlib of this Node can be driven by its handle', () => {
  expect(canUseZlibHandle()).toBe(true);
});

describe.each([
  { way: 'by the handle', usesHandle: true },
  { way: 'by documented functions', usesHandle: false },
])('raw DEFLATE $way', ({ usesHandle }) => {
  beforeEach(() => {
    rawDeflate.usesHandle = usesHandle;
  });
  afterEach(() => {
    rawDeflate.usesHandle = canUseZlibHandle();
  });

  it('[D16] makes the bytes of RFC 7692 section 7.2.3, with history and without', () => {
    const deflater = makeDeflater(SETTINGS);
    const hello = Buffer.from('Hello');
    expect(deflater.deflate(hello).toString('hex')).toBe('f248cdc9c90700');
    expect(deflater.deflate(hello).toString('hex')).toBe('f200110000');
    deflater.reset();
    expect(deflater.deflate(hello).toString('hex')).toBe('f248cdc9c90700');
    deflater.close();
  });

  it('[D16] reads the bytes of section 7.2.3: shared window, stored block, last block, two blocks, empty message', () => {
    const inflater = makeInflater(15);
    const read = (hex: string): string => inflate(inflater, [Buffer.from(hex, 'hex')]).toString();
    expect(read('f248cdc9c90700')).toBe('Hello');
    expect(read('f200110000')).toBe('Hello');
    expect(read('000500faff48656c6c6f00')).toBe('Hello');
    expect(read('00')).toBe('');
    expect(read('f248050000 00ffffcac9c90700'.replace(' ', ''))).toBe('Hello');
    expect(read('f348cdc9c9070000')).toBe('Hello');
    expect(read('f248cdc9c90700')).toBe('Hello');
    inflater.close();
  });

  it('[D16] goes on after a block marked as last, at the end of a message or in the middle of it', () => {
    const inflater = makeInflater(15);
    const last = 'f348cdc9c90700';
    const read = (...hex: string[]): string =>
      inflate(
        inflater,
        hex.map((piece) => Buffer.from(piece, 'hex')),
      ).toString();
    expect(read(last)).toBe('Hello');
    expect(read(`${last}${last}00`)).toBe('HelloHello');
    expect(read(last, last, '00')).toBe('HelloHello');
    expect(read(`${last}f248cdc9c90700`)).toBe('HelloHello');
    inflater.close();
  });

  it('[D12] takes only so many blocks marked as last', () => {
    const hex = (count: number): Buffer => Buffer.from(`${'0300'.repeat(count)}00`, 'hex');
    expect(inflate(makeInflater(15), [hex(16)]).length).toBe(0);
    expect(codeOf(() => inflate(makeInflater(15), [hex(17)]))).toBe('deflate-data-invalid');
    expect(codeOf(() => inflate(makeInflater(15), cut(hex(17), 3)))).toBe('deflate-data-invalid');
    const inflater = makeInflater(15);
    for (let i = 0; i < 3; i++) expect(inflate(inflater, [hex(16)]).length).toBe(0);
  });

  it('[D9] gives back what went in, for every window, level and memory, over many messages', () => {
    for (const windowBits of WINDOWS) {
      for (const [level, memLevel] of [
        [0, 8],
        [1, 1],
        [6, 9],
        [9, 4],
      ] as const) {
        const deflater = makeDeflater({ windowBits, level, memLevel });
        const inflater = makeInflater(windowBits);
        for (const bytes of [1, 5, 300, 70_000, 2, 1000, 200_000]) {
          const message = bytes % 2 === 0 ? prose(bytes, bytes + level) : randomBytes(bytes);
          const deflated = deflater.deflate(message);
          expect(inflate(inflater, [deflated]).equals(message), `${windowBits} ${level} ${bytes}`).toBe(true);
        }
        deflater.close();
        inflater.close();
      }
    }
  });

  it('[D6] [D9] never looks back further than the window', () => {
    for (const windowBits of WINDOWS) {
      const deflater = makeDeflater({ windowBits, level: 9, memLevel: 9 });
      const messages = [1, 2, 3].map((seed) => deflater.deflate(prose(40_000, seed)));
      const farthest = farthestDistance(Buffer.concat(messages.flatMap((message) => [message, FLUSH_TAIL])));
      expect(farthest, String(windowBits)).toBeLessThanOrEqual(2 ** windowBits);
      expect(farthest, String(windowBits)).toBeGreaterThan(2 ** windowBits / 3);
      deflater.close();
    }
  });

  it('any messages in any pieces are the same on the other side', () => {
    const message = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 300 }),
      fc.record({ byte: fc.nat(255), length: fc.integer({ min: 1, max: 200_000 }) }),
    );
    const sent = fc.array(fc.tuple(message, fc.integer({ min: 1, max: 5000 }), fc.boolean()), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(sent, fc.constantFrom(...WINDOWS), (messages, windowBits) => {
        const deflater = makeDeflater({ windowBits, level: 3, memLevel: 8 });
        const inflater = makeInflater(windowBits);
        for (const [given, pieceBytes, isFresh] of messages) {
          const data =
            given instanceof Uint8Array ? Buffer.from(given) : Buffer.alloc(given.length, given.byte);
          if (isFresh) deflater.reset();
          const back = inflate(inflater, cut(deflater.deflate(data), pieceBytes));
          expect(back.equals(data)).toBe(true);
        }
        deflater.close();
        inflater.close();
      }),
      { numRuns: 50 },
    );
  });

  it('[D12] any bytes end in a message or in one WireError', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 5 }), (pieces) => {
        const inflater = makeInflater(15);
        const code = codeOf(() =>
          inflate(
            inflater,
            pieces.map((piece) => Buffer.from(piece)),
            { messageBytesMax: 10_000, inflationRatioMax: 0 },
          ),
        );
        expect(['no error', 'deflate-data-invalid', 'message-too-large']).toContain(code);
        inflater.close();
      }),
      { numRuns: 500 },
    );
  });

  it('[D12] refuses what is not DEFLATE, and looks back only as far as there is something', () => {
    for (const hex of ['ff', '07', 'f200110000', '000500fbff4865']) {
      expect(
        codeOf(() => inflate(makeInflater(15), [Buffer.from(hex, 'hex')])),
        hex,
      ).toBe('deflate-data-invalid');
    }
  });

  it('[D13] stops at the size, [D14] and at the ratio', () => {
    const bomb = makeDeflater(SETTINGS).deflate(Buffer.alloc(16 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(20_000);
    const at = (messageBytesMax: number, inflationRatioMax: number): string =>
      codeOf(() => inflate(makeInflater(15), [bomb], { messageBytesMax, inflationRatioMax }));
    expect(at(16 * 1024 * 1024, 0)).toBe('no error');
    expect(at(16 * 1024 * 1024 - 1, 0)).toBe('message-too-large');
    expect(at(100, 0)).toBe('message-too-large');
    expect(at(0, 0)).toBe('message-too-large');
    expect(at(16 * 1024 * 1024, 200)).toBe('inflation-too-steep');
    expect(at(16 * 1024 * 1024, 1100)).toBe('no error');
  });
});

it('[D13] [D14] by the handle a bomb is stopped within 64 KiB of its bound', () => {
  const bomb = makeDeflater(SETTINGS).deflate(Buffer.alloc(16 * 1024 * 1024));
  const meter = new InflationMeter(0);
  meter.begin(1_000_000);
  let inflatedBytes = 0;
  const act = (): void =>
    makeInflater(15).inflate(bomb, true, meter, (block) => {
      inflatedBytes += block.length;
    });
  expect(codeOf(act)).toBe('message-too-large');
  expect(inflatedBytes).toBeLessThanOrEqual(1_000_000);
});
