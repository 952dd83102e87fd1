import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameParser } from './frame-parser.ts';
import { encodeFrame } from './frame-writer.ts';
import { MessageAssembler } from './message-assembler.ts';
import { isControlOpcode } from './opcode.ts';
import { WireError } from './wire-error.ts';

const BOUNDS = { messageBytesMax: 1000, fragmentsPerMessageMax: 5 };

/** The messages in these bytes as `kind:hex`, and last the code of the error. Control frames are left out. */
function assemble(chunks: readonly Buffer[], bounds = BOUNDS): string[] {
  const parser = new FrameParser('client');
  const assembler = new MessageAssembler(bounds);
  const found: string[] = [];
  try {
    for (const chunk of chunks) {
      parser.push(Buffer.from(chunk));
      for (let part = parser.next(); part !== undefined; part = parser.next()) {
        const message = isControlOpcode(part.opcode) ? undefined : assembler.add(part);
        if (message !== undefined) found.push(`${message.kind}:${message.data.toString('hex')}`);
      }
    }
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    found.push(error.code);
  }
  return found;
}

function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(' ', ''), 'hex');
}

function bytewise(bytes: Buffer): Buffer[] {
  return Array.from(bytes, (byte) => Buffer.from([byte]));
}

describe('message assembler', () => {
  it('puts fragments together, with control frames between them', () => {
    const bytes = hex('0102 4142 8900 0000 8a01 00 8001 43 8200');
    expect(assemble([bytes])).toEqual(['text:414243', 'binary:']);
    expect(assemble(bytewise(bytes))).toEqual(['text:414243', 'binary:']);
  });

  it('takes empty texts and texts of empty fragments', () => {
    expect(assemble([hex('8100')])).toEqual(['text:']);
    expect(assemble([hex('0100 0000 8000')])).toEqual(['text:']);
    expect(assemble([hex('0100 0001 61 8000')])).toEqual(['text:61']);
  });

  it('[W18] refuses a continuation of nothing', () => {
    expect(assemble([hex('8001 61')])).toEqual(['continuation-unexpected']);
    expect(assemble([hex('0001 61')])).toEqual(['continuation-unexpected']);
    expect(assemble([hex('0101 61 8001 62 8001 63')])).toEqual(['text:6162', 'continuation-unexpected']);
    expect(assemble([hex('8101 61 8001 62')])).toEqual(['text:61', 'continuation-unexpected']);
  });

  it('[W18] refuses a new message inside an open one', () => {
    expect(assemble([hex('0101 61 8101 62')])).toEqual(['continuation-missing']);
    expect(assemble([hex('0201 61 0201 62')])).toEqual(['continuation-missing']);
  });

  it('[W19] refuses by the claim in the header, before any payload', () => {
    expect(assemble([hex('827e03e9')])).toEqual(['message-too-large']);
    expect(assemble([hex('827f0000000005f5e100')])).toEqual(['message-too-large']);
    expect(assemble([hex('827f0020000000000001')])).toEqual(['message-too-large']);
    expect(assemble([hex('827e03e8'), Buffer.alloc(1000)])).toHaveLength(1);
    const fragment = encodeFrame({ opcode: 2, fin: false, payload: Buffer.alloc(900) });
    expect(assemble([fragment, hex('8065')])).toEqual(['message-too-large']);
    expect(assemble([fragment, hex('8064'), Buffer.alloc(100)])).toHaveLength(1);
  });

  it('[W20] bounds the fragments of a message, empty ones too', () => {
    expect(assemble([hex('0100 0000 0000 0000 8000')])).toEqual(['text:']);
    expect(assemble([hex('0100 0000 0000 0000 0000 0000')])).toEqual(['too-many-fragments']);
  });

  it('[W21] refuses bad text at the first impossible byte, inside a frame that has not ended', () => {
    const good = 'cebae1bdb9cf83cebcceb5';
    expect(assemble([hex(`817d ${good}`), hex('f4'), hex('90')])).toEqual(['utf8-invalid']);
    expect(assemble([hex(`817d ${good}`), hex('f4')])).toEqual([]);
    expect(assemble([hex(`010b ${good}`), hex('0001 f4'), hex('0001 90')])).toEqual(['utf8-invalid']);
    expect(assemble([hex('8103 eda080')])).toEqual(['utf8-invalid']);
  });

  it('[W21] refuses a text that ends inside a character; binary may hold anything', () => {
    expect(assemble([hex('8101 ce')])).toEqual(['utf8-invalid']);
    expect(assemble([hex('0101 ce 8000')])).toEqual(['utf8-invalid']);
    expect(assemble([hex('0101 ce 8001 ba')])).toEqual(['text:ceba']);
    expect(assemble([hex('8203 eda080')])).toEqual(['binary:eda080']);
    expect(assemble([hex('0201 ff 8001 fe')])).toEqual(['binary:fffe']);
  });

  it('[W22] does not hold a large chunk for a small message', () => {
    const chunk = Buffer.concat([hex('8203 010203'), Buffer.alloc(60_000)]);
    const parser = new FrameParser('client');
    parser.push(chunk);
    const part = parser.next();
    const message = part && new MessageAssembler(BOUNDS).add(part);
    expect(message?.data.toString('hex')).toBe('010203');
    expect(message?.data.buffer).not.toBe(chunk.buffer);
  });

  it('[W22] keeps memory for what has come, not for what is claimed', () => {
    const before = process.memoryUsage().arrayBuffers;
    const assemblers = Array.from({ length: 100 }, () => {
      const parser = new FrameParser('client');
      const assembler = new MessageAssembler({ messageBytesMax: 2 ** 31, fragmentsPerMessageMax: 1 });
      parser.push(hex('827f0000000006000000 616263'));
      const part = parser.next();
      if (part !== undefined) assembler.add(part);
      return assembler;
    });
    expect(assemblers.every((assembler) => assembler.isInsideMessage)).toBe(true);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000);
  });

  it('[W24] any bytes, cut anywhere, end in messages or in one WireError, the same for every cut', () => {
    const bits = fc.tuple(
      fc.constantFrom(0x00, 0x01, 0x02, 0x80, 0x81, 0x82, 0x88, 0x89, 0x8a, 0x83, 0xc1),
      fc.oneof(fc.string({ unit: 'binary', maxLength: 30 }), fc.constant('x'.repeat(200))),
    );
    const wellMade = bits.map(([first, text]) => {
      const frame = encodeFrame({ opcode: 0, payload: Buffer.from(text) });
      frame[0] = first;
      return frame;
    });
    const garbage = fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes));
    const stream = fc.array(fc.oneof({ weight: 4, arbitrary: wellMade }, { weight: 1, arbitrary: garbage }), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(stream, fc.array(fc.nat(300), { maxLength: 6 }), (frames, places) => {
        const bytes = Buffer.concat(frames);
        const borders = [0, ...places.map((place) => Math.min(place, bytes.length)), bytes.length];
        borders.sort((a, b) => a - b);
        const chunks = borders.slice(1).map((end, i) => bytes.subarray(borders[i], end));
        const whole = assemble([bytes]);
        expect(assemble(chunks)).toEqual(whole);
        expect(assemble(bytewise(bytes))).toEqual(whole);
      }),
      { numRuns: 200 },
    );
  });
});
