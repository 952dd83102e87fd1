import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCompleteUtf8, nextUtf8State, UTF8_INVALID, UTF8_START } from './utf8.ts';

function bytes(hex: string): Buffer {
  return Buffer.from(hex.replaceAll(' ', ''), 'hex');
}

/** Index of the byte at which a text that comes byte by byte is refused; -1: it is complete; -2: it may go on. */
function refusedAt(text: Buffer): number {
  let state = UTF8_START;
  for (let i = 0; i < text.length; i++) {
    state = nextUtf8State(state, text.subarray(i, i + 1));
    if (state === UTF8_INVALID) return i;
  }
  return state === UTF8_START ? -1 : -2;
}

const VALID = [
  '',
  '00',
  '7f',
  'c280',
  'dfbf',
  'e0a080',
  'ed9fbf',
  'ee8080',
  'efbfbd',
  'efbfbe',
  'efbfbf',
  'f0908080',
  'f09fbfbe',
  'f48fbfbf',
  'ceba e1bdb9 cf83 cebc ceb5',
  '48c3a4 e282ac f09f9880 21',
];

// hex, and the index of the byte that makes it impossible
const INVALID: readonly (readonly [string, number])[] = [
  ['80', 0],
  ['bf', 0],
  ['8080', 0],
  ['c0af', 0],
  ['c1bf', 0],
  ['c080', 0],
  ['e080af', 1],
  ['e09fbf', 1],
  ['f08080af', 1],
  ['f08fbfbf', 1],
  ['eda080', 1],
  ['edafbf', 1],
  ['edbfbf', 1],
  ['eda080 edb080', 1],
  ['f4908080', 1],
  ['f5808080', 0],
  ['f888808080', 0],
  ['fc8480808080', 0],
  ['fe', 0],
  ['ff', 0],
  ['c220', 1],
  ['e28220', 2],
  ['f09f9820', 3],
  ['c2c280', 1],
  ['4142 c3 43', 3],
];

describe('UTF-8', () => {
  it('[W21] takes every first and last code point of each length', () => {
    for (const hex of VALID) expect(refusedAt(bytes(hex)), hex).toBe(-1);
  });

  it('[W21] refuses at the first byte that makes it impossible', () => {
    for (const [hex, index] of INVALID) {
      expect(refusedAt(bytes(hex)), hex).toBe(index);
      expect(nextUtf8State(UTF8_START, bytes(hex)), hex).toBe(UTF8_INVALID);
      expect(nextUtf8State(UTF8_START, Buffer.concat([Buffer.alloc(40, 'a'), bytes(hex)])), hex).toBe(
        UTF8_INVALID,
      );
      expect(isCompleteUtf8(bytes(hex)), hex).toBe(false);
    }
  });

  it('[W21] knows a text that ends inside a character from one that may go on', () => {
    for (const hex of ['c3', 'e2', 'e282', 'e0a0', 'ed9f', 'f0', 'f09f', 'f09f98', 'f48f', 'f48fbf']) {
      expect(refusedAt(bytes(hex)), hex).toBe(-2);
      expect(isCompleteUtf8(bytes(hex)), hex).toBe(false);
    }
  });

  it('[W24] comes to the same state however the text is cut', () => {
    const pieces = fc.array(
      fc.oneof(
        fc.string({ unit: 'grapheme' }).map((text) => Buffer.from(text)),
        fc.uint8Array({ maxLength: 40 }).map((raw) => Buffer.from(raw)),
      ),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(pieces, (parts) => {
        let state = UTF8_START;
        for (const part of parts) if (state !== UTF8_INVALID) state = nextUtf8State(state, part);
        const whole = Buffer.concat(parts);
        expect(state === UTF8_START).toBe(isUtf8(whole));
        expect(state === UTF8_INVALID).toBe(refusedAt(whole) >= 0);
      }),
      { numRuns: 500 },
    );
  });
});
