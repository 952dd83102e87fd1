// One reader's cursor on one room: a small state machine that never skips, never repeats, and never pushes at somebody
// who does not read (rule F3).
//   opening --start--> live <--> behind --end--> ended
import type { Entry } from '@wireroom/protocol';

/** Whoever the feed brings entries to: a gateway's end of a connection. */
export interface Reader {
  /** Takes one entry, at once. */
  deliver(entry: Entry): void;
  /** An entry was not brought to it, since there was no room for it or for one before it: it comes later, out of the log. */
  skipped?(entry: Entry): void;
  /** Is there room for more? If not, the reader calls `drained` on its subscriptions when there is. */
  isWritable(): boolean;
  /** The log could not be read for this reader: it has to reconnect. */
  fail(error: unknown): void;
}

interface SubscriptionParts {
  readonly reader: Reader;
  readonly read: (after: number) => Promise<{ readonly entries: readonly Entry[] }>;
  /** The room's head as this node knows it. */
  readonly head: () => number;
  readonly learnHead: (seq: number) => void;
  readonly onEnd: (subscription: Subscription) => void;
}

export class Subscription {
  readonly #parts: SubscriptionParts;
  #phase: 'opening' | 'live' | 'behind' | 'ended' = 'opening';
  #cursor = 0;
  /** Behind for want of room, and not since it has just begun. */
  #hasFallenBehind = false;
  #isReading = false;

  constructor(parts: SubscriptionParts) {
    this.#parts = parts;
  }

  /** The reader has the state at `seq`; everything later is brought to it from here on. */
  start(seq: number): void {
    if (this.#phase !== 'opening') return;
    this.#cursor = seq;
    this.#parts.learnHead(seq);
    this.#phase = 'behind';
    this.drained();
  }

  /** The room's next entry, as it happens. A reader that is behind finds it in the log later. */
  offer(entry: Entry): void {
    // The cursor may be ahead of the room's head: it may have read the log before the hint came.
    if (entry.seq <= this.#cursor) return;
    if (this.#phase === 'live') {
      if (this.#parts.reader.isWritable()) {
        this.#deliver(entry);
        return;
      }
      this.#phase = 'behind';
      this.#hasFallenBehind = true;
    }
    if (this.#phase === 'behind' && this.#hasFallenBehind) this.#parts.reader.skipped?.(entry);
  }

  /** The reader has room again. */
  drained(): void {
    if (this.#phase !== 'behind' || this.#isReading) return;
    if (this.#cursor >= this.#parts.head()) {
      this.#catchUp();
      return;
    }
    this.#isReading = true;
    this.#readOn()
      .catch((error: unknown) => {
        if (this.#phase !== 'ended') this.#parts.reader.fail(error);
      })
      .finally(() => {
        this.#isReading = false;
        // The reader may have drained, or the head have moved, while the last read was under way.
        if (this.#phase === 'behind' && this.#parts.reader.isWritable()) this.drained();
      });
  }

  end(): void {
    if (this.#phase === 'ended') return;
    this.#phase = 'ended';
    this.#parts.onEnd(this);
  }

  async #readOn(): Promise<void> {
    while (this.#phase === 'behind' && this.#cursor < this.#parts.head() && this.#parts.reader.isWritable()) {
      const { entries } = await this.#parts.read(this.#cursor);
      if (entries.length === 0)
        throw new Error(`the log has nothing after seq ${this.#cursor}, though its head is further`);
      for (const entry of entries) {
        if (this.#phase !== 'behind' || !this.#parts.reader.isWritable()) return;
        this.#deliver(entry);
      }
    }
    if (this.#phase === 'behind' && this.#cursor >= this.#parts.head()) this.#catchUp();
  }

  #catchUp(): void {
    this.#phase = 'live';
    this.#hasFallenBehind = false;
  }

  #deliver(entry: Entry): void {
    this.#cursor = entry.seq;
    this.#parts.reader.deliver(entry);
  }
}
