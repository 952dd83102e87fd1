import { describe, expect, it } from 'vitest';
import { FrameParser } from './frame-parser.ts';
import type { Role } from './opcode.ts';

/** What a parser makes of bytes that come in these chunks: each frame as text, and last the code of the error. */
function parse(role: Role, chunks: readonly string[], rsvAllowed = 0): string[] {
  const parser = new FrameParser(role, rsvAllowed);
  const found: string[] = [];
  let payload = '';
  try {
    for (const chunk of chunks) {
      parser.push(Buffer.from(chunk.replaceAll(' ', ''), 'hex'));
      for (let part = parser.next(); part !== undefined; part = parser.next()) {
        payload += part.payload.toString('hex');
        if (!part.isLast) continue;
        found.push(`${part.fin ? 'fin ' : ''}${part.opcode}:${payload}`);
        payload = '';
      }
    }
  } catch (error) {
    found.push(error instanceof Error && 'code' in error ? String(error.code) : String(error));
  }
  return found;
}

function bytewise(hex: string): string[] {
  return hex.replaceAll(' ', '').match(/../g) ?? [];
}

describe('frame parser', () => {
  it('reads the examples of section 5.7', () => {
    expect(parse('client', ['8105 48656c6c6f'])).toEqual(['fin 1:48656c6c6f']);
    expect(parse('server', ['8185 37fa213d 7f9f4d5158'])).toEqual(['fin 1:48656c6c6f']);
    expect(parse('client', ['0103 48656c 8002 6c6f'])).toEqual(['1:48656c', 'fin 0:6c6f']);
    expect(parse('client', ['8905 48656c6c6f'])).toEqual(['fin 9:48656c6c6f']);
    expect(parse('server', ['8a85 37fa213d 7f9f4d5158'])).toEqual(['fin 10:48656c6c6f']);
  });

  it('[W24] reads the same from single bytes', () => {
    const hex = '0183 37fa213d 7f9f4d 8980 00000000 8082 37fa213d 5b95 82fe0080 01020304';
    const bytes = hex.replaceAll(' ', '') + '00'.repeat(128);
    expect(parse('server', bytewise(bytes))).toEqual(parse('server', [bytes]));
    expect(parse('server', [bytes])).toHaveLength(4);
  });

  it('[W17] reads all three forms of length at their borders', () => {
    const forms: readonly (readonly [number, string])[] = [
      [0, '8200'],
      [125, '827d'],
      [126, '827e007e'],
      [127, '827e007f'],
      [65535, '827effff'],
      [65536, '827f0000000000010000'],
    ];
    for (const [length, header] of forms) {
      expect(parse('client', [header + '61'.repeat(length)])).toEqual([`fin 2:${'61'.repeat(length)}`]);
    }
  });

  it('[W17] refuses a length that is not in its shortest form, or has its top bit set', () => {
    expect(parse('client', ['827e007d'])).toEqual(['length-not-shortest']);
    expect(parse('client', ['827e0000'])).toEqual(['length-not-shortest']);
    expect(parse('client', ['827f000000000000ffff'])).toEqual(['length-not-shortest']);
    expect(parse('client', ['827f8000000000000000'])).toEqual(['length-impossible']);
    expect(parse('server', ['82fe007d'])).toEqual(['length-not-shortest']);
  });

  it('[W15] refuses every reserved bit with the first byte', () => {
    for (const rsv of [1, 2, 3, 4, 5, 6, 7]) {
      const first = (0x81 | (rsv << 4)).toString(16);
      expect(parse('client', [first])).toEqual(['reserved-bits']);
      expect(parse('client', ['8101 61', first])).toEqual(['fin 1:61', 'reserved-bits']);
    }
  });

  it('[W15] takes a reserved bit that an extension defined, on data frames only', () => {
    expect(parse('client', ['c101 61'], 4)).toEqual(['fin 1:61']);
    expect(parse('client', ['a101 61'], 4)).toEqual(['reserved-bits']);
    expect(parse('client', ['c900'], 4)).toEqual(['reserved-bits']);
  });

  it('[W15] refuses undefined opcodes with the first byte', () => {
    for (const opcode of [3, 4, 5, 6, 7, 11, 12, 13, 14, 15]) {
      expect(parse('client', [(0x80 | opcode).toString(16)])).toEqual(['opcode-reserved']);
    }
  });

  it('[W16] refuses control frames that are long or fragmented', () => {
    for (const opcode of [8, 9, 10]) {
      expect(parse('client', [`0${opcode.toString(16)}`])).toEqual(['control-fragmented']);
      expect(parse('client', [`8${opcode.toString(16)}7e`])).toEqual(['control-too-long']);
      expect(parse('client', [`8${opcode.toString(16)}7f`])).toEqual(['control-too-long']);
    }
    expect(parse('client', [`897d${'00'.repeat(125)}`])).toEqual([`fin 9:${'00'.repeat(125)}`]);
  });

  it('[W14] demands masks from clients and refuses them from servers', () => {
    expect(parse('server', ['8105'])).toEqual(['mask-missing']);
    expect(parse('client', ['8185'])).toEqual(['mask-unexpected']);
  });

  it('[W19] tells the length as soon as the header is there', () => {
    const parser = new FrameParser('client');
    parser.push(Buffer.from('827f0000000005f5e100', 'hex'));
    expect(parser.next()).toMatchObject({ isFirst: true, isLast: false, frameLength: 100_000_000 });
    expect(parser.next()).toBeUndefined();
    expect(parser.isInsideFrame).toBe(true);
  });

  it('says whether it is inside a frame', () => {
    const parser = new FrameParser('client');
    expect(parser.isInsideFrame).toBe(false);
    parser.push(Buffer.from('82', 'hex'));
    expect(parser.next()).toBeUndefined();
    expect(parser.isInsideFrame).toBe(true);
    parser.push(Buffer.from('0161', 'hex'));
    expect(parser.next()?.payload.toString()).toBe('a');
    expect(parser.isInsideFrame).toBe(false);
  });

  it('[W42] keeps what was pushed until it is asked for', () => {
    const parser = new FrameParser('client');
    parser.push(Buffer.from('8101 61 8101 62'.replaceAll(' ', ''), 'hex'));
    expect(parser.next()?.payload.toString()).toBe('a');
    expect(parser.hasUnread).toBe(true);
    parser.push(Buffer.from('810163', 'hex'));
    expect(parser.next()?.payload.toString()).toBe('b');
    expect(parser.next()?.payload.toString()).toBe('c');
    expect(parser.next()).toBeUndefined();
    expect(parser.hasUnread).toBe(false);
  });
});
