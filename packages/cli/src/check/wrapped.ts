// Text in lines of a terminal: words where there are blanks, single characters in Chinese, two columns for each of those.
// Knows no colours; who puts them on does so afterwards.

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]/;
/** What no line begins with goes with the piece before it. */
const PIECES =
  /[^\S\n]+|[\u2e80-\u9fff\uf900-\ufaff][，。：；！？）、》”]*|[，。：；！？）、》”（《“]+|[^\s\u2e80-\u9fff\uf900-\ufaff，。：；！？）、》（《]+/gu;

export function widthOf(text: string): number {
  let width = 0;
  for (const char of text) width += WIDE.test(char) ? 2 : 1;
  return width;
}

/** Lines of at most so many columns; a piece that is longer by itself is cut. */
export function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of text.match(PIECES) ?? []) {
    for (const part of cut(piece, columns)) {
      if (widthOf(line) + widthOf(part.trimEnd()) <= columns) line += part;
      else {
        lines.push(line.trimEnd());
        line = part.trimStart();
      }
    }
  }
  if (line.trim() !== '') lines.push(line.trimEnd());
  return lines;
}

function cut(piece: string, columns: number): string[] {
  if (widthOf(piece) <= columns) return [piece];
  const parts: string[] = [];
  for (let rest = [...piece]; rest.length > 0; ) {
    let count = 0;
    for (let width = 0; count < rest.length; count += 1) {
      width += widthOf(rest[count] ?? '');
      if (width > columns) break;
    }
    parts.push(rest.splice(0, Math.max(1, count)).join(''));
  }
  return parts;
}
