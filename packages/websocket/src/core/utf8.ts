// Streaming UTF-8 validation (RFC 3629; RFC 6455 section 8.1). Text comes in pieces that are cut anywhere; a piece
// that makes the whole impossible is refused at once, at the first impossible byte, not at the end of the message.
// The bulk of a piece goes through Node's native validator; the automaton below only walks over the cuts.
import { isUtf8 } from 'node:buffer';

/**
 * What must come next. 0 between characters; 1, 2, 3 that many free continuation bytes; then the lead bytes whose
 * first continuation byte has a narrower range (no overlong forms, no surrogates, nothing above U+10FFFF).
 */
export type Utf8State = number;
/** Between two characters: where a text begins, and where it may end. */
export const UTF8_START: Utf8State = 0;
/** No text goes on like that. */
export const UTF8_INVALID: Utf8State = -1;

const AFTER_E0 = 4;
const AFTER_ED = 5;
const AFTER_F0 = 6;
const AFTER_F4 = 7;

// Up to here a loop for plain ASCII beats the call into native code.
const ASCII_LOOP_BYTES_MAX = 24;

/** Takes the next piece of a text. Returns the state after it, or UTF8_INVALID. The text may end in UTF8_START only. */
export function nextUtf8State(state: Utf8State, piece: Uint8Array): Utf8State {
  if (state === UTF8_START && piece.length <= ASCII_LOOP_BYTES_MAX && isShortAscii(piece)) return UTF8_START;
  let at = 0;
  let current = state;
  while (current > UTF8_START && at < piece.length) current = step(current, piece[at++] ?? 0);
  if (current !== UTF8_START || at === piece.length) return current;

  const tail = startOfUnfinishedCharacter(piece, at);
  if (tail > at && !isUtf8(at === 0 && tail === piece.length ? piece : piece.subarray(at, tail))) {
    return UTF8_INVALID;
  }
  for (let i = tail; i < piece.length && current !== UTF8_INVALID; i++)
    current = step(current, piece[i] ?? 0);
  return current;
}

/** Whether the bytes are a complete UTF-8 text. */
export function isCompleteUtf8(bytes: Uint8Array): boolean {
  return (bytes.length <= ASCII_LOOP_BYTES_MAX && isShortAscii(bytes)) || isUtf8(bytes);
}

function isShortAscii(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if ((bytes[i] ?? 0) > 0x7f) return false;
  return true;
}

/** Index of a lead byte in the last three bytes whose character goes on beyond the piece; else the length. */
function startOfUnfinishedCharacter(piece: Uint8Array, from: number): number {
  const end = piece.length;
  for (let back = 1; back <= 3 && end - back >= from; back++) {
    const byte = piece[end - back] ?? 0;
    if (byte < 0x80) return end;
    if (byte >= 0xc0) return characterLength(byte) > back ? end - back : end;
  }
  return end;
}

function characterLength(lead: number): number {
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}

function step(state: Utf8State, byte: number): Utf8State {
  switch (state) {
    case UTF8_START:
      return afterLead(byte);
    case AFTER_E0:
      return byte >= 0xa0 && byte <= 0xbf ? 1 : UTF8_INVALID;
    case AFTER_ED:
      return byte >= 0x80 && byte <= 0x9f ? 1 : UTF8_INVALID;
    case AFTER_F0:
      return byte >= 0x90 && byte <= 0xbf ? 2 : UTF8_INVALID;
    case AFTER_F4:
      return byte >= 0x80 && byte <= 0x8f ? 2 : UTF8_INVALID;
    default:
      return byte >= 0x80 && byte <= 0xbf ? state - 1 : UTF8_INVALID;
  }
}

function afterLead(byte: number): Utf8State {
  if (byte < 0x80) return UTF8_START;
  if (byte < 0xc2) return UTF8_INVALID;
  if (byte < 0xe0) return 1;
  if (byte < 0xf0) return byte === 0xe0 ? AFTER_E0 : byte === 0xed ? AFTER_ED : 2;
  if (byte < 0xf5) return byte === 0xf0 ? AFTER_F0 : byte === 0xf4 ? AFTER_F4 : 3;
  return UTF8_INVALID;
}
