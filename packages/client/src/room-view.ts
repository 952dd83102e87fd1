// A room's snapshot: built when somebody looks, kept as long as nothing changed, sharing what did not change with the last one.
// Own changes that are on their way are shown as if they had come about.
import type { Author, RoomId } from '@wireroom/protocol';
import type { History } from './history.ts';
import type { Members } from './members.ts';
import { changed, type MessageChange } from './message-changes.ts';
import type { Outbox, OutboxDraft } from './outbox.ts';
import type { RoomTitle } from './room-title.ts';
import type {
  MessageItem,
  PendingChange,
  PendingItem,
  Refusal,
  RoomSnapshot,
  TimelineItem,
} from './snapshot.ts';
import { keptIfSame } from './structural-sharing.ts';
import type { Timeline } from './timeline.ts';

export interface RoomViewParts {
  readonly slug: string;
  readonly outbox: Outbox;
  readonly timeline: Timeline;
  readonly members: Members;
  readonly history: History;
  readonly title: RoomTitle;
  readonly you: () => Author | undefined;
}

interface RoomFacts {
  readonly status: RoomSnapshot['status'];
  readonly roomId: RoomId | undefined;
  readonly refusal: Refusal | undefined;
}

/** A message with changes on their way, and what it was made of. */
interface Changed {
  readonly base: MessageItem;
  readonly changes: readonly PendingChange[];
  readonly item: MessageItem;
}

export class RoomView {
  readonly #parts: RoomViewParts;
  readonly #pending = new WeakMap<OutboxDraft, PendingItem>();
  readonly #changes = new WeakMap<OutboxDraft, PendingChange>();
  #changedItems: ReadonlyMap<number, Changed> = new Map();
  #snapshot: RoomSnapshot | undefined;
  #isCurrent = false;
  #entries: readonly TimelineItem[] = [];
  #drafts: readonly OutboxDraft[] = [];
  #items: readonly TimelineItem[] = [];
  #roomChanges: readonly PendingChange[] = [];

  constructor(parts: RoomViewParts) {
    this.#parts = parts;
  }

  invalidate(): void {
    this.#isCurrent = false;
  }

  snapshot({ status, roomId, refusal }: RoomFacts): RoomSnapshot {
    if (this.#isCurrent && this.#snapshot !== undefined) return this.#snapshot;
    this.#isCurrent = true;
    const { slug, timeline, members, history } = this.#parts;
    const items = this.#currentItems();
    this.#snapshot = keptIfSame<RoomSnapshot>(this.#snapshot, {
      slug,
      ...(roomId && { roomId }),
      ...this.#named(),
      changes: this.#roomChanges,
      status,
      ...(refusal && { refusal }),
      items,
      firstItemIndex: timeline.firstItemIndex,
      hasOlder: history.hasOlder,
      isLoadingOlder: history.isLoading,
      members: members.list,
      memberCount: members.count,
    });
    return this.#snapshot;
  }

  /** Title and topic, as they will be. */
  #named(): { readonly title: string; readonly topic: string } {
    let { title, topic } = this.#parts.title;
    for (const { content, state } of this.#roomChanges) {
      if (state === 'failed') continue;
      if (content.type === 'rename') title = content.title;
      if (content.type === 'topic') topic = content.topic;
    }
    return { title, topic };
  }

  #currentItems(): readonly TimelineItem[] {
    const { slug, outbox, timeline } = this.#parts;
    const entries = timeline.items;
    const drafts = outbox.of(slug);
    if (entries === this.#entries && drafts === this.#drafts) return this.#items;
    this.#entries = entries;
    this.#drafts = drafts;
    const isOfRoom = ({ content }: OutboxDraft): boolean =>
      content.type === 'rename' || content.type === 'topic';
    const ofRoom = drafts.filter(isOfRoom).map((draft) => this.#changeOf(draft));
    if (!isSameList(ofRoom, this.#roomChanges)) this.#roomChanges = ofRoom;
    this.#items = drafts.length === 0 ? entries : this.#withDrafts(entries, drafts);
    return this.#items;
  }

  #withDrafts(entries: readonly TimelineItem[], drafts: readonly OutboxDraft[]): readonly TimelineItem[] {
    const byTarget = new Map<number, PendingChange[]>();
    const pending: PendingItem[] = [];
    for (const draft of drafts) {
      const { content } = draft;
      if (content.type === 'message') pending.push(this.#pendingItem(draft, content.text));
      if ('target' in content)
        byTarget.set(content.target, [...(byTarget.get(content.target) ?? []), this.#changeOf(draft)]);
    }
    const changedItems = new Map<number, Changed>();
    const items = entries.map((item) => {
      const changes = item.kind === 'message' ? byTarget.get(item.seq) : undefined;
      if (item.kind !== 'message' || changes === undefined) return item;
      const known = this.#changedItems.get(item.seq);
      const isKnown = known !== undefined && known.base === item && isSameList(known.changes, changes);
      const fresh = isKnown ? known : { base: item, changes, item: this.#changedItem(item, changes) };
      changedItems.set(item.seq, fresh);
      return fresh.item;
    });
    this.#changedItems = changedItems;
    return [...items, ...pending];
  }

  #changedItem(base: MessageItem, changes: readonly PendingChange[]): MessageItem {
    const you = this.#parts.you();
    let item = base;
    for (const { content, state } of changes) {
      const change = state === 'failed' ? undefined : changeBy(content, you, base);
      if (change !== undefined) item = changed(item, change, you?.authorId);
    }
    return { ...item, changes };
  }

  #changeOf(draft: OutboxDraft): PendingChange {
    return kept(this.#changes, draft, () => ({ ...shownOf(draft), content: draft.content }));
  }

  #pendingItem(draft: OutboxDraft, text: string): PendingItem {
    const { draftId } = draft;
    return kept(this.#pending, draft, () => ({ kind: 'pending', key: draftId, text, ...shownOf(draft) }));
  }
}

/** The same object for the same draft. */
function kept<Shown>(known: WeakMap<OutboxDraft, Shown>, draft: OutboxDraft, make: () => Shown): Shown {
  const shown = known.get(draft) ?? make();
  known.set(draft, shown);
  return shown;
}

/** Acknowledged, it is on its way back to us: to its writer that is still "sending". */
const shownOf = ({ draftId, state, error }: OutboxDraft): Omit<PendingChange, 'content'> => ({
  ...{ draftId, state: state === 'acknowledged' ? 'sending' : state },
  ...(error && { error }),
});

function changeBy(
  content: PendingChange['content'],
  you: Author | undefined,
  { editedAt, at }: MessageItem,
): MessageChange | undefined {
  switch (content.type) {
    case 'edit':
      // When it will have been edited, the server will say.
      return { type: 'edit', text: content.text, at: editedAt ?? at };
    case 'delete':
      return { type: 'delete' };
    case 'react':
    case 'unreact':
      return you && { type: content.type, emoji: content.emoji, author: you };
    case 'message':
    case 'rename':
    case 'topic':
      return undefined;
  }
}

const isSameList = (one: readonly unknown[], other: readonly unknown[]): boolean =>
  one.length === other.length && one.every((each, index) => each === other[index]);
