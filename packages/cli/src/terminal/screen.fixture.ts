// As much of a terminal as the tests need: rows of cells, a cursor, the few sequences that readline sends. Wide characters
// take two cells and wrap as a whole.
import { widthOf } from './width.ts';

const ESCAPE = '\u001b';
const SEQUENCE = new RegExp(`^${ESCAPE}\\[(\\d*)(?:;\\d+)*([A-Za-z])`);

export class Screen {
  readonly #columns: number;
  #rows: string[][] = [[]];
  #row = 0;
  #column = 0;

  constructor(columns: number) {
    this.#columns = columns;
  }

  /** What can be read, without trailing blanks. */
  get lines(): string[] {
    const lines = this.#rows.map((cells) =>
      Array.from(cells, (cell) => cell ?? ' ')
        .join('')
        .trimEnd(),
    );
    while (lines.length > 0 && lines.at(-1) === '') lines.pop();
    return lines;
  }

  get cursor(): readonly [row: number, column: number] {
    return [this.#row, this.#column];
  }

  write(text: string): void {
    for (let rest = text; rest !== ''; ) {
      const [sequence, digits = '', letter = ''] = SEQUENCE.exec(rest) ?? [];
      if (sequence !== undefined) {
        this.#obey(letter, digits === '' ? undefined : Number(digits));
        rest = rest.slice(sequence.length);
        continue;
      }
      const character = String.fromCodePoint(rest.codePointAt(0) ?? 0);
      this.#put(character);
      rest = rest.slice(character.length);
    }
  }

  #obey(letter: string, number: number | undefined): void {
    const count = number ?? 1;
    if (letter === 'A') this.#row = Math.max(0, this.#row - count);
    else if (letter === 'B') this.#row += count;
    else if (letter === 'C') this.#column = Math.min(this.#columns - 1, this.#column + count);
    else if (letter === 'D') this.#column = Math.max(0, this.#column - count);
    else if (letter === 'G') this.#column = count - 1;
    else if (letter === 'J') {
      this.#cells.length = Math.min(this.#cells.length, this.#column);
      this.#rows.length = this.#row + 1;
    } else if (letter !== 'm') throw new Error(`the screen does not know the sequence ${letter}`);
  }

  get #cells(): string[] {
    while (this.#rows.length <= this.#row) this.#rows.push([]);
    return this.#rows[this.#row] ?? [];
  }

  #put(character: string): void {
    if (character === '\n') {
      this.#row += 1;
      this.#column = 0;
      void this.#cells;
      return;
    }
    if (character === '\r') {
      this.#column = 0;
      return;
    }
    const width = widthOf(character);
    if (width === 0) return;
    if (this.#column + width > this.#columns) {
      this.#row += 1;
      this.#column = 0;
    }
    this.#cells[this.#column] = character;
    if (width === 2) this.#cells[this.#column + 1] = '';
    this.#column += width;
  }
}
