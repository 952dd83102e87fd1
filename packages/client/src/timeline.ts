// The timeline of one room: the entries that are shown, oldest first, one contiguous stretch of the log, bounded.
// It is handed entries in order by the feed, and older ones by history.ts; it asks for nothing.
import type { AuthorId, ReceivedEntry } from '@wireroom/protocol';
import { CLIENT_LIMITS } from './limits.ts';
import type { MessageItem, NoticeItem } from './snapshot.ts';

export type EntryItem = MessageItem | NoticeItem;

const FIRST_ITEM_INDEX = 1_000_000;

export class Timeline {
  #items: readonly EntryItem[] = [];
  #firstItemIndex = FIRST_ITEM_INDEX;
  #oldestSeq: number | undefined;
  #mine: AuthorId | undefined;

  /** A new array after every change, the same one otherwise. */
  get items(): readonly EntryItem[] {
    return this.#items;
  }

  get firstItemIndex(): number {
    return this.#firstItemIndex;
  }

  /** The seq at which the stretch begins. `undefined`: nothing was shown yet. */
  get oldestSeq(): number | undefined {
    return this.#oldestSeq;
  }

  /** Whose messages are "mine". Another author than before makes the items anew. */
  setMine(authorId: AuthorId): void {
    if (this.#mine === authorId) return;
    this.#mine = authorId;
    this.#items = this.#items.map((item) =>
      item.kind === 'message' && item.isMine !== (item.author.authorId === authorId)
        ? { ...item, isMine: !item.isMine }
        : item,
    );
  }

  restart(): void {
    this.#items = [];
    this.#firstItemIndex = FIRST_ITEM_INDEX;
    this.#oldestSeq = undefined;
  }

  /** The feed's next entries. Entries of types that have no place here count, and are not shown. */
  append(entries: readonly ReceivedEntry[]): void {
    this.#oldestSeq ??= entries[0]?.seq;
    const items = entries.map((entry) => this.#itemOf(entry)).filter((item) => item !== undefined);
    if (items.length > 0) this.#items = [...this.#items, ...items];
  }

  /** The entries right before the oldest one, oldest first. Tells whether they were that. */
  prepend(entries: readonly ReceivedEntry[]): boolean {
    const first = entries[0];
    if (first === undefined || this.#oldestSeq === undefined) return false;
    if (entries.some((entry, index) => entry.seq !== first.seq + index)) return false;
    if (first.seq + entries.length !== this.#oldestSeq) return false;
    const items = entries.map((entry) => this.#itemOf(entry)).filter((item) => item !== undefined);
    if (items.length > 0) this.#items = [...items, ...this.#items];
    this.#firstItemIndex -= items.length;
    this.#oldestSeq = first.seq;
    return true;
  }

  /** Drops the oldest items beyond the bound, several at once. They can be read again. */
  trim(itemsMax: number): void {
    if (this.#items.length < itemsMax + CLIENT_LIMITS.timelineTrimItems) return;
    const count = this.#items.length - itemsMax;
    this.#items = this.#items.slice(count);
    this.#firstItemIndex += count;
    this.#oldestSeq = this.#items[0]?.seq ?? this.#oldestSeq;
  }

  #itemOf(entry: ReceivedEntry): EntryItem | undefined {
    switch (entry.type) {
      case 'message': {
        const { seq, author, text, at } = entry;
        const isMine = author.authorId === this.#mine;
        // One's own message keeps the key that its draft had, so that a view does not build it anew. A draftId has no
        // '#' in it, and another author's draftId proves nothing.
        return { kind: 'message', key: isMine ? entry.draftId : `#${seq}`, seq, author, text, at, isMine };
      }
      case 'join':
      case 'leave': {
        const { seq, author, at } = entry;
        return { kind: 'notice', key: `#${seq}`, what: entry.type, seq, author, at };
      }
      case 'unknown':
        return undefined;
    }
  }
}
