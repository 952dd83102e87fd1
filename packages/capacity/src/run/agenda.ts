// What a run still has to do, in seconds, so that it can say how far it is and how long it takes. Estimates: entering and draining
// take as long as the server makes them take. Pure but for the time, which is given.
export class Agenda {
  readonly #now: () => number;
  #done = 0;
  #ahead: readonly number[] = [];
  #current: { readonly seconds: number; readonly begunAt: number } | undefined;

  /** `now` in milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** What is ahead, in seconds each; once more is known, again. */
  plan(ahead: readonly number[]): void {
    this.#ahead = ahead;
  }

  /** The first of what is ahead begins; what was under way is done. */
  begin(): void {
    this.#done += this.#elapsed;
    const [seconds = 0, ...ahead] = this.#ahead;
    this.#ahead = ahead;
    this.#current = { seconds, begunAt: this.#now() };
  }

  /** The first of what is ahead is left out. */
  leaveOut(): void {
    this.#ahead = this.#ahead.slice(1);
  }

  get progress(): { readonly share: number; readonly secondsLeft: number } {
    const elapsed = this.#elapsed;
    const current = Math.max(0, (this.#current?.seconds ?? 0) - elapsed);
    const secondsLeft = this.#ahead.reduce((sum, seconds) => sum + seconds, current);
    const done = this.#done + elapsed;
    return { share: done === 0 ? 0 : done / (done + secondsLeft), secondsLeft };
  }

  get #elapsed(): number {
    return this.#current === undefined ? 0 : (this.#now() - this.#current.begunAt) / 1e3;
  }
}
