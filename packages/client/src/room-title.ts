// A room's title and topic: as the server said, changed by the entries that came with it and after it. What the server says may be
// newer than the entries beside it, never older (rule F4.1): the entry that made it so is on its way then.
import type { ReceivedEntry } from '@wireroom/protocol';

export class RoomTitle {
  title: string;
  topic = '';

  constructor(slug: string) {
    this.title = slug;
  }

  /** Told by the server, where entries are missing. Apply those that came with it next. */
  told({ title, topic }: { readonly title?: string | undefined; readonly topic?: string | undefined }): void {
    this.title = title ?? this.title;
    this.topic = topic ?? this.topic;
  }

  /** In the log's order, each once. */
  apply(entries: readonly ReceivedEntry[]): void {
    for (const entry of entries) {
      if (entry.type === 'rename') this.title = entry.title;
      if (entry.type === 'topic') this.topic = entry.topic;
    }
  }
}
