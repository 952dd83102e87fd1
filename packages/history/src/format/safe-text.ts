// Text from strangers, made unable to leave its place in a file: what moves a cursor, turns the direction of text or breaks a
// line becomes a visible sign. Nothing here knows a format's own special characters; the writers do those.

/** Asked first: nearly every text is free of them, and goes through untouched. */
const SUSPECT = /[\p{Cc}\p{Cs}\u2028\u2029\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/u;
/** All but tab and line feed. A direction mark alone (U+200E, U+200F, U+061C) turns nothing over: right-to-left texts need it. */
const STRANGE = /(?![\t\n])[\p{Cc}\p{Cs}\u2028\u2029\u202A-\u202E\u2066-\u2069\uFEFF]/gu;
const LINE_BREAKS = /\r\n?/g;
const MARKS = /[\t\n\u061C\u200E\u200F]/g;

/** A text of several lines: line feeds and tabs stay. */
export function safeText(text: string): string {
  return SUSPECT.test(text) ? text.replace(LINE_BREAKS, '\n').replace(STRANGE, sign) : text;
}

/** A name, a title, a reason: one line, and no direction marks either. */
export function safeLine(text: string): string {
  return SUSPECT.test(text) ? text.replace(STRANGE, sign).replace(MARKS, sign) : text;
}

function sign(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  // Half of a character has no form in UTF-8.
  if (code >= 0xd800 && code <= 0xdfff) return '\ufffd';
  return `[U+${code.toString(16).toUpperCase().padStart(4, '0')}]`;
}
