// What every adapter of the guest store must do. Run over memory and SQLite.
import { type Author, authorIdSchema } from '@wireroom/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GuestStore } from './guest-store.ts';

export interface OpenGuestStore {
  readonly store: GuestStore;
  close(): Promise<void>;
}

const guest = (name: string, id = name) => {
  const authorId = authorIdSchema.parse(`a_${Buffer.from(id).toString('hex').padStart(20, '0')}`);
  return { author: { authorId, name } satisfies Author, tokenHash: `hash of ${id}` };
};

export function registerGuestStoreContract(name: string, open: () => Promise<OpenGuestStore>): void {
  describe(`the guest store: ${name}`, () => {
    let opened: OpenGuestStore;
    let store: GuestStore;
    const ann = guest('Ann');
    const ben = guest('Ben');
    const taken = { name: 'ChatError', code: 'name-taken' };

    beforeEach(async () => {
      opened = await open();
      store = opened.store;
      await store.create(ann);
    });
    afterEach(() => opened.close());

    it('knows an author by the hash of the token, and nobody by another', async () => {
      expect(await store.take(ann.tokenHash, undefined)).toEqual(ann.author);
      expect(await store.take(ben.tokenHash, undefined)).toBeUndefined();
      expect(await store.take(ben.tokenHash, 'Ben')).toBeUndefined();
    });

    it('finds an author by the hash and changes nothing by that', async () => {
      await store.release(ann.author.authorId);
      expect(await store.find(ann.tokenHash)).toEqual(ann.author);
      expect(await store.find(ben.tokenHash)).toBeUndefined();
      expect(await store.holders()).toEqual([]);
    });

    it('gives a held name to nobody else, however it is spelt', async () => {
      for (const name of ['Ann', 'ANN', 'ａｎｎ', 'A nn']) {
        await expect(store.create(guest(name, 'somebody else'))).rejects.toMatchObject(taken);
      }
      await store.create(ben);
      await expect(store.take(ben.tokenHash, 'ann')).rejects.toMatchObject(taken);
      expect(await store.take(ben.tokenHash, undefined)).toEqual(ben.author);
    });

    it('gives one of two who want a name at once', async () => {
      const two = [guest('Eva', 'first'), guest('eva', 'second')];
      const results = await Promise.allSettled(two.map((wanted) => store.create(wanted)));
      expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
    });

    it('keeps nothing of an author who was refused', async () => {
      const refused = guest('Ann', 'somebody else');
      await expect(store.create(refused)).rejects.toMatchObject(taken);
      expect(await store.take(refused.tokenHash, 'Zoe')).toBeUndefined();
      expect(await store.holders()).toEqual([ann.author.authorId]);
    });

    it('makes no second author with the same token, whether the first holds the name or not', async () => {
      const again = { ...guest('Ann', 'once more'), tokenHash: ann.tokenHash };
      await expect(store.create(again)).rejects.toMatchObject(taken);
      await store.release(ann.author.authorId);
      await expect(store.create(again)).rejects.toMatchObject(taken);
      expect(await store.take(ann.tokenHash, 'Ann')).toEqual(ann.author);
      expect(await store.holders()).toEqual([ann.author.authorId]);
    });

    it('lets an author change the name, also to another spelling, and frees the old one', async () => {
      expect(await store.take(ann.tokenHash, 'ANN')).toEqual({ ...ann.author, name: 'ANN' });
      expect(await store.take(ann.tokenHash, 'Anna')).toEqual({ ...ann.author, name: 'Anna' });
      expect(await store.take(ann.tokenHash, undefined)).toEqual({ ...ann.author, name: 'Anna' });
      await store.create(guest('Ann', 'somebody else'));
    });

    it('frees a name that is released, and the author may take it again unless it is gone', async () => {
      await store.release(ann.author.authorId);
      expect(await store.holders()).toEqual([]);
      expect(await store.take(ann.tokenHash, undefined)).toEqual(ann.author);
      await store.release(ann.author.authorId);
      await store.release(ann.author.authorId);
      const other = guest('Ann', 'somebody else');
      await store.create(other);
      await expect(store.take(ann.tokenHash, undefined)).rejects.toMatchObject(taken);
      expect(await store.take(ann.tokenHash, 'Ann the first')).toMatchObject({ name: 'Ann the first' });
      expect(await store.take(other.tokenHash, undefined)).toEqual(other.author);
    });

    it('releases nobody who is not there', async () => {
      await store.release(ben.author.authorId);
      expect(await store.holders()).toEqual([ann.author.authorId]);
    });

    it('lists the authors who hold a name', async () => {
      await store.create(ben);
      await store.create(guest('Cid'));
      await store.release(ben.author.authorId);
      const holders = [ann.author.authorId, guest('Cid').author.authorId];
      expect([...(await store.holders())].sort()).toEqual(holders.sort());
    });
  });
}
