// What may be the text of a message. Kept exactly as sent, or refused: no trimming, no rewriting.
import { ChatError } from './chat-error.ts';
import { LIMITS } from './limits.ts';

const LONE_SURROGATE = /\p{Cs}/u;
const encoder = new TextEncoder();

export function utf8Bytes(text: string): number {
  return encoder.encode(text).byteLength;
}

/** Returns the text unchanged, or throws a ChatError that says what is wrong with it. */
export function checkText(text: string): string {
  // UTF-8 takes one to three bytes per UTF-16 unit: only in between does anybody have to count.
  if (text.length > LIMITS.textBytesMax) throw new ChatError('text-too-long');
  if (text.length * 3 > LIMITS.textBytesMax && utf8Bytes(text) > LIMITS.textBytesMax) {
    throw new ChatError('text-too-long');
  }
  if (text.trim() === '') throw new ChatError('text-empty');
  if (LONE_SURROGATE.test(text)) throw new ChatError('text-characters');
  return text;
}
