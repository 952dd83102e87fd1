// A server sends the same bytes to many connections: they are looked through for the first, and the others are given the same
// result. Holds the last piece only, since a broadcast comes to all of them one after another. redact-stream.ts asks it.

/** Whole messages, uncompressed, that nothing before them has a part in: what is secret in them is the same for everybody. */
export interface RedactedMessages {
  /** As they came; known again by being the very same memory. */
  readonly given: Uint8Array;
  readonly bytes: Uint8Array;
  readonly hidden: readonly (readonly [number, number])[];
  readonly frames: number;
  readonly messages: number;
}

export class RedactionMemo {
  #last: RedactedMessages | undefined;

  find(given: Uint8Array): RedactedMessages | undefined {
    return this.#last?.given === given ? this.#last : undefined;
  }

  keep(redacted: RedactedMessages): void {
    this.#last = redacted;
  }
}
