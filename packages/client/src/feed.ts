// The feed of one room: what has come in from the log, in order and without a hole (rules F1, F2, F4). Pure: it is told
// what the server said and tells which entries are next, and what to ask for. room.ts does the asking.
import type { JoinedEvent, Position, ReceivedEntry } from '@wireroom/protocol';
import { CLIENT_LIMITS } from './limits.ts';

export interface FeedStep {
  /** Everything before is void: forget it, then take the entries. */
  readonly isRestart: boolean;
  /** The next ones, in order: the first has the seq after the last one that was ever given. */
  readonly entries: readonly ReceivedEntry[];
}

const NOTHING: FeedStep = { isRestart: false, entries: [] };

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

  /** Pages do not help: the room has to be joined again, by cursor. */
  get isLost(): boolean {
    return this.#isOfAnotherEpoch || this.#stalls >= CLIENT_LIMITS.stallsMax;
  }

  joined(event: Pick<JoinedEvent, 'position' | 'resume' | 'entries'>): FeedStep {
    const { position, entries } = event;
    this.#buffer.clear();
    this.#stalls = 0;
    this.#isOfAnotherEpoch = false;
    this.#head = position.seq;
    const firstSeq = entries[0]?.seq ?? position.seq + 1;
    const isRestart = !this.#isContinuedBy(event, firstSeq);
    if (isRestart) this.#cursor = { epoch: position.epoch, seq: firstSeq - 1 };
    return { isRestart, entries: this.#take(entries) };
  }

  /** One live entry, or one that came twice, too late or too early. */
  heard(entry: ReceivedEntry): FeedStep {
    if (this.#cursor === undefined) return NOTHING;
    return { isRestart: false, entries: this.#take([entry]) };
  }

  /** The log has this seq, somebody said, but its entry has not been seen. */
  learned(seq: number): void {
    this.#head = Math.max(this.#head, seq);
  }

  /** The answer to a page after the cursor. */
  paged(entries: readonly ReceivedEntry[]): FeedStep {
    const taken = this.#take(entries);
    this.#stalls = taken.length > 0 || !this.isBehind ? 0 : this.#stalls + 1;
    return { isRestart: false, entries: taken };
  }

  #isContinuedBy(event: Pick<JoinedEvent, 'position' | 'resume'>, firstSeq: number): boolean {
    const cursor = this.#cursor;
    if (cursor === undefined || event.resume === 'fresh' || event.resume === 'reset') return false;
    if (cursor.epoch !== event.position.epoch || cursor.seq > event.position.seq) return false;
    return firstSeq - 1 - cursor.seq <= CLIENT_LIMITS.gapEntriesMax;
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
