// The small laws of bytes, held against what Node or the RFC says, in full where that can be done: UTF-8, masks, close codes.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs, runsTimeoutMs } from '../testing/random-runs.ts';
import { closePayload } from '../testing/wire-bytes.ts';
import { canBecomeUtf8, isCodeToSend } from '../testing/wire-model.ts';
import { codeOf } from '../testing/wire-reader.ts';
import {
  applyMask,
  isSendableCloseCode,
  nextUtf8State,
  readClosePayload,
  rotateMaskKey,
  UTF8_INVALID,
  UTF8_START,
} from './core.ts';

/** Node's decoder in its strict mode. */
function isText(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

describe('UTF-8', () => {
  it('[W21] every sequence of two bytes from 7e up, and the third and fourth behind those that may go on', () => {
    const check = (bytes: readonly number[]): boolean => {
      const text = Buffer.from(bytes);
      const state = nextUtf8State(UTF8_START, text);
      if ((state !== UTF8_INVALID) !== canBecomeUtf8(text))
        throw new Error(`wrong at ${text.toString('hex')}`);
      return state !== UTF8_START && state !== UTF8_INVALID;
    };
    // Below 7e every byte is a character for itself; where the next byte has a narrower range, its borders are enough.
    const seconds = [0x7f, 0x80, 0x81, 0x8f, 0x90, 0x9f, 0xa0, 0xbe, 0xbf, 0xc0];
    for (let a = 0x7e; a < 256; a++) {
      for (let b = 0x7e; b < 256; b++) {
        if (!check([a, b]) || !seconds.includes(b)) continue;
        for (let c = 0x7e; c < 256; c++) {
          if (check([a, b, c]) && seconds.includes(c)) for (const d of seconds) check([a, b, c, d]);
        }
      }
    }
  });

  it(
    '[W21] [W24] every prefix of any bytes, in two pieces cut anywhere, is what TextDecoder says of it',
    () => {
      const piece = fc.oneof(
        fc.string({ unit: 'binary', maxLength: 12 }).map((text) => Buffer.from(text)),
        fc.uint8Array({ maxLength: 4 }).map((raw) => Buffer.from(raw)),
        fc
          .constantFrom('x'.repeat(23), 'x'.repeat(24), 'x'.repeat(25), '消息'.repeat(9))
          .map((text) => Buffer.from(text)),
      );
      fc.assert(
        fc.property(fc.array(piece, { maxLength: 5 }), fc.nat(100), (pieces, place) => {
          const bytes = Buffer.concat(pieces);
          for (let end = 0; end <= bytes.length; end++) {
            const prefix = bytes.subarray(0, end);
            const at = place % (end + 1);
            let state = nextUtf8State(UTF8_START, prefix.subarray(0, at));
            if (state !== UTF8_INVALID) state = nextUtf8State(state, prefix.subarray(at));
            expect(state === UTF8_START).toBe(isText(prefix));
            expect(state !== UTF8_INVALID).toBe(canBecomeUtf8(prefix));
            // What cannot become text cannot do so with more behind it.
            if (state === UTF8_INVALID) break;
          }
        }),
        runs(120),
      );
    },
    runsTimeoutMs(),
  );
});

describe('masks', () => {
  const KEYS = [0x01020304, 0xffffffff, 0x000000ff, 0xff000000, 0x80000000, 0];

  it('is byte by byte what section 5.3 says, at every alignment and every length up to 300', () => {
    const memory = new Uint8Array(400);
    for (const key of KEYS) {
      for (let offset = 0; offset < 8; offset++) {
        const view = new Uint8Array(memory.buffer, offset, 380);
        for (let length = 0; length <= 300; length += length < 80 ? 1 : 7) {
          memory.forEach((_, i) => {
            memory[i] = (i * 11 + 5) & 0xff;
          });
          const start = length % 5;
          applyMask(view, start, start + length, key);
          for (let i = 0; i < memory.length; i++) {
            const at = i - offset - start;
            const isInside = at >= 0 && at < length;
            const mask = isInside ? (key >>> (24 - 8 * (at % 4))) & 0xff : 0;
            const was = (i * 11 + 5) & 0xff;
            if (memory[i] !== (was ^ mask))
              throw new Error(`key ${key} offset ${offset} length ${length} at ${i}`);
          }
        }
      }
    }
  });

  it('[W24] in two pieces cut anywhere, the second with the key rotated, is the same as in one', () => {
    const sample = fc.tuple(fc.uint8Array({ maxLength: 300 }), fc.nat(300), fc.integer(), fc.nat(7));
    fc.assert(
      fc.property(sample, ([bytes, place, key, offset]) => {
        const whole = Buffer.from(bytes);
        applyMask(whole, 0, whole.length, key);
        const memory = new Uint8Array(bytes.length + 8);
        memory.set(bytes, offset);
        const cut = place % (bytes.length + 1);
        applyMask(memory, offset, offset + cut, key);
        applyMask(memory, offset + cut, offset + bytes.length, rotateMaskKey(key, cut));
        expect(whole.equals(memory.subarray(offset, offset + bytes.length))).toBe(true);
        applyMask(whole, 0, whole.length, key);
        expect(whole.equals(bytes)).toBe(true);
      }),
      runs(500),
    );
  });
});

it('[W27] every close code from 0 to 65535 is taken or refused as the registry has it', () => {
  for (let code = 0; code <= 65_535; code++) {
    let found = 'taken';
    try {
      readClosePayload(closePayload(code));
    } catch (error) {
      found = codeOf(error);
    }
    const expected = isCodeToSend(code) ? 'taken' : 'close-code-invalid';
    if (found !== expected || isSendableCloseCode(code) !== isCodeToSend(code))
      throw new Error(`${code}: ${found}`);
  }
});
