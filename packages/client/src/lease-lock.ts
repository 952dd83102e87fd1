// A Web Lock as a bell: the browser grants it when the tab that held it is gone, however it went. It decides nothing (the
// lease in the database does), so where locks are missing, on plain http, everything works, a second or two later.

/** The part of `navigator.locks` that is used. */
export interface Locks {
  request(
    name: string,
    options: { readonly signal: AbortSignal },
    granted: () => Promise<void>,
  ): Promise<unknown>;
}

export class LeaseLock {
  readonly #locks: Locks;
  readonly #name: string;
  readonly #granted: () => void;
  /** Ends the waiting, or the holding. */
  #end: (() => void) | undefined;

  constructor(locks: Locks, name: string, granted: () => void) {
    this.#locks = locks;
    this.#name = name;
    this.#granted = granted;
  }

  /** Waits for it, if it does not have it or wait already. */
  stand(): void {
    if (this.#end !== undefined) return;
    const waiting = new AbortController();
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let isOver = false;
    this.#end = () => {
      isOver = true;
      waiting.abort();
      release();
    };
    this.#locks
      .request(this.#name, { signal: waiting.signal }, () => {
        if (!isOver) this.#granted();
        return held;
      })
      // Given up, or refused (a page without an origin of its own): the questions between the tabs do without.
      .catch(() => {});
  }

  leave(): void {
    this.#end?.();
    this.#end = undefined;
  }
}
