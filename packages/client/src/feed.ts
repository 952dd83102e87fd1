// The feed of one room: what has come in from the log, in order (rules F1, F2, F4). A gap that the server announces is jumped over;
// any other hole is not. Pure: it is told what the server said and tells which entries are next. joined-room.ts does the asking.
import type { JoinedEvent, Position, ReceivedEntry } from '@wireroom/protocol';
import * as CLIENT_LIMITS from './limits.ts';

export interface FeedStep {
  /** Everything before is void: forget it, then take the entries. */
  readonly isRestart: boolean;
  /** The next ones, in order. Only over a gap does the first have a larger seq than the one after the last. */
  readonly entries: readonly ReceivedEntry[];
}

export class Feed {
  #cursor: Position | undefined;
  /** The highest seq that is known to be in the log. */
  #head = 0;
  /** Entries beyond a hole, by seq. Bounded: what does not fit is read again. */
  readonly #buffer = new Map<number, ReceivedEntry>();
  #stalls = 0;
  #isOfAnotherEpoch = false;

  /** Everything up to here has been given. `undefined` before the first state. */
  get cursor(): Position | undefined {
    return this.#cursor;
  }

  /** Is something missing that the log has? Then a page after the cursor is due. */
  get isBehind(): boolean {
    return this.#cursor !== undefined && this.#cursor.seq < this.#head;
  }

  /** Pages do not help, or would be too many: the room has to be joined again, by cursor. */
  get isLost(): boolean {
    const missing = this.#head - (this.#cursor?.seq ?? this.#head);
    return (
      this.#isOfAnotherEpoch ||
      this.#stalls >= CLIENT_LIMITS.stallsMax ||
      missing > CLIENT_LIMITS.behindEntriesMax
    );
  }

  /** The log is another one: join it without a cursor. */
  forget(): void {
    this.#cursor = undefined;
    this.#buffer.clear();
  }

  /** The answer to a join, or to one cursor of several. After a gap the entries begin later than the cursor. */
  joined({ position, resume, entries }: Pick<JoinedEvent, 'position' | 'resume' | 'entries'>): FeedStep {
    this.#buffer.clear();
    this.#stalls = 0;
    this.#isOfAnotherEpoch = false;
    this.#head = position.seq;
    const firstSeq = firstSeqOf(position, entries);
    const cursor = this.#cursor;
    const isRestart =
      cursor === undefined ||
      resume === 'fresh' ||
      resume === 'reset' ||
      cursor.epoch !== position.epoch ||
      cursor.seq > position.seq;
    const isJump = resume === 'gap' && entries.length > 0 && firstSeq > (cursor?.seq ?? 0) + 1;
    if (isRestart || isJump) this.#cursor = { epoch: position.epoch, seq: firstSeq - 1 };
    return { isRestart, entries: this.#take(entries) };
  }

  /** One live entry, or one that came twice, too late or too early. */
  heard(entry: ReceivedEntry): FeedStep {
    return { isRestart: false, entries: this.#take([entry]) };
  }

  /** The log has this seq, somebody said, but its entry has not been seen. */
  learned(seq: number): void {
    this.#head = Math.max(this.#head, seq);
  }

  /** Where the log stands, the server says; perhaps it is another one than ours. */
  heardHead({ epoch, seq }: Position): void {
    if (this.#cursor === undefined) return;
    if (epoch !== this.#cursor.epoch) this.#isOfAnotherEpoch = true;
    else this.learned(seq);
  }

  /** The answer to a page after the cursor. */
  paged(entries: readonly ReceivedEntry[]): FeedStep {
    const taken = this.#take(entries);
    this.#stalls = taken.length > 0 || !this.isBehind ? 0 : this.#stalls + 1;
    return { isRestart: false, entries: taken };
  }

  #take(entries: readonly ReceivedEntry[]): readonly ReceivedEntry[] {
    const taken: ReceivedEntry[] = [];
    for (const entry of entries) {
      const cursor = this.#cursor;
      if (cursor === undefined) break;
      if (entry.epoch !== cursor.epoch) {
        this.#isOfAnotherEpoch = true;
        continue;
      }
      this.#head = Math.max(this.#head, entry.seq);
      if (entry.seq === cursor.seq + 1) this.#advance(entry, taken);
      else if (entry.seq > cursor.seq && this.#buffer.size < CLIENT_LIMITS.bufferedEntriesMax) {
        this.#buffer.set(entry.seq, entry);
      }
    }
    return taken;
  }

  /** Takes the entry, and whatever had waited beyond it. */
  #advance(entry: ReceivedEntry, taken: ReceivedEntry[]): void {
    let next: ReceivedEntry | undefined = entry;
    while (next !== undefined) {
      taken.push(next);
      this.#buffer.delete(next.seq);
      this.#cursor = { epoch: next.epoch, seq: next.seq };
      next = this.#buffer.get(next.seq + 1);
    }
  }
}

/** Where an answer's entries begin. None: where the next one will be. */
export const firstSeqOf = (position: Position, entries: readonly ReceivedEntry[]): number =>
  entries[0]?.seq ?? position.seq + 1;
