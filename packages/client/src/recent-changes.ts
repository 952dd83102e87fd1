// The newest edits, deletions and reactions of a room, whole from one seq on: what a page did not know yet when it was read, though we
// had heard of it before the page came.
import type { DeleteEntry, EditEntry, ReactEntry, ReceivedEntry, UnreactEntry } from '@wireroom/protocol';
import * as CLIENT_LIMITS from './limits.ts';

export type ChangeEntry = EditEntry | DeleteEntry | ReactEntry | UnreactEntry;

export const isChange = (entry: ReceivedEntry): entry is ChangeEntry => 'target' in entry;

export class RecentChanges {
  #entries: readonly ChangeEntry[] = [];
  #from = 1;

  /** Everything before this seq is forgotten, or was never heard. */
  restart(from: number): void {
    this.#entries = [];
    this.#from = from;
  }

  add(entry: ChangeEntry): void {
    // Of what is deleted nothing is kept.
    const rest =
      entry.type === 'delete'
        ? this.#entries.filter(({ type, target }) => type !== 'edit' || target !== entry.target)
        : this.#entries;
    this.#entries = [...rest, entry];
    if (this.#entries.length <= CLIENT_LIMITS.recentChangesMax) return;
    this.#entries = this.#entries.slice(this.#entries.length / 2);
    this.#from = this.#entries[0]?.seq ?? this.#from;
  }

  /** Is everything known that came after this seq? */
  isWholeAfter(seq: number): boolean {
    return seq + 1 >= this.#from;
  }

  of(target: number, afterSeq: number): readonly ChangeEntry[] {
    return this.#entries.filter((entry) => entry.target === target && entry.seq > afterSeq);
  }
}
