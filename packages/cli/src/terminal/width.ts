// How many columns a text takes in a terminal: wide characters take two, combining ones none. Good for tables; the input
// line is measured by readline itself.

const WIDE =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\u33FF\u3400-\u4DBF\u4E00-\u9FFF\uA000-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]/u;
const EMPTY = /[\p{M}\p{Cf}]/u;

export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) if (!EMPTY.test(character)) width += WIDE.test(character) ? 2 : 1;
  return width;
}

export const padded = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - widthOf(text)));
