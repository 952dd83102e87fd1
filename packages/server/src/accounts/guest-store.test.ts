// The guest stores keep their contract; the one on SQLite, on every driver that loads here, also across a restart.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { authorIdSchema } from '@wireroom/protocol';
import { describe, expect, it, onTestFinished } from 'vitest';
import { InlineThread } from '../db/inline-thread.ts';
import { expectKeyedPlans, notingStatements } from '../db/query-plan.contract.ts';
import { loadDriver } from '../db/sqlite.ts';
import { SqliteClient } from '../db/sqlite-client.ts';
import { driversHere, temporaryFolder } from '../db/sqlite-driver.contract.ts';
import { SqliteExecutor } from '../db/sqlite-executor.ts';
import { registerGuestStoreContract } from './guest-store.contract.ts';
import { MemoryGuestStore } from './memory-guest-store.ts';
import { createOperations } from './sqlite-guest-operations.ts';
import { SqliteGuestStore } from './sqlite-guest-store.ts';

const onFailure = (error: Error): never => {
  throw error;
};

registerGuestStoreContract('memory', async () => ({ store: new MemoryGuestStore(), close: async () => {} }));

for (const driver of driversHere()) {
  registerGuestStoreContract(driver.name, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wireroom-guests-'));
    const client = await SqliteClient.over(new InlineThread(join(folder, 'room.sqlite'), driver), {
      onFailure,
    });
    return {
      store: new SqliteGuestStore(client),
      close: async () => {
        await client.close();
        rmSync(folder, { recursive: true });
      },
    };
  });
}

async function opened(driver = loadDriver()): Promise<SqliteExecutor> {
  const executor = await SqliteExecutor.open(join(temporaryFolder(), 'room.sqlite'), driver);
  onTestFinished(() => executor.close());
  return executor;
}

describe('the guest store on SQLite', () => {
  it('knows authors, tokens and held names after a restart', async () => {
    const file = join(temporaryFolder(), 'room.sqlite');
    const author = { authorId: authorIdSchema.parse(`a_${'7'.repeat(20)}`), name: 'Ann' };
    const before = await SqliteClient.over(new InlineThread(file), { onFailure });
    await new SqliteGuestStore(before).create({ author, tokenHash: 'hash' });
    await before.close();

    const after = await SqliteClient.over(new InlineThread(file), { onFailure });
    onTestFinished(() => after.close());
    const store = new SqliteGuestStore(after);
    expect(await store.holders()).toEqual([author.authorId]);
    expect(await store.take('hash', undefined)).toEqual(author);
  });

  it('writes nothing for somebody who comes back under the name that they still hold', async () => {
    const { database } = await opened();
    const guests = createOperations(database);
    const author = { authorId: authorIdSchema.parse(`a_${'7'.repeat(20)}`), name: 'Ann' };
    guests.create({ author, tokenHash: 'hash' });
    const { writeCount } = database;
    expect(guests.take({ tokenHash: 'hash', name: undefined })).toEqual(author);
    expect(guests.take({ tokenHash: 'hash', name: 'Ann' })).toEqual(author);
    expect(database.writeCount).toBe(writeCount);
    expect(guests.take({ tokenHash: 'hash', name: 'Anna' })).toEqual({ ...author, name: 'Anna' });
    expect(database.writeCount).toBe(writeCount + 1);
    guests.release(author.authorId);
    expect(guests.take({ tokenHash: 'hash', name: undefined })).toEqual({ ...author, name: 'Anna' });
    expect(database.writeCount).toBe(writeCount + 3);
  });

  it.each(driversHere())('finds every author by a key on $name', async (driver) => {
    const executor = await opened(driver);
    const { database, statements } = notingStatements(executor.database);
    const guests = createOperations(database);
    const author = { authorId: authorIdSchema.parse(`a_${'7'.repeat(20)}`), name: 'Ann' };
    guests.create({ author, tokenHash: 'hash' });
    guests.take({ tokenHash: 'hash', name: 'Anna' });
    guests.release(author.authorId);
    expect(statements.size).toBe(5);
    expectKeyedPlans(executor.database, statements);
  });
});
