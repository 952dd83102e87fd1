// Colours and weights for a terminal, and text from strangers made harmless for it. No layout.

/** Paints text, or leaves it alone where no colours are wanted. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
  /** What is what in a capture. */
  readonly tone: (tone: Tone, text: string) => string;
  /** One of a few colours, always the same for the same key. */
  readonly of: (key: string, text: string) => string;
}

export type Tone = keyof typeof TONES;
const TONES = { in: '1;36', out: '1;35', name: '36', meaning: '32' } as const;

const SGR_END = '\u001b[0m';

/** Of the 16 colours that every terminal's theme has made readable: no black, no white, no red (that is for errors). */
const KEY_COLORS = ['36', '32', '33', '35', '34', '96', '92', '93', '95', '94'] as const;

export function styleFor(isColored: boolean): Style {
  const paint = (code: string) => (text: string) =>
    isColored && text !== '' ? `\u001b[${code}m${text}${SGR_END}` : text;
  return {
    bold: paint('1'),
    dim: paint('2'),
    red: paint('31'),
    yellow: paint('33'),
    tone: (tone, text) => paint(TONES[tone])(text),
    of: (key, text) => paint(`1;${KEY_COLORS[numberOf(key) % KEY_COLORS.length] ?? '36'}`)(text),
  };
}

/** FNV-1a: spreads short keys well, and is the same everywhere. */
function numberOf(key: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(key)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

const CONTROL = /(?![\n\t])[\p{Cc}\u2028\u2029\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/**
 * What a stranger wrote, safe to print: characters that move the cursor, change colours or turn the direction of text become
 * visible signs. Line breaks and tabs stay.
 */
export function harmless(text: string): string {
  return text.replace(CONTROL, (sign) => {
    const code = sign.codePointAt(0) ?? 0;
    if (code < 0x20) return String.fromCodePoint(0x2400 + code);
    return code === 0x7f ? '\u2421' : `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
  });
}
