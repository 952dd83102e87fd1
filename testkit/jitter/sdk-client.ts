// One client of ours: createChat as programs use it, with its outbox and its timeline. What it has is what its snapshot shows.
import { createChat, type MessageItem, type RoomSnapshot, type TimelineItem } from '@wireroom/client';
import type { ClientOptions, JitterClient } from './jitter-client.ts';

const isMessage = (item: TimelineItem): item is MessageItem => item.kind === 'message';

export function openSdkClient({ port, name, events }: ClientOptions): JitterClient {
  const chat = createChat({ url: `ws://127.0.0.1:${port}/ws`, name });
  const room = chat.room('lobby');
  const seen = new SeenItems(events.arrived);
  let isOpen = false;
  chat.subscribe(() => {
    const wasOpen = isOpen;
    isOpen = chat.snapshot().connection.state === 'open';
    if (isOpen && !wasOpen) events.opened();
    if (wasOpen && !isOpen) events.closed();
  });
  room.subscribe((snapshot) => {
    // As a reader does who scrolls to it.
    for (const item of seen.look(snapshot)) room.fillGap(item);
  });
  return {
    get isOpen() {
      return isOpen;
    },
    // One that fails for good is missing in the log, and is counted there.
    post: (text) =>
      void room.post(text).then(
        () => events.acknowledged(text),
        () => {},
      ),
    shown: () =>
      room
        .snapshot()
        .items.filter(isMessage)
        .map(({ text }) => text),
    close: () => chat.close(),
  };
}

/** Finds what is new in a snapshot without reading all of it: from the end back to where nothing was missing any more. */
class SeenItems {
  readonly #arrived: (text: string) => void;
  readonly #seqs = new Set<number>();
  /** Everything up to here was seen. */
  #completeSeq = 0;

  constructor(arrived: (text: string) => void) {
    this.#arrived = arrived;
  }

  /** Returns the keys of the gaps. */
  look({ items }: RoomSnapshot): string[] {
    const [gaps, fresh]: [string[], string[]] = [[], []];
    let newestSeq = this.#completeSeq;
    for (let index = items.length - 1; index >= 0; index -= 1) {
      const item = items[index];
      if (item === undefined || item.kind === 'pending') continue;
      if (item.kind === 'gap') {
        gaps.push(item.key);
        continue;
      }
      if (item.seq <= this.#completeSeq) break;
      newestSeq = Math.max(newestSeq, item.seq);
      if (this.#seqs.has(item.seq)) continue;
      this.#seqs.add(item.seq);
      if (item.kind === 'message') fresh.push(item.text);
    }
    for (const text of fresh.reverse()) this.#arrived(text);
    if (gaps.length === 0) {
      this.#completeSeq = newestSeq;
      this.#seqs.clear();
    }
    return gaps;
  }
}
