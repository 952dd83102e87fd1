// The run's clock: how long it has been going, and waiting that ends at once when the run is cut.

/** Why a run was cut, as a sentence. */
export class Cut extends Error {
  override readonly name = 'Cut';
}

export class CuttableClock {
  readonly #zero = performance.now();
  readonly #waiting = new Set<(cut: Cut) => void>();
  #reason: Cut | undefined;

  /** Milliseconds since the run began. */
  readonly now = (): number => performance.now() - this.#zero;

  /** Rejects with the Cut. */
  readonly wait = (ms: number): Promise<void> =>
    new Promise((resolve, reject) => {
      if (this.#reason !== undefined) return reject(this.#reason);
      const onCut = (cut: Cut): void => {
        clearTimeout(timer);
        reject(cut);
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(onCut);
        resolve();
      }, ms);
      this.#waiting.add(onCut);
    });

  get reason(): Cut | undefined {
    return this.#reason;
  }

  /** The first reason counts. */
  cut(reason: string): void {
    if (this.#reason !== undefined) return;
    const cut = new Cut(reason);
    this.#reason = cut;
    for (const onCut of this.#waiting) onCut(cut);
    this.#waiting.clear();
  }
}
