// Where a run is shown while it is under way: lines at the bottom of a terminal that are drawn again in their place, with results printed
// above them; or plain lines every few seconds where there is no terminal. Knows no figures.
import readline from 'node:readline';
import { stripVTControlCharacters } from 'node:util';
import type { Io } from '../terminal/terminal.ts';
import { widthOf } from '../terminal/width.ts';
import { VIEW } from './limits.ts';

export interface LiveScreen {
  /** What stands now. `plain`: the same in a line, for where there is no terminal. */
  show(lines: () => readonly string[], plain: () => string): void;
  /** Stays. */
  print(line: string): void;
  /** Takes away what stands. */
  clear(): void;
}

export function openScreen(io: Io, isQuiet: boolean, now: () => number): LiveScreen {
  return io.output.isTTY === true && io.env.TERM !== 'dumb' && !isQuiet
    ? new DrawnScreen(io, now)
    : new PlainScreen(io, now);
}

/** As a terminal has it now: it may be made wider or narrower at any time. */
export const columnsOf = ({ output }: Io): number => output.columns ?? 80;

class DrawnScreen implements LiveScreen {
  readonly #io: Io;
  readonly #now: () => number;
  #standing: readonly string[] = [];
  #drawnAt = Number.NEGATIVE_INFINITY;

  constructor(io: Io, now: () => number) {
    this.#io = io;
    this.#now = now;
  }

  show(lines: () => readonly string[]): void {
    if (this.#now() - this.#drawnAt < VIEW.redrawMs) return;
    this.#draw('', lines());
  }

  print(line: string): void {
    this.#draw(`${line}\n`, this.#standing);
  }

  clear(): void {
    this.#draw('', []);
  }

  /** In one write each, so that nothing flickers. */
  #draw(above: string, lines: readonly string[]): void {
    const { output } = this.#io;
    const rows = this.#rows();
    if (rows > 0) {
      readline.moveCursor(output, 0, -rows);
      readline.cursorTo(output, 0);
      readline.clearScreenDown(output);
    }
    output.write(above + lines.map((line) => `${line}\n`).join(''));
    this.#standing = lines;
    this.#drawnAt = this.#now();
  }

  /** Those that stand may take several rows each once the terminal has become narrower. */
  #rows(): number {
    const columns = columnsOf(this.#io);
    const rowsOf = (line: string): number =>
      Math.max(1, Math.ceil(widthOf(stripVTControlCharacters(line)) / columns));
    return this.#standing.reduce((sum, line) => sum + rowsOf(line), 0);
  }
}

class PlainScreen implements LiveScreen {
  readonly #io: Io;
  readonly #now: () => number;
  #printedAt: number;

  constructor(io: Io, now: () => number) {
    this.#io = io;
    this.#now = now;
    this.#printedAt = now();
  }

  show(_lines: () => readonly string[], plain: () => string): void {
    if (this.#now() - this.#printedAt < VIEW.lineMs) return;
    this.print(plain());
  }

  /** For people: the output is for the result. */
  print(line: string): void {
    this.#printedAt = this.#now();
    this.#io.errors.write(`${line}\n`);
  }

  clear(): void {
    // Nothing stands.
  }
}
