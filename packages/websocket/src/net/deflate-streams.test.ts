// Any stream of messages, compressed or not, in any fragments and any cuts: the same messages on the other side, or for
// wrong bytes one WireError.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { WINDOW_BITS_MAX } from '../core/deflate-offer.ts';
import { FrameParser } from '../core/frame-parser.ts';
import { encodeFrame } from '../core/frame-writer.ts';
import { MessageAssembler } from '../core/message-assembler.ts';
import { isControlOpcode, OPCODE, RSV1 } from '../core/opcode.ts';
import { WireError } from '../core/wire-error.ts';
import { ConnectionDeflate, type DeflateNegotiation } from './deflate.ts';

const BOUNDS = { messageBytesMax: 5000, fragmentsPerMessageMax: 8, inflationRatioMax: 0 };

function negotiation(noContextTakeover: boolean, windowBits: number): DeflateNegotiation {
  return {
    agreement: {
      serverNoContextTakeover: noContextTakeover,
      clientNoContextTakeover: noContextTakeover,
      serverMaxWindowBits: windowBits,
      clientMaxWindowBits: windowBits,
    },
    settings: { wishes: {}, thresholdBytes: 0, level: 3, memLevel: 8 },
  };
}

/** The messages as `kind:hex`, and last the code of the error, as a client sees them. */
function read(chunks: readonly Buffer[], agreed: DeflateNegotiation): string[] {
  const deflate = new ConnectionDeflate('client', agreed);
  const parser = new FrameParser('client', RSV1);
  const assembler = new MessageAssembler(BOUNDS, deflate);
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
  deflate.close();
  return found;
}

function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? bytes.length;
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}

const sizes = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 5 });
const windowBits = fc.integer({ min: 8, max: WINDOW_BITS_MAX });

/** The payload in frames of these sizes, the last one empty, with a ping after the first. */
function inFragments(opcode: number, rsv: number, payload: Buffer, fragments: readonly number[]): Buffer[] {
  const pieces = cut(
    payload,
    fragments.slice(0, 5).map((size) => Math.max(size, Math.ceil(payload.length / 5))),
  );
  const frames = pieces.map((piece, i) =>
    encodeFrame(
      i === 0
        ? { opcode, rsv, fin: false, payload: piece }
        : { opcode: OPCODE.continuation, fin: false, payload: piece },
    ),
  );
  if (frames.length === 0) frames.push(encodeFrame({ opcode, rsv, fin: false }));
  frames.splice(1, 0, encodeFrame({ opcode: OPCODE.ping }));
  return [...frames, encodeFrame({ opcode: OPCODE.continuation })];
}

it('[D11] [W24] streams of compressed and plain messages, however they are framed and cut', () => {
  const message = fc.record({
    data: fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.constantFrom('', 'a', 'the same words, '.repeat(60)),
      fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
    ),
    isPlain: fc.boolean(),
    fragments: fc.option(sizes, { nil: undefined }),
  });
  fc.assert(
    fc.property(
      fc.array(message, { maxLength: 8 }),
      fc.boolean(),
      windowBits,
      sizes,
      (messages, flag, bits, cuts) => {
        const agreed = negotiation(flag, bits);
        const sender = new ConnectionDeflate('server', agreed);
        const frames = messages.flatMap(({ data, isPlain, fragments }) => {
          const opcode = typeof data === 'string' ? OPCODE.text : OPCODE.binary;
          const bytes = Buffer.from(data);
          const deflated = isPlain ? undefined : sender.deflate(bytes);
          const rsv = deflated === undefined ? 0 : RSV1;
          const payload = deflated ?? bytes;
          return fragments === undefined
            ? [encodeFrame({ opcode, rsv, payload })]
            : inFragments(opcode, rsv, payload, fragments);
        });
        sender.close();
        const expected = messages.map(
          ({ data }) =>
            `${typeof data === 'string' ? 'text' : 'binary'}:${Buffer.from(data).toString('hex')}`,
        );
        expect(read(cut(Buffer.concat(frames), cuts), agreed)).toEqual(expected);
      },
    ),
    { numRuns: 150 },
  );
});

/** What zlib found wrong and what is wrong with what came out before it: either may be told. */
function withoutInflationCode(found: string): string {
  return /^(?:deflate-data-invalid|utf8-invalid|message-too-large)$/.test(found) ? 'inflation failed' : found;
}

it('[D12] [W24] wrong payloads end in one WireError, after the same messages for every cut', () => {
  const frame = fc.record({
    opcode: fc.constantFrom(OPCODE.text, OPCODE.binary, OPCODE.continuation, OPCODE.ping),
    rsv: fc.constantFrom(0, RSV1, RSV1),
    fin: fc.boolean(),
    payload: fc.uint8Array({ maxLength: 60 }),
  });
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 6 }), fc.boolean(), sizes, (frames, flag, cuts) => {
      const bytes = Buffer.concat(frames.map(encodeFrame));
      const agreed = negotiation(flag, 15);
      const whole = read([bytes], agreed);
      for (const pieces of [cut(bytes, cuts), cut(bytes, [1])]) {
        expect(read(pieces, agreed).map(withoutInflationCode)).toEqual(whole.map(withoutInflationCode));
      }
    }),
    { numRuns: 400 },
  );
});
