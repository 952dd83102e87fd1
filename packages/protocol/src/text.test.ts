// Message texts: kept exactly as sent, or refused; the limit counts bytes of UTF-8.
import { describe, expect, it } from 'vitest';
import { ChatError } from './chat-error.ts';
import { LIMITS } from './limits.ts';
import { checkText } from './text.ts';

const codeOf = (text: string): string | undefined => {
  try {
    expect(checkText(text)).toBe(text);
    return undefined;
  } catch (error) {
    return error instanceof ChatError ? error.code : String(error);
  }
};

describe('checkText', () => {
  it.each(['hi', ' hi \n', 'a\u0000b', '你好', '<img src=x onerror=alert(1)>'])('[P14] keeps %j', (text) => {
    expect(codeOf(text)).toBeUndefined();
  });

  it('[P14] allows exactly the limit, in bytes, whatever the characters', () => {
    const { textBytesMax } = LIMITS;
    expect(codeOf('x'.repeat(textBytesMax))).toBeUndefined();
    expect(codeOf('x'.repeat(textBytesMax + 1))).toBe('text-too-long');
    expect(codeOf(`${'你'.repeat(5461)}x`)).toBeUndefined();
    expect(codeOf(`${'你'.repeat(5461)}xx`)).toBe('text-too-long');
    expect(codeOf('🧵'.repeat(4096))).toBeUndefined();
    expect(codeOf('🧵'.repeat(4097))).toBe('text-too-long');
  });

  it.each(['', '  ', '\n\t\u3000'])('[P14] refuses %j: there is nothing to read', (text) => {
    expect(codeOf(text)).toBe('text-empty');
  });

  it('[P14] refuses half a surrogate pair, which UTF-8 cannot carry', () => {
    expect(codeOf('a\uD83E')).toBe('text-characters');
  });
});
