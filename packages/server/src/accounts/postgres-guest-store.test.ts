// The guests on PostgreSQL keep the contract, and with several servers on one database nobody loses a name or leaves who is
// still connected elsewhere. The servers are chats without sockets, each with a store of its own.
import { type AuthorId, authorIdSchema } from '@wireroom/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { migratePostgres } from '../db/migrator.ts';
import {
  administer,
  emptyTables,
  openForTest,
  serverUrl,
  temporaryDatabase,
} from '../db/postgres.contract.ts';
import { openPostgres } from '../db/postgres.ts';
import { registerGuestStoreContract } from './guest-store.contract.ts';
import { PostgresGuestStore } from './postgres-guest-store.ts';

const server = await serverUrl();
const ann = { authorId: authorIdSchema.parse(`a_${'7'.repeat(20)}`), name: 'Ann' };

describe.skipIf(server === undefined)('on PostgreSQL', () => {
  let database: Awaited<ReturnType<typeof temporaryDatabase>>;
  beforeAll(async () => {
    database = await temporaryDatabase(server ?? '');
  });
  afterAll(() => database.drop());

  registerGuestStoreContract('PostgreSQL', async () => {
    const opened = await openPostgres({ url: database.url, onError: () => {} });
    await migratePostgres(opened);
    await emptyTables(database.url);
    const store = await PostgresGuestStore.open(opened);
    return {
      store,
      close: async () => {
        await store.close();
        await opened.close();
      },
    };
  });

  describe('with two servers', () => {
    let one: PostgresGuestStore;
    let two: PostgresGuestStore;
    beforeEach(async () => {
      const opened = await openForTest(database.url);
      await emptyTables(database.url);
      [one, two] = [await PostgresGuestStore.open(opened), await PostgresGuestStore.open(opened)];
      await one.create({ author: ann, tokenHash: 'hash' });
    });
    const dead = (): Promise<unknown> =>
      administer(database.url, `UPDATE nodes SET seen_at = now() - interval '1 minute'`);
    const holdersAt = async (store: PostgresGuestStore): Promise<readonly AuthorId[]> => store.holders();

    it('[L9.8] leaves to a living server whom it has', async () => {
      expect(await holdersAt(two)).toEqual([]);
      expect(await holdersAt(one)).toEqual([ann.authorId]);
    });

    it('[L9.8] has others see to those whose server has died', async () => {
      await dead();
      await two.beat();
      expect(await holdersAt(two)).toEqual([ann.authorId]);
      await one.beat();
      expect(await holdersAt(two)).toEqual([]);
    });

    it('[L9.8] says to the last server that lets go, and to no other, that the author is gone', async () => {
      expect(await two.take('hash', undefined)).toEqual(ann);
      expect(await one.letGo(ann.authorId)).toBe(false);
      expect(await two.letGo(ann.authorId)).toBe(true);
      await Promise.all([one.take('hash', undefined), two.take('hash', undefined)]);
      const answers = await Promise.all([one.letGo(ann.authorId), two.letGo(ann.authorId)]);
      expect([...answers].sort()).toEqual([false, true]);
    });

    it('[L9.8] frees no name of somebody who is at another server', async () => {
      await two.take('hash', undefined);
      await one.release(ann.authorId);
      const other = {
        author: { ...ann, authorId: authorIdSchema.parse(`a_${'8'.repeat(20)}`) },
        tokenHash: 'other',
      };
      await expect(one.create(other)).rejects.toMatchObject({ code: 'name-taken' });
      await two.release(ann.authorId);
      await one.create(other);
    });

    it('[L9.8] lets nobody change the name while they are at another server', async () => {
      await expect(two.take('hash', 'Anna')).rejects.toMatchObject({ code: 'name-differs' });
      expect(await two.take('hash', 'Ann')).toEqual(ann);
      await one.letGo(ann.authorId);
      expect(await two.take('hash', 'Anna')).toEqual({ ...ann, name: 'Anna' });
    });

    it('[L9.8] gives a name that two servers are asked for at once to one author', async () => {
      const wanting = Array.from({ length: 20 }, (_, index) => ({
        author: { authorId: authorIdSchema.parse(`a_${String(index).padStart(20, '0')}`), name: 'Eva' },
        tokenHash: `hash ${index}`,
      }));
      const asked = wanting.map((guest, index) => (index % 2 === 0 ? one : two).create(guest));
      const results = await Promise.allSettled(asked);
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      await Promise.all(
        ['Ben', 'Cid'].map((name, index) =>
          one.create({
            author: { authorId: authorIdSchema.parse(`a_${name.padStart(20, '0')}`), name },
            tokenHash: `${index}`,
          }),
        ),
      );
      await Promise.all([one.letGo(ann.authorId), one.release(ann.authorId)]);
      const renamed = await Promise.allSettled([one.take('0', 'Zoe'), two.take('hash', 'Zoe')]);
      expect(renamed.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    });
  });

  it('[L9.8] counts a server that beats on after it was asleep as living', async () => {
    const opened = await openForTest(database.url);
    await emptyTables(database.url);
    const store = await PostgresGuestStore.open(opened);
    onTestFinished(() => store.close());
    await administer(database.url, 'DELETE FROM nodes');
    await store.beat();
    await store.create({ author: ann, tokenHash: 'hash' });
    expect(await store.find('hash')).toEqual(ann);
  });
});
