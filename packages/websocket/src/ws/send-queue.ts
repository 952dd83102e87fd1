// The order of what is sent while a Blob is being read: everything after it waits. Costs nothing where there are no Blobs.

type Act = () => void;

export class SendQueue {
  #waiting: Act[] | undefined;

  /** Does it now, or after what is being read. */
  inTurn(act: Act): void {
    if (this.#waiting === undefined) act();
    else this.#waiting.push(act);
  }

  /** Reads, in its turn; what comes after waits until one of the two has been called. */
  read(blob: Blob, read: (bytes: Buffer) => void, failed: (cause: unknown) => void): void {
    this.inTurn(() => {
      this.#waiting ??= [];
      blob.arrayBuffer().then(
        (bytes) => this.#goOn(() => read(Buffer.from(bytes))),
        (cause: unknown) => this.#goOn(() => failed(cause)),
      );
    });
  }

  #goOn(act: Act): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    act();
    for (const next of waiting) this.inTurn(next);
  }
}
