// One reader's cursor on one room: a small state machine that never skips, never repeats, and never pushes at somebody
// who does not read (rule F3).
//   opening --start--> live <--> behind --end--> ended
import type { Entry, Position } from '@wireroom/protocol';

/** Whoever the feed brings entries to: a gateway's end of a connection. */
export interface Reader {
  /** Takes entries, at once: one or more, oldest first, at most `FEED_LIMITS.runBytesMax` of JSON or one alone. */
  deliver(entries: readonly Entry[]): void;
  /** An entry was not brought to it, since there was no room for it or for one before it: it comes later, out of the log. */
  skipped?(entry: Entry): void;
  /** Is there room for more? If not, the reader calls `drained` on its subscriptions when there is. */
  isWritable(): boolean;
  /** The log could not be read for this reader: it has to reconnect. */
  fail(error: unknown): void;
}

interface SubscriptionParts {
  readonly reader: Reader;
  /** Entries after a seq, of which there are some: up to `head` the log is known. Waits its turn. */
  readonly read: (after: number, head: Position) => Promise<{ readonly entries: readonly Entry[] }>;
  /** The room's head as this node knows it; undefined before anybody has told. */
  readonly head: () => Position | undefined;
  /** Those who did not keep up. */
  readonly behind: Set<{ readonly lag: number }>;
  readonly learnHead: (position: Position) => void;
  readonly onEnd: (subscription: Subscription) => void;
}

export class Subscription {
  readonly #parts: SubscriptionParts;
  #phase: 'opening' | 'live' | 'behind' | 'ended' = 'opening';
  #cursor = 0;
  /** Behind for want of room, and not since it has just begun. */
  #hasFallenBehind = false;
  #isReading = false;
  /** How far the reader was told that the room goes, beside its entries. */
  #toldSeq = 0;

  constructor(parts: SubscriptionParts) {
    this.#parts = parts;
  }

  /**
   * The reader has the state at this position; everything later is brought to it from here on. With a `cursor` before it, the
   * reader has everything up to that only, and what lies between is read from the log.
   */
  start(position: Position, cursor = position.seq): void {
    if (this.#phase !== 'opening') return;
    this.#cursor = cursor;
    this.#toldSeq = position.seq;
    this.#parts.learnHead(position);
    this.#phase = 'behind';
    this.drained();
  }

  /** The room's next entries, as they happen. A reader that is behind finds them in the log later. */
  offer(run: readonly Entry[]): void {
    if (this.#phase === 'live' && this.#parts.reader.isWritable()) {
      this.#deliverLive(run);
      return;
    }
    const entries = this.#unseen(run);
    if (entries.length === 0) return;
    if (this.#phase === 'live') {
      this.#phase = 'behind';
      this.#hasFallenBehind = true;
      this.#parts.behind.add(this);
    }
    if (this.#phase !== 'behind' || !this.#hasFallenBehind) return;
    for (const entry of entries) this.#parts.reader.skipped?.(entry);
  }

  /** The reader has room again. */
  drained(): void {
    if (this.#phase !== 'behind' || this.#isReading) return;
    if (this.#ahead() === undefined) {
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

  /** Where the room stands, if it has grown since this was last asked and the reader has all of it: it can check. */
  news(): Position | undefined {
    const head = this.#parts.head();
    if (this.#phase !== 'live' || head === undefined || this.#cursor <= this.#toldSeq) return undefined;
    this.#toldSeq = this.#cursor;
    return { epoch: head.epoch, seq: this.#cursor };
  }

  /** How many entries of the room it has not brought yet. */
  get lag(): number {
    const head = this.#parts.head();
    return head === undefined ? 0 : Math.max(0, head.seq - this.#cursor);
  }

  end(): void {
    if (this.#phase === 'ended') return;
    this.#phase = 'ended';
    this.#parts.behind.delete(this);
    this.#parts.onEnd(this);
  }

  async #readOn(): Promise<void> {
    for (let head = this.#ahead(); this.#mayRead() && head !== undefined; head = this.#ahead()) {
      const { entries } = await this.#parts.read(this.#cursor, head);
      if (entries.length === 0)
        throw new Error(`the log has nothing after seq ${this.#cursor}, though its head is further`);
      if (!this.#mayRead()) return;
      this.#deliver(entries);
    }
    if (this.#phase === 'behind' && this.#ahead() === undefined) this.#catchUp();
  }

  #mayRead(): boolean {
    return this.#phase === 'behind' && this.#parts.reader.isWritable();
  }

  /** The room's head, if it is further than this reader. */
  #ahead(): Position | undefined {
    const head = this.#parts.head();
    return head !== undefined && head.seq > this.#cursor ? head : undefined;
  }

  #catchUp(): void {
    this.#phase = 'live';
    if (this.#hasFallenBehind) this.#parts.behind.delete(this);
    this.#hasFallenBehind = false;
  }

  /** The cursor may be ahead of the room's head: the reader may have read the log before the hint came. */
  #unseen(run: readonly Entry[]): readonly Entry[] {
    const isNew = (run[0]?.seq ?? 0) > this.#cursor;
    return isNew ? run : run.filter(({ seq }) => seq > this.#cursor);
  }

  /** What one reader throws is its own end: whoever else follows the room is brought the run all the same. */
  #deliverLive(run: readonly Entry[]): void {
    try {
      this.#deliver(this.#unseen(run));
    } catch (error) {
      this.end();
      this.#parts.reader.fail(error);
    }
  }

  #deliver(entries: readonly Entry[]): void {
    const newest = entries.at(-1);
    if (newest === undefined) return;
    this.#cursor = newest.seq;
    this.#parts.reader.deliver(entries);
  }
}
