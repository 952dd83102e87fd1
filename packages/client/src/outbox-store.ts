// Where the outbox is kept, and which of several tabs sends what is in it: the port (rule C1). Adapters: memory-outbox.ts,
// idb-outbox.ts (browsers), file-outbox-node.ts. It knows no connection: outbox-sender.ts sends, and asks here first.
import type { AuthorId, DraftContent, DraftId } from '@wireroom/protocol';
import type { Refusal } from './snapshot.ts';

/** What somebody wrote, until the log has it. Never altered: a change is a new object. */
export interface NewDraft {
  readonly slug: string;
  readonly draftId: DraftId;
  readonly content: DraftContent;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly state: 'queued' | 'failed';
  readonly error?: Refusal;
  /** Who it was written as, once that is known. */
  readonly authorId?: AuthorId;
}

export interface StoredDraft extends NewDraft {
  /** Its place in the queue, given by the store: ascending over all tabs in the order in which they were kept. */
  readonly order: number;
}

/** What one tab tells the others about a draft. It may get lost, come late or twice. */
export interface OutboxNews {
  readonly draftId: DraftId;
  readonly state: 'sending' | 'acknowledged' | 'cancelled';
  /** With `acknowledged`: under which it is in the log. */
  readonly seq?: number;
  /** When the server stored it: RFC 3339, UTC. */
  readonly at?: string;
}

/**
 * The calls of one tab take effect in their order: `load` sees what was asked for before it.
 * No call rejects for want of storage: what the storage refuses is kept in memory, and `isDurable` tells.
 */
export interface OutboxStore {
  /** All that is kept, by order. What cannot be read is left out. */
  load(): Promise<readonly StoredDraft[]>;
  /**
   * Keeps a new draft behind all others. Resolves when it is kept, with its place; a `draftId` that is kept already keeps
   * its old one. Rejects with a ChatError `busy` past `outboxDraftsMax` or `outboxBytesMax`, counted over all tabs.
   */
  add(draft: NewDraft): Promise<StoredDraft>;
  /** Changes what is kept at this `order`, its `draftId` too. What is not there any more stays gone: false. */
  change(draft: StoredDraft): Promise<boolean>;
  /** Done with them: in the log, or nobody wants them. Ids that are not there are no error. */
  remove(draftIds: readonly DraftId[]): Promise<void>;
  /** Another tab may have added, changed or removed something: load again. Returns what ends it. */
  watch(changed: () => void): () => void;
  /**
   * Stands for leading: one tab at a time sends as this author. To be asked for when the connection is greeted as them, and
   * given up when it is lost: a tab without a connection must not hold up one that has it.
   */
  lead(authorId: AuthorId, leads: (isLeading: boolean) => void): Candidacy;
  /** To the other tabs. */
  tell(news: OutboxNews): void;
  /** From the other tabs. Returns what ends it. */
  hear(listener: (news: OutboxNews) => void): () => void;
  /** Does it outlive a reload? */
  readonly isDurable: boolean;
  /** Gives up leading and lets go of everything; resolves when it has. What is kept stays. */
  close(): Promise<void>;
}

export interface Candidacy {
  /**
   * To be asked right before a draft is sent, each time: do we lead, still, and is the draft wanted, still? A tab that was
   * asleep may not have heard yet that another one leads. Where the answer is no for want of leading, `leads` says so.
   */
  claim(draftId: DraftId): Promise<boolean>;
  /** Somebody else may lead, at once. `leads` is not called any more. */
  giveUp(): void;
}
