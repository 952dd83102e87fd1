// A room as a program has it in hand: reads, writes, leaves. What stands behind it is joined-room.ts.
import { ChatError, checkContent, type DraftContent, type DraftId } from '@wireroom/protocol';
import type { JoinedRoom } from './joined-room.ts';
import type { Notifier } from './notifier.ts';
import type { Outbox } from './outbox.ts';
import { forgiven, type Posted, type Postings } from './postings.ts';
import type { RoomSnapshot } from './snapshot.ts';

/**
 * What writes returns a promise: it resolves when the log has it, and rejects with a ChatError when it cannot be, has failed for
 * good or was cancelled. Nobody need await it: the snapshot shows the same.
 */
export interface Room {
  readonly slug: string;
  /** The same object until something changed. The last one, once the room was left. */
  readonly snapshot: () => RoomSnapshot;
  /** Tells after changes of this room, never in the middle of one. Returns what ends it. */
  readonly subscribe: (listener: (snapshot: RoomSnapshot) => void) => () => void;
  post(text: string): Promise<Posted>;
  /** `seq`: of one's own message. */
  edit(seq: number, text: string): Promise<Posted>;
  remove(seq: number): Promise<Posted>;
  react(seq: number, emoji: string): Promise<Posted>;
  unreact(seq: number, emoji: string): Promise<Posted>;
  rename(title: string): Promise<Posted>;
  setTopic(topic: string): Promise<Posted>;
  /** A failed draft waits to be sent again. */
  retry(draftId: DraftId): void;
  /** A failed or queued draft is dropped. One that is being sent cannot be taken back. */
  cancel(draftId: DraftId): void;
  /** The page before the oldest entry. */
  loadOlder(): void;
  /**
   * A page of a gap, by the key of its item. `side`: the one from which the reader comes. `newer`, the default, brings the entries right
   * before the item after it; `older` those right after the item before it.
   */
  fillGap(key: string, side?: GapSide): void;
  /** Tells whether the reader sees the newest entries; if not, older ones are kept in memory longer. Default: yes. */
  setFollowing(isFollowing: boolean): void;
  /** Leaves for good, with what waited to be sent there. */
  leave(): void;
}

/** An end of a gap. */
export type GapSide = 'older' | 'newer';

export interface RoomHandleParts {
  readonly slug: string;
  readonly room: JoinedRoom;
  readonly outbox: Outbox;
  readonly postings: Postings;
  readonly notifier: Notifier;
  /** Are we in it, and staying? */
  readonly isHeld: () => boolean;
  readonly composed: (draftId: DraftId) => void;
  readonly leave: () => void;
}

export function roomHandle(parts: RoomHandleParts): Room {
  const { slug, room, outbox, postings, notifier, isHeld, composed, leave } = parts;
  const snapshot = (): RoomSnapshot => room.snapshot;
  const write = (content: DraftContent): Promise<Posted> => {
    try {
      if (!isHeld()) throw new ChatError('not-joined');
      checkContent(content);
      const { draftId } = outbox.add(slug, content);
      composed(draftId);
      const posted = postings.begin(draftId);
      room.outboxChanged();
      return posted;
    } catch (error) {
      return forgiven(Promise.reject(error));
    }
  };
  return {
    ...{ slug, snapshot, leave },
    subscribe(listener) {
      let told = snapshot();
      return notifier.subscribe(() => {
        const now = snapshot();
        if (now === told) return;
        told = now;
        listener(now);
      });
    },
    post: (text) => write({ type: 'message', text }),
    edit: (target, text) => write({ type: 'edit', target, text }),
    remove: (target) => write({ type: 'delete', target }),
    react: (target, emoji) => write({ type: 'react', target, emoji }),
    unreact: (target, emoji) => write({ type: 'unreact', target, emoji }),
    rename: (title) => write({ type: 'rename', title }),
    setTopic: (topic) => write({ type: 'topic', topic }),
    retry(draftId) {
      outbox.retry(draftId);
      room.outboxChanged();
    },
    cancel(draftId) {
      if (outbox.cancel(draftId)) room.outboxChanged();
    },
    loadOlder: () => room.history.load(),
    fillGap: (key, side = 'newer') => room.history.fill(key, side),
    setFollowing: (isFollowing) => room.setFollowing(isFollowing),
  };
}
