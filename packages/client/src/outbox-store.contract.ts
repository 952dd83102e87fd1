// What every store of the outbox does, whatever it keeps the drafts in. The suites of the adapters run it.
import { ChatError, type DraftContent, draftIdSchema } from '@wireroom/protocol';
import { describe, expect, it } from 'vitest';
import { ada } from './events.fixture.ts';
import * as CLIENT_LIMITS from './limits.ts';
import type { NewDraft, OutboxStore } from './outbox-store.ts';

export function newDraft(number: number, content?: DraftContent): NewDraft {
  return {
    slug: 'lobby',
    draftId: draftIdSchema.parse(`draft-${String(number).padStart(4, '0')}`),
    content: content ?? { type: 'message', text: `text ${number}` },
    createdAt: number,
    state: 'queued',
  };
}

const idsOf = async (store: OutboxStore): Promise<readonly string[]> =>
  (await store.load()).map(({ draftId }) => draftId);

/** Resolves when this store leads. */
export const leading = (store: OutboxStore): Promise<ReturnType<OutboxStore['lead']>> =>
  new Promise((resolve) => {
    const candidacy = store.lead(ada.authorId, (isLeading) => {
      if (isLeading) resolve(candidacy);
    });
  });

/** `open`: a store that nobody else has, empty. */
export function outboxStoreContract(open: () => OutboxStore): void {
  describe('places', () => {
    it('[C1.1] drafts are kept in the order in which they came, whole', async () => {
      const store = open();
      const contents: DraftContent[] = [
        { type: 'message', text: 'one\n二 🎈' },
        { type: 'edit', target: 3, text: 'another' },
        { type: 'delete', target: 3 },
        { type: 'react', target: 4, emoji: '🎈' },
        { type: 'unreact', target: 4, emoji: '🎈' },
        { type: 'rename', title: 'Harbour' },
        { type: 'topic', topic: '' },
      ];
      const drafts = contents.map((content, index) => ({
        ...newDraft(index, content),
        authorId: ada.authorId,
      }));
      const placed = await Promise.all(drafts.map((draft) => store.add(draft)));
      const orders = placed.map(({ order }) => order);
      expect(orders).toEqual([...new Set(orders)].sort((one, other) => one - other));
      expect(await store.load()).toEqual(drafts.map((draft, index) => ({ ...draft, order: orders[index] })));
    });

    it('[C1.1] a draft that is kept already keeps its place and what it says', async () => {
      const store = open();
      const first = await store.add(newDraft(1));
      await store.add(newDraft(2));
      expect(await store.add(newDraft(1, { type: 'message', text: 'twice' }))).toEqual(first);
      expect(await idsOf(store)).toEqual(['draft-0001', 'draft-0002']);
    });

    it('[C1.1] a change keeps the place, also under another draftId', async () => {
      const store = open();
      const first = await store.add(newDraft(1));
      await store.add(newDraft(2));
      const error = { code: 'draft-conflict', message: 'No.' };
      expect(await store.change({ ...first, state: 'failed', error })).toBe(true);
      expect(await store.change({ ...first, draftId: newDraft(3).draftId })).toBe(true);
      expect(await idsOf(store)).toEqual(['draft-0003', 'draft-0002']);
    });

    it('[C1.1] a change does not bring back what was removed, and a place is never given twice', async () => {
      const store = open();
      const first = await store.add(newDraft(1));
      await store.remove([first.draftId, newDraft(9).draftId]);
      expect(await store.change({ ...first, state: 'queued' })).toBe(false);
      expect(await store.load()).toEqual([]);
      expect((await store.add(newDraft(2))).order).toBeGreaterThan(first.order);
    });
  });

  describe('bounds', () => {
    const busy = expect.objectContaining({ code: 'busy' });

    it('[C1.2] more than outboxDraftsMax drafts are refused; what is kept stays, and room that is made is used', async () => {
      const store = open();
      for (let number = 0; number < CLIENT_LIMITS.outboxDraftsMax; number += 1)
        await store.add(newDraft(number));
      await expect(store.add(newDraft(999))).rejects.toEqual(busy);
      await expect(store.add(newDraft(999))).rejects.toBeInstanceOf(ChatError);
      expect(await idsOf(store)).toHaveLength(CLIENT_LIMITS.outboxDraftsMax);
      await store.remove([newDraft(0).draftId]);
      await store.add(newDraft(999));
      expect((await idsOf(store)).at(-1)).toBe('draft-0999');
    });

    it('[C1.2] more than outboxBytesMax bytes of UTF-8 are refused', async () => {
      const store = open();
      const text = '界'.repeat(Math.floor(CLIENT_LIMITS.outboxBytesMax / 30));
      for (let number = 0; number < 10; number += 1)
        await store.add(newDraft(number, { type: 'message', text }));
      await expect(store.add(newDraft(10, { type: 'message', text }))).rejects.toEqual(busy);
      expect(await idsOf(store)).toHaveLength(10);
    });
  });

  describe('leading', () => {
    it('[C1.6] who leads may send what is kept, and only that', async () => {
      const store = open();
      const { draftId } = await store.add(newDraft(1));
      const candidacy = await leading(store);
      expect(await candidacy.claim(draftId)).toBe(true);
      expect(await candidacy.claim(newDraft(2).draftId)).toBe(false);
      await store.remove([draftId]);
      expect(await candidacy.claim(draftId)).toBe(false);
    });

    it('[C1.6] who gave up may send nothing', async () => {
      const store = open();
      const { draftId } = await store.add(newDraft(1));
      const candidacy = await leading(store);
      candidacy.giveUp();
      expect(await candidacy.claim(draftId)).toBe(false);
      expect(await (await leading(store)).claim(draftId)).toBe(true);
    });
  });
}
