// Small operations on bytes that browsers and Node 20 both lack. No text of the wire is understood here.

export const EMPTY: Uint8Array = new Uint8Array(0);

export function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const [first] = pieces;
  if (first === undefined) return EMPTY;
  if (pieces.length === 1) return first;
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

export function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/** XOR with the key, whose first byte meets the byte at `phase` 0. A copy. */
export function masked(bytes: Uint8Array, key: Uint8Array, phase = 0): Uint8Array {
  const result = new Uint8Array(bytes.length);
  for (let index = 0; index < bytes.length; index++)
    result[index] = (bytes[index] ?? 0) ^ (key[(index + phase) & 3] ?? 0);
  return result;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Lower case, two digits a byte, with `separator` between bytes. */
export function toHex(bytes: Uint8Array, separator = ''): string {
  return Array.from(bytes, (byte) => HEX[byte]).join(separator);
}

/** Undefined where the text is not pairs of hex digits; blanks between them do not matter. */
export function fromHex(text: string): Uint8Array | undefined {
  const digits = text.replaceAll(/\s+/g, '');
  if (digits.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(digits)) return undefined;
  return Uint8Array.from({ length: digits.length / 2 }, (_, index) =>
    Number.parseInt(digits.slice(index * 2, index * 2 + 2), 16),
  );
}

/** Each byte as the character of that number: HTTP heads are read like this, so that positions stay. */
export function toLatin1(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += 8192)
    pieces.push(String.fromCharCode(...bytes.subarray(at, at + 8192)));
  return pieces.join('');
}

export function fromLatin1(text: string): Uint8Array {
  return Uint8Array.from({ length: text.length }, (_, index) => text.charCodeAt(index) & 0xff);
}

export const toBase64 = (bytes: Uint8Array): string => btoa(toLatin1(bytes));

/** Undefined where the text is no Base64. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  return fromLatin1(atob(text));
}

const utf8 = new TextEncoder();
export const toUtf8 = (text: string): Uint8Array => utf8.encode(text);
