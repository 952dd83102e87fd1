// The timeline of one room: stretches of the log with gaps between them, oldest first, bounded; messages as they stand now.
// It is handed entries in order by the feed, and pages by history.ts; it asks for nothing, but tells what is stale.
import type { AuthorId, MessageEntry, PageEvent, ReceivedEntry } from '@wireroom/protocol';
import * as CLIENT_LIMITS from './limits.ts';
import { changed, lacksNames, stated } from './message-changes.ts';
import { type ChangeEntry, isChange, RecentChanges } from './recent-changes.ts';
import type { GapItem, MessageItem, NoticeItem, TimelineItem } from './snapshot.ts';
import { type EntryItem, Stretch } from './stretch.ts';
import { keptIfSame } from './structural-sharing.ts';

/** As much of a page as is used here. */
export type Page = Pick<PageEvent, 'entries' | 'states' | 'position'>;

/** What became of a page: it is shown; it fits nowhere (any more); or it is too old to tell what came after it. */
export type PageFate = 'taken' | 'misfit' | 'outdated';

export interface Gap {
  readonly key: string;
  readonly from: number;
  readonly to: number;
}

const FIRST_ITEM_INDEX = 1_000_000;

export class Timeline {
  #stretches: Stretch[] = [];
  #firstItemIndex = FIRST_ITEM_INDEX;
  #mine: AuthorId | undefined;
  #shown: readonly TimelineItem[] | undefined;
  /** Up to which seq a message is known to be as it is shown, where that is not its own. */
  readonly #asOf = new Map<number, number>();
  readonly #recent = new RecentChanges();
  /** Messages that something has changed, and we do not know how. */
  readonly #stale = new Set<number>();
  #gapItems: ReadonlyMap<string, GapItem> = new Map();
  #loadingGap: string | undefined;

  /** A new array after every change, the same one otherwise. */
  get items(): readonly TimelineItem[] {
    this.#shown ??= this.#flatten();
    return this.#shown;
  }

  get firstItemIndex(): number {
    return this.#firstItemIndex;
  }

  get itemCount(): number {
    return this.#stretches.reduce((count, { items }) => count + items.length, 0);
  }

  /** The seq at which the oldest stretch begins. `undefined`: nothing was shown yet. */
  get oldestSeq(): number | undefined {
    return this.#stretches[0]?.from;
  }

  /** Oldest first. */
  get gaps(): readonly Gap[] {
    return this.#stretches.flatMap(({ from, gapKey }, index) => {
      const before = this.#stretches[index - 1];
      return before === undefined ? [] : [{ key: gapKey, from: before.to + 1, to: from - 1 }];
    });
  }

  /** Messages to be read again, with their states. */
  get stale(): ReadonlySet<number> {
    return this.#stale;
  }

  /** Whose messages are "mine". Another author than before makes the items anew. */
  setMine(authorId: AuthorId): void {
    if (this.#mine === authorId) return;
    this.#mine = authorId;
    for (const stretch of this.#stretches)
      stretch.items = stretch.items.map((item) =>
        item.kind === 'message' ? this.#claimed(item, authorId) : item,
      );
    this.#shown = undefined;
  }

  restart(): void {
    this.#stretches = [];
    this.#firstItemIndex = FIRST_ITEM_INDEX;
    this.#asOf.clear();
    this.#stale.clear();
    this.#shown = undefined;
  }

  /** The feed's next entries, in order. Where they jump, a gap opens. Entries that have no place here count, and are not shown. */
  append(entries: readonly ReceivedEntry[]): void {
    for (const entry of entries) {
      const stretch = this.#stretchFor(entry.seq);
      stretch.to = entry.seq;
      if (isChange(entry)) {
        this.#recent.add(entry);
        this.#apply(entry);
        continue;
      }
      const item = this.#itemOf(entry);
      if (item === undefined) continue;
      stretch.items.push(item);
      this.#shown = undefined;
    }
  }

  /** A page that joins onto a stretch: older entries, or an end of a gap. What is there already is left out. */
  insert(page: Page): PageFate {
    const { entries } = page;
    const [first] = entries;
    const last = entries.at(-1);
    if (first === undefined || last === undefined || !isContiguous(entries)) return 'misfit';
    const isLower = (stretch: Stretch): boolean => stretch.from === last.seq + 1;
    const isUpper = (stretch: Stretch, index: number): boolean =>
      stretch.to === first.seq - 1 && index < this.#stretches.length - 1;
    const lower = this.#stretches.findIndex(isLower);
    const upper = this.#stretches.findIndex(isUpper);
    const index = lower >= 0 ? lower : upper + 1;
    if (lower < 0 && upper < 0) return 'misfit';
    if (this.#isOutdated(page)) return 'outdated';
    const countBefore = this.items.length;
    const fresh = this.#join(index, page, { isLower: lower >= 0 });
    for (const entry of fresh) if (isChange(entry)) this.#missed(entry);
    this.#shown = undefined;
    this.#firstItemIndex -= this.items.length - countBefore;
    return 'taken';
  }

  /** Before the stretch at this index, or after the one above it. Where they meet, they are one. Returns what was not there. */
  #join(index: number, page: Page, { isLower }: { readonly isLower: boolean }): readonly ReceivedEntry[] {
    const above = this.#stretches[index - 1];
    const below = this.#stretches[index];
    const fresh = page.entries.filter(
      ({ seq }) => (above === undefined || seq > above.to) && (below === undefined || seq < below.from),
    );
    const items = this.#itemsOf(fresh, page);
    if (isLower && below !== undefined) {
      below.from = fresh[0]?.seq ?? below.from;
      below.items = [...items, ...below.items];
    } else if (above !== undefined) {
      above.to = fresh.at(-1)?.seq ?? above.to;
      above.items = [...above.items, ...items];
    }
    if (above === undefined || below === undefined || above.to + 1 !== below.from) return fresh;
    above.to = below.to;
    above.items = [...above.items, ...below.items];
    this.#stretches.splice(index, 1);
    return fresh;
  }

  /** A page over what is shown: messages are as it says. */
  refresh(page: Page): PageFate {
    if (this.#isOutdated(page)) return 'outdated';
    for (const entry of page.entries) {
      this.#stale.delete(entry.seq);
      const stretch = this.#holding(entry.seq);
      const item = stretch?.message(entry.seq);
      if (entry.type !== 'message' || stretch === undefined || item === undefined) continue;
      const [fresh] = this.#itemsOf([entry], page);
      if (fresh?.kind === 'message') stretch.replace({ ...fresh, key: item.key });
    }
    this.#shown = undefined;
    return 'taken';
  }

  /** Was it read so long ago that changes since then have been forgotten? */
  #isOutdated({ position }: Page): boolean {
    return position !== undefined && !this.#recent.isWholeAfter(position.seq);
  }

  /** Nobody can tell what became of it. */
  forgetStale(seq: number): void {
    this.#stale.delete(seq);
  }

  setLoadingGap(key: string | undefined): void {
    if (this.#loadingGap === key) return;
    this.#loadingGap = key;
    this.#shown = undefined;
  }

  /** Drops the oldest items beyond the bound, several at once, with their gaps. They can be read again. */
  trim(itemsMax: number): void {
    const { itemCount } = this;
    const isFull = itemCount >= itemsMax + CLIENT_LIMITS.timelineTrimItems;
    const isTorn = this.#stretches.length > CLIENT_LIMITS.gapsMax + 1;
    if (!isFull && !isTorn) return;
    const countBefore = this.items.length;
    while (this.#stretches.length > CLIENT_LIMITS.gapsMax + 1) this.#dropOldest();
    let left = isFull ? Math.max(0, this.itemCount - itemsMax) : 0;
    for (let first = this.#stretches[0]; first !== undefined && left > 0; first = this.#stretches[0]) {
      if (first.items.length > left || this.#stretches.length === 1) {
        this.#forget(first.items.splice(0, left));
        first.from = first.items[0]?.seq ?? first.to + 1;
        break;
      }
      left -= first.items.length;
      this.#dropOldest();
    }
    this.#shown = undefined;
    this.#firstItemIndex += countBefore - this.items.length;
  }

  #dropOldest(): void {
    const [oldest] = this.#stretches.splice(0, 1);
    if (oldest !== undefined) this.#forget(oldest.items);
  }

  #forget(items: readonly EntryItem[]): void {
    for (const { seq } of items) {
      this.#asOf.delete(seq);
      this.#stale.delete(seq);
    }
  }

  #stretchFor(seq: number): Stretch {
    const last = this.#stretches.at(-1);
    if (last !== undefined && last.to + 1 === seq) return last;
    const stretch = new Stretch(seq, seq, []);
    // What was changed in the gap, nobody told us.
    this.#recent.restart(seq);
    this.#stretches.push(stretch);
    this.#shown = undefined;
    return stretch;
  }

  #holding(seq: number): Stretch | undefined {
    return this.#stretches.findLast((stretch) => stretch.holds(seq));
  }

  #apply(entry: ChangeEntry): void {
    const stretch = this.#holding(entry.target);
    const item = stretch?.message(entry.target);
    if (stretch === undefined || item === undefined || entry.seq <= this.#asOfSeq(item.seq)) return;
    this.#put(stretch, changed(item, entry, this.#mine));
  }

  #put(stretch: Stretch, item: MessageItem): void {
    stretch.replace(item);
    this.#shown = undefined;
    if (lacksNames(item)) this.#stale.add(item.seq);
  }

  /** Something was changed in a gap, and what is shown has been changed since: only the server knows what came of it. */
  #missed(entry: ChangeEntry): void {
    const item = this.#holding(entry.target)?.message(entry.target);
    if (item !== undefined && entry.seq > this.#asOfSeq(item.seq)) this.#stale.add(item.seq);
  }

  #asOfSeq(seq: number): number {
    return this.#asOf.get(seq) ?? seq;
  }

  /** Items of a page: as its states say, and then what we had heard since. */
  #itemsOf(entries: readonly ReceivedEntry[], { states = [], position }: Omit<Page, 'entries'>): EntryItem[] {
    const changes = entries.filter(isChange);
    return entries.flatMap((entry): EntryItem[] => {
      const written = isChange(entry) ? undefined : this.#itemOf(entry);
      if (written?.kind !== 'message') return written === undefined ? [] : [written];
      const asOf = position?.seq ?? written.seq;
      this.#asOf.set(written.seq, asOf);
      let item = stated(
        written,
        states.find(({ seq }) => seq === written.seq),
      );
      const since = changes.filter(({ target, seq }) => target === written.seq && seq > asOf);
      for (const change of [...since, ...this.#recent.of(written.seq, since.at(-1)?.seq ?? asOf)])
        item = changed(item, change, this.#mine);
      if (lacksNames(item)) this.#stale.add(item.seq);
      return [item];
    });
  }

  #itemOf(entry: Exclude<ReceivedEntry, ChangeEntry>): EntryItem | undefined {
    switch (entry.type) {
      case 'message':
        return this.#messageOf(entry);
      case 'join':
      case 'leave':
      case 'rename':
      case 'topic': {
        const { seq, author, at, type } = entry;
        const text = type === 'rename' ? entry.title : type === 'topic' ? entry.topic : undefined;
        return {
          ...{ kind: 'notice', key: `#${seq}`, what: type, seq, author, at },
          ...(text !== undefined && { text }),
        } satisfies NoticeItem;
      }
      case 'unknown':
        return undefined;
    }
  }

  #messageOf({ seq, author, text, at, draftId, deleted }: MessageEntry): MessageItem {
    const isMine = author.authorId === this.#mine;
    // One's own message keeps the key that its draft had, so that a view does not build it anew. A draftId has no
    // '#' in it, and another author's draftId proves nothing.
    const key = isMine ? draftId : `#${seq}`;
    const fresh = { isDeleted: deleted === true, reactions: [], changes: [] };
    return { kind: 'message', key, seq, author, text, at, isMine, ...fresh };
  }

  #claimed(item: MessageItem, mine: AuthorId): MessageItem {
    const isMine = item.author.authorId === mine;
    // Whether we are among those who are not listed, the server knows.
    if (item.reactions.some(({ count, authors }) => count > authors.length)) this.#stale.add(item.seq);
    if (item.isMine === isMine && item.reactions.length === 0) return item;
    const reactions = item.reactions.map((reaction) => ({
      ...reaction,
      isMine: reaction.authors.some(({ authorId }) => authorId === mine),
    }));
    return { ...item, isMine, reactions };
  }

  #flatten(): readonly TimelineItem[] {
    const gapItems = new Map<string, GapItem>();
    const shown: TimelineItem[] = [];
    for (const [index, { from, items, gapKey }] of this.#stretches.entries()) {
      const before = this.#stretches[index - 1];
      if (before !== undefined) {
        const item = this.#gapItem({ key: gapKey, from: before.to + 1, to: from - 1 });
        gapItems.set(item.key, item);
        shown.push(item);
      }
      for (const item of items) shown.push(item);
    }
    this.#gapItems = gapItems;
    return shown;
  }

  /** The same object as long as it says the same. Its key stays while it is filled. */
  #gapItem({ key, from, to }: Gap): GapItem {
    const isLoading = this.#loadingGap === key;
    return keptIfSame(this.#gapItems.get(key), { kind: 'gap', key, from, to, isLoading });
  }
}

const isContiguous = (entries: readonly ReceivedEntry[]): boolean =>
  entries.every((entry, index) => entry.seq === (entries[0]?.seq ?? 0) + index);
