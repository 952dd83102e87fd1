// One contiguous stretch of the log, and the items that stand for its entries. Altered in place: timeline.ts owns it.
import type { MessageItem, NoticeItem } from './snapshot.ts';

export type EntryItem = MessageItem | NoticeItem;

export class Stretch {
  /** Both included. Entries that are not shown count. */
  from: number;
  to: number;
  items: EntryItem[];
  /** Of the gap before it, while there is one. */
  readonly gapKey: string;

  constructor(from: number, to: number, items: EntryItem[]) {
    this.from = from;
    this.to = to;
    this.items = items;
    this.gapKey = `~${from}`;
  }

  holds(seq: number): boolean {
    return seq >= this.from && seq <= this.to;
  }

  message(seq: number): MessageItem | undefined {
    const item = this.items[this.#indexOf(seq)];
    return item?.kind === 'message' && item.seq === seq ? item : undefined;
  }

  replace(item: MessageItem): void {
    const index = this.#indexOf(item.seq);
    if (this.items[index]?.seq === item.seq) this.items[index] = item;
  }

  /** Where the first item with this seq or a larger one is. */
  #indexOf(seq: number): number {
    let low = 0;
    let high = this.items.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.items[middle]?.seq ?? 0) < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
