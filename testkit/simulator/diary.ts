// What happened in a run: a line for each thing, with the simulated time and who did it. Off, it costs one boolean.

/** Lines kept; the oldest go first. */
const LINES_MAX = 200_000;

export class Diary {
  readonly lines: string[] = [];
  readonly #isOn: boolean;
  readonly #now: () => number;

  constructor(isOn: boolean, now: () => number) {
    this.#isOn = isOn;
    this.#now = now;
  }

  note(who: string, what: () => string): void {
    if (!this.#isOn) return;
    if (this.lines.length >= LINES_MAX) this.lines.splice(0, LINES_MAX / 10);
    this.lines.push(`${(this.#now() / 1000).toFixed(3).padStart(9)}  ${who.padEnd(8)} ${what()}`);
  }
}
