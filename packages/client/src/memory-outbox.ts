// The outbox's store in memory: for programs that do not need more, for tests, and where a browser refuses to keep anything.
// Nobody shares it, so whoever asks leads.
import { ChatError, type DraftContent, type DraftId, utf8Bytes } from '@wireroom/protocol';
import * as CLIENT_LIMITS from './limits.ts';
import type { NewDraft, OutboxStore, StoredDraft } from './outbox-store.ts';

/** `drafts`: what it begins with, by order. */
export function memoryOutbox(drafts: readonly StoredDraft[] = []): OutboxStore {
  let kept = drafts;
  let lastOrder = drafts.at(-1)?.order ?? 0;
  const find = (draftId: DraftId): StoredDraft | undefined => kept.find((draft) => draft.draftId === draftId);
  const silence = (): (() => void) => () => {};
  return {
    isDurable: false,
    load: async () => kept,
    async add(draft) {
      const known = find(draft.draftId);
      if (known !== undefined) return known;
      checkSpace(kept, draft);
      lastOrder += 1;
      const placed = { ...draft, order: lastOrder };
      kept = [...kept, placed];
      return placed;
    },
    async change(draft) {
      const isThere = kept.some(({ order }) => order === draft.order);
      kept = kept.map((known) => (known.order === draft.order ? draft : known));
      return isThere;
    },
    async remove(draftIds) {
      kept = kept.filter(({ draftId }) => !draftIds.includes(draftId));
    },
    watch: silence,
    lead(_authorId, leads) {
      let isOver = false;
      queueMicrotask(() => {
        if (!isOver) leads(true);
      });
      return {
        claim: async (draftId) => !isOver && find(draftId) !== undefined,
        giveUp: () => {
          isOver = true;
        },
      };
    },
    tell: silence,
    hear: silence,
    close: async () => {},
  };
}

type Written = Pick<NewDraft, 'content'>;

/** Throws `busy` when one more does not fit in. */
export function checkSpace(kept: readonly Written[], draft: Written): void {
  const bytes = [...kept, draft].reduce((sum, { content }) => sum + contentBytes(content), 0);
  if (kept.length < CLIENT_LIMITS.outboxDraftsMax && bytes <= CLIENT_LIMITS.outboxBytesMax) return;
  throw new ChatError('busy', { message: 'Too many messages wait to be sent already.' });
}

function contentBytes({ type: _, ...said }: DraftContent): number {
  return Object.values(said).reduce<number>((sum, value) => sum + utf8Bytes(String(value)), 0);
}
