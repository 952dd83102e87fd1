import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameParser } from './frame-parser.ts';
import { encodeFrame, encodeHeader, encodeMessage } from './frame-writer.ts';
import type { Role } from './opcode.ts';

describe('frame writer', () => {
  it('writes the examples of section 5.7', () => {
    const hello = Buffer.from('Hello');
    expect(encodeMessage(1, 'Hello', undefined).toString('hex')).toBe('810548656c6c6f');
    expect(encodeMessage(1, hello, 0x37fa213d).toString('hex')).toBe('818537fa213d7f9f4d5158');
    expect(encodeFrame({ opcode: 1, fin: false, payload: hello.subarray(0, 3) }).toString('hex')).toBe(
      '010348656c',
    );
    expect(encodeFrame({ opcode: 9, rsv: 4 }).toString('hex')).toBe('c900');
  });

  it('[W17] writes lengths in their shortest form', () => {
    const header = (length: number) => encodeHeader(0x82, length).toString('hex');
    expect(header(0)).toBe('8200');
    expect(header(125)).toBe('827d');
    expect(header(126)).toBe('827e007e');
    expect(header(65535)).toBe('827effff');
    expect(header(65536)).toBe('827f0000000000010000');
    expect(header(2 ** 32 + 5)).toBe('827f0000000100000005');
  });

  it('leaves the bytes that it masks as they were', () => {
    const data = Buffer.from('Hello');
    encodeMessage(2, data, 0xffffffff);
    expect(data.toString()).toBe('Hello');
  });

  it('writes texts as UTF-8 and lone surrogates as U+FFFD', () => {
    expect(encodeMessage(1, '€', undefined).toString('hex')).toBe('8103e282ac');
    expect(encodeMessage(1, '\ud800', undefined).toString('hex')).toBe('8103efbfbd');
  });

  it('[W24] is undone by the parser, wherever the bytes are cut', () => {
    const length = fc.oneof(fc.nat(140), fc.integer({ min: 65_530, max: 65_540 }));
    const frame = fc.record({
      fin: fc.boolean(),
      opcode: fc.constantFrom(0, 1, 2),
      payload: fc.tuple(length, fc.nat(255)).map(([size, first]) => counting(size, first)),
      maskKey: fc.integer({ min: 0, max: 0xffffffff }),
    });
    const cuts = fc.array(fc.nat(70_000), { maxLength: 12 });
    fc.assert(
      fc.property(
        fc.array(frame, { minLength: 1, maxLength: 4 }),
        cuts,
        fc.boolean(),
        (frames, at, isMasked) => {
          const sent = frames.map((one) => (isMasked ? one : { ...one, maskKey: undefined }));
          const chunks = cut(Buffer.concat(sent.map(encodeFrame)), at);
          const expected = frames.map(({ fin, opcode, payload }) => describeFrame(fin, opcode, payload));
          expect(parseAll(isMasked ? 'server' : 'client', chunks)).toEqual(expected);
        },
      ),
      { numRuns: 100 },
    );
  });
});

function describeFrame(fin: boolean, opcode: number, payload: Buffer): string {
  return `${fin} ${opcode} ${payload.toString('latin1')}`;
}

function counting(size: number, first: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let i = 0; i < size; i++) bytes[i] = first + i;
  return bytes;
}

function parseAll(role: Role, chunks: readonly Buffer[]): string[] {
  const parser = new FrameParser(role);
  const frames: string[] = [];
  let pieces: Buffer[] = [];
  for (const chunk of chunks) {
    parser.push(chunk);
    for (let part = parser.next(); part !== undefined; part = parser.next()) {
      pieces.push(part.payload);
      if (!part.isLast) continue;
      frames.push(describeFrame(part.fin, part.opcode, Buffer.concat(pieces)));
      pieces = [];
    }
  }
  return frames;
}

/** The bytes in pieces of their own memory, cut at these places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const borders = [...new Set([0, ...places.map((place) => place % (bytes.length + 1)), bytes.length])];
  borders.sort((a, b) => a - b);
  return borders.slice(1).map((end, i) => Buffer.from(bytes.subarray(borders[i], end)));
}
