// A text as messages may hold it: another program allows longer ones. Cut at a line's end, else between words, else anywhere
// between two characters.
import { LIMITS, utf8Bytes } from '@wireroom/protocol';
import { IMPORT_LIMITS } from './limits.ts';

export interface TextParts {
  readonly parts: readonly string[];
  /** It was longer than even all the parts may be together. */
  readonly isCut: boolean;
}

/** No part is empty, none longer than a text may be; no text at all: no parts. */
export function partsOf(text: string): TextParts {
  const whole = wellFormed(text);
  const parts: string[] = [];
  let rest = whole;
  while (rest.trim() !== '') {
    if (parts.length === IMPORT_LIMITS.partsMax) return { parts, isCut: true };
    const end = lengthThatFits(rest, LIMITS.textBytesMax);
    const part = rest.slice(0, end);
    if (part.trim() !== '') parts.push(part);
    rest = rest.slice(end);
    // The line's end or the space at which it was cut.
    if (rest !== '' && /^\s/.test(rest)) rest = rest.slice(1);
  }
  return { parts, isCut: false };
}

/** The first characters of a line that fit into so many bytes. */
export function lineOf(text: string, bytesMax: number): string {
  const line = wellFormed(text)
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim();
  return line.slice(0, lengthThatFits(line, bytesMax)).trim();
}

/** Half characters become the sign for what cannot be shown. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, '\uFFFD');
}

/** In code units. */
function lengthThatFits(text: string, bytesMax: number): number {
  // A code unit is one to three bytes.
  if (text.length * 3 <= bytesMax) return text.length;
  let end = Math.min(text.length, bytesMax);
  if (utf8Bytes(text.slice(0, end)) <= bytesMax && end === text.length) return end;
  while (utf8Bytes(text.slice(0, end)) > bytesMax) {
    const tooMany = utf8Bytes(text.slice(0, end)) - bytesMax;
    end -= Math.max(1, Math.ceil(tooMany / 3));
  }
  if (isHigh(text.charCodeAt(end - 1))) end -= 1;
  const half = end >> 1;
  const lineEnd = text.lastIndexOf('\n', end);
  if (lineEnd > half) return lineEnd;
  const space = text.lastIndexOf(' ', end);
  return space > half ? space : end;
}

const isHigh = (code: number): boolean => code >= 0xd800 && code <= 0xdbff;
