// Names: kept exactly as sent, or refused with the reason; and when two names are one.
import { describe, expect, it } from 'vitest';
import { ChatError } from './chat-error.ts';
import { checkName, nameKey } from './name.ts';

const codeOf = (name: string): string | undefined => {
  try {
    expect(checkName(name)).toBe(name);
    return undefined;
  } catch (error) {
    return error instanceof ChatError ? error.code : String(error);
  }
};

describe('checkName', () => {
  it.each(['Ada', '茜', ' Bo ', 'x'.repeat(64), '🧵'.repeat(64), '👩‍👩‍👧', "O'Brien", '<img onerror>', 'Ω'])(
    '[P12] keeps %j',
    (name) => {
      expect(codeOf(name)).toBeUndefined();
    },
  );

  it.each([
    ['', 'name-empty'],
    ['  \u3000', 'name-empty'],
    ['\u200D', 'name-empty'],
    ['x'.repeat(65), 'name-too-long'],
    ['🧵'.repeat(65), 'name-too-long'],
    ['x'.repeat(100_000), 'name-too-long'],
    ['a\nb', 'name-characters'],
    ['a\u0000', 'name-characters'],
    ['a\u202Eb', 'name-characters'],
    ['a\u200Bb', 'name-characters'],
    ['a\uD800', 'name-characters'],
    ['\u3164', 'name-characters'],
    ['e\u0301', 'name-not-nfc'],
    ['\u212B', 'name-not-nfc'],
  ])('[P12] refuses %j: %s', (name, code) => {
    expect(codeOf(name)).toBe(code);
  });
});

describe('nameKey', () => {
  it.each([
    ['Ada', 'ADA'],
    ['Ada', ' ada'],
    ['Ada', 'Ａｄａ'],
    ['Ada', 'A\u200Dda'],
    ['Straße', 'STRAßE'],
  ])('[P12] %j and %j are one name', (one, other) => {
    expect(nameKey(one)).toBe(nameKey(other));
  });

  it('tells different names apart', () => {
    expect(nameKey('Ada')).not.toBe(nameKey('Bo'));
    expect(nameKey('茜')).not.toBe(nameKey('西'));
  });
});
