// A room's snapshot: built when somebody looks, kept as long as nothing changed, sharing what did not change with the last one.
import type { RoomId } from '@wireroom/protocol';
import type { History } from './history.ts';
import type { Members } from './members.ts';
import type { Outbox, OutboxDraft } from './outbox.ts';
import type { PendingItem, Refusal, RoomSnapshot, TimelineItem } from './snapshot.ts';
import { keptIfSame } from './structural-sharing.ts';
import type { EntryItem, Timeline } from './timeline.ts';

interface RoomFacts {
  readonly status: RoomSnapshot['status'];
  readonly roomId: RoomId | undefined;
  readonly title: string;
  readonly refusal: Refusal | undefined;
}

export class RoomView {
  readonly #room: { readonly slug: string; readonly historyUrl: string; readonly outbox: Outbox };
  readonly #timeline: Timeline;
  readonly #members: Members;
  readonly #history: History;
  readonly #pending = new WeakMap<OutboxDraft, PendingItem>();
  #snapshot: RoomSnapshot | undefined;
  #isCurrent = false;
  #entries: readonly EntryItem[] = [];
  #drafts: readonly OutboxDraft[] = [];
  #items: readonly TimelineItem[] = [];

  constructor(
    room: { readonly slug: string; readonly historyUrl: string; readonly outbox: Outbox },
    timeline: Timeline,
    members: Members,
    history: History,
  ) {
    this.#room = room;
    this.#timeline = timeline;
    this.#members = members;
    this.#history = history;
  }

  invalidate(): void {
    this.#isCurrent = false;
  }

  snapshot({ status, roomId, title, refusal }: RoomFacts): RoomSnapshot {
    if (this.#isCurrent && this.#snapshot !== undefined) return this.#snapshot;
    this.#isCurrent = true;
    this.#snapshot = keptIfSame<RoomSnapshot>(this.#snapshot, {
      slug: this.#room.slug,
      ...(roomId && { roomId }),
      title,
      status,
      ...(refusal && { refusal }),
      items: this.#currentItems(),
      firstItemIndex: this.#timeline.firstItemIndex,
      hasOlder: this.#history.hasOlder,
      isLoadingOlder: this.#history.isLoading,
      members: this.#members.list,
      memberCount: this.#members.count,
      historyUrl: this.#room.historyUrl,
    });
    return this.#snapshot;
  }

  #currentItems(): readonly TimelineItem[] {
    const entries = this.#timeline.items;
    const drafts = this.#room.outbox.of(this.#room.slug);
    if (entries !== this.#entries || drafts !== this.#drafts) {
      this.#entries = entries;
      this.#drafts = drafts;
      this.#items =
        drafts.length === 0 ? entries : [...entries, ...drafts.map((draft) => this.#pendingItem(draft))];
    }
    return this.#items;
  }

  #pendingItem(draft: OutboxDraft): PendingItem {
    const known = this.#pending.get(draft);
    if (known !== undefined) return known;
    const { draftId, text, error } = draft;
    // Acknowledged, it is on its way back to us: to its writer that is still "sending".
    const state = draft.state === 'acknowledged' ? 'sending' : draft.state;
    const item: PendingItem = {
      kind: 'pending',
      key: draftId,
      draftId,
      text,
      state,
      ...(error && { error }),
    };
    this.#pending.set(draft, item);
    return item;
  }
}
