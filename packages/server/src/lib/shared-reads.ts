// Reads that many want at once: whoever asks shares a read that begins after they asked, so that nobody is told what was true
// before the question. A thousand who come back in the same moment are one read, and those who ask while it is under way the next.

export class SharedReads<T> {
  readonly #underWay = new Map<string, Promise<T>>();
  readonly #next = new Map<string, Promise<T>>();

  /** The same key means the same read. It begins when the one under way has ended; where none is, after the code that asks. */
  of(key: string, read: () => Promise<T>): Promise<T> {
    const waiting = this.#next.get(key);
    if (waiting !== undefined) return waiting;
    // The failure of the one before is told to those who asked for it.
    const before = this.#underWay.get(key)?.then(nothing, nothing) ?? Promise.resolve();
    const next = before.then(() => {
      this.#next.delete(key);
      return this.#start(key, read);
    });
    this.#next.set(key, next);
    return next;
  }

  #start(key: string, read: () => Promise<T>): Promise<T> {
    const reading = read();
    const ended = (): void => {
      if (this.#underWay.get(key) === reading) this.#underWay.delete(key);
    };
    this.#underWay.set(key, reading);
    reading.then(ended, ended);
    return reading;
  }
}

const nothing = (): void => undefined;
