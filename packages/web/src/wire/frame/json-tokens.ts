// A text as JSON, indented and cut into pieces by their kind, for colouring. Pure. What is no JSON is one piece.

export interface TextPiece {
  readonly kind: 'name' | 'string' | 'value' | 'mark';
  readonly text: string;
}

/** Characters that are indented and coloured; of a longer text nothing is. */
const JSON_CHARS_MAX = 16_384;

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d[\d.eE+-]*|true|false|null)|([^"\d\w-]+|[\s\S])/g;

export function jsonPieces(text: string): readonly TextPiece[] {
  const whole: readonly TextPiece[] = [{ kind: 'mark', text }];
  if (text.length > JSON_CHARS_MAX) return whole;
  let pretty: string;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object') return whole;
    pretty = JSON.stringify(value, null, 2);
  } catch {
    return whole; // not every text is JSON, and that is no fault
  }
  return Array.from(pretty.matchAll(TOKEN), ([all, quoted, colon, value]): TextPiece => {
    if (quoted !== undefined) return { kind: colon === undefined ? 'string' : 'name', text: all };
    return { kind: value === undefined ? 'mark' : 'value', text: all };
  });
}
