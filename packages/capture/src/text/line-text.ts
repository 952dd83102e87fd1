// Pieces of a line: escaped text of strangers, hex, sizes and times.
import { toHex } from '../bytes.ts';
import { PHRASES, type Phrases } from './phrases.ts';

/**
 * Control characters, and those that turn or hide text (bidirectional marks, zero width), as `\xNN` or `\u{…}`: nothing
 * from a wire may steer a terminal or make a line read as another.
 */
export function escaped(text: string): string {
  return text.replaceAll(UNSAFE, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (character === '\n') return '\\n';
    if (character === '\r') return '\\r';
    if (character === '\t') return '\\t';
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}

const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/gu;

/** Cut between characters, with what was left out counted. */
export function shortened(text: string, charactersMax: number, phrases: Phrases = PHRASES.en): string {
  if (text.length <= charactersMax) return escaped(text);
  const kept = text.slice(0, charactersMax).replace(/[\ud800-\udbff]$/, '');
  return `${escaped(kept)} … (${phrases.moreCharacters(text.length - kept.length)})`;
}

/** `length`: of all of it, of which `bytes` may be the beginning. */
export function hexShown(
  bytes: Uint8Array,
  length: number,
  bytesMax: number,
  phrases: Phrases = PHRASES.en,
): string {
  const shown = bytes.subarray(0, bytesMax);
  const more = length - shown.length;
  return `${toHex(shown, ' ')}${more > 0 ? ` … (${phrases.moreBytes(more)})` : ''}`.trim();
}

/** Milliseconds with three places up to ten seconds, then seconds. */
export function timeShown(micros: number): string {
  return Math.abs(micros) < 10_000_000
    ? `${(micros / 1_000).toFixed(3)} ms`
    : `${(micros / 1_000_000).toFixed(3)} s`;
}
