// Any bytes, cut anywhere, to parser and assembler: the same as a model that sees them all at once. `FUZZ=100` runs longer.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs, runsTimeoutMs } from '../testing/random-runs.ts';
import { bytewise, cutAt, frameFor, nameOf } from '../testing/wire-bytes.ts';
import { modelOutcome } from '../testing/wire-model.ts';
import { readOutcome } from '../testing/wire-reader.ts';
import { cuts, framedMessage, wireStream } from '../testing/wire-stream.ts';
import { encodeFrame, FrameParser, type Role } from './core.ts';

const SMALL = { messageBytesMax: 1000, fragmentsPerMessageMax: 3 };
const LARGE = { messageBytesMax: 66_000, fragmentsPerMessageMax: 100 };

describe.each<{ role: Role }>([{ role: 'server' }, { role: 'client' }])('bytes to a $role', ({ role }) => {
  it(
    '[W24] any stream, cut anywhere, is what the model says',
    () => {
      fc.assert(
        fc.property(wireStream(role, false), cuts, fc.constantFrom(SMALL, LARGE), (bytes, places, bounds) => {
          const expected = modelOutcome(role, bytes, bounds);
          expect(readOutcome(role, [Buffer.from(bytes)], bounds)).toEqual(expected);
          expect(readOutcome(role, cutAt(bytes, places), bounds)).toEqual(expected);
          if (bytes.length < 2000) expect(readOutcome(role, bytewise(bytes), bounds)).toEqual(expected);
        }),
        runs(700),
      );
    },
    runsTimeoutMs(),
  );

  it(
    '[W24] raw bytes with no order in them, too',
    () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 40 }), cuts, (raw, places) => {
          const bytes = Buffer.from(raw);
          const expected = modelOutcome(role, bytes, SMALL);
          expect(readOutcome(role, cutAt(bytes, places), SMALL)).toEqual(expected);
        }),
        runs(1500),
      );
    },
    runsTimeoutMs(),
  );

  it(
    '[W18] messages as they should be arrive as they were sent, in any frames',
    () => {
      fc.assert(
        fc.property(fc.array(framedMessage, { maxLength: 4 }), cuts, (messages, places) => {
          const bytes = Buffer.concat(
            messages.flatMap(({ frames }) => frames.map((one) => frameFor(role, one))),
          );
          const found = readOutcome(role, cutAt(bytes, places), LARGE);
          expect(found.filter((one) => !/^p[io]ng:/.test(one))).toEqual(
            messages.map(({ kind, data }) => `${kind}:${nameOf(data)}`),
          );
        }),
        runs(300),
      );
    },
    runsTimeoutMs(),
  );
});

it(
  '[W17] what the writer writes the parser reads, and writes it again as the same bytes',
  () => {
    const frame = fc.record({
      fin: fc.boolean(),
      rsv: fc.constantFrom(0, 4),
      opcode: fc.constantFrom(1, 2),
      payload: fc.oneof(
        fc.uint8Array({ maxLength: 200 }),
        fc.integer({ min: 65_530, max: 65_540 }).map((size) => Buffer.alloc(size, 7)),
      ),
      maskKey: fc.option(fc.integer({ min: 0, max: 0xffff_ffff }), { nil: undefined }),
    });
    fc.assert(
      fc.property(frame, cuts, (parts, places) => {
        const written = encodeFrame(parts);
        const isMasked = parts.maskKey !== undefined;
        const { maskKey = 0 } = parts;
        const byHand = frameFor('server', { ...parts, maskKey, hasWrongMask: !isMasked });
        expect(written.equals(byHand)).toBe(true);
        const parser = new FrameParser(isMasked ? 'server' : 'client', 4);
        const pieces: Buffer[] = [];
        let again: Buffer = Buffer.alloc(0);
        for (const chunk of cutAt(written, places)) {
          parser.push(chunk);
          for (let part = parser.next(); part !== undefined; part = parser.next()) {
            pieces.push(Buffer.from(part.payload));
            if (part.isLast)
              again = encodeFrame({
                opcode: part.opcode,
                fin: part.fin,
                rsv: part.rsv,
                payload: Buffer.concat(pieces),
                ...(part.masked && { maskKey: part.maskKey }),
              });
          }
        }
        expect(again.equals(written)).toBe(true);
        expect(parser.isInsideFrame).toBe(false);
      }),
      runs(300),
    );
  },
  runsTimeoutMs(),
);
