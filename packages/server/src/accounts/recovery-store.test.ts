// The stores of recoveries keep their contract; the one on SQLite, on every driver that loads here, also across a restart.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { InlineThread } from '../db/inline-thread.ts';
import { expectKeyedPlans, notingStatements } from '../db/query-plan.contract.ts';
import { SqliteClient } from '../db/sqlite-client.ts';
import { driversHere, temporaryFolder } from '../db/sqlite-driver.contract.ts';
import { SqliteExecutor } from '../db/sqlite-executor.ts';
import { MemoryRecoveryStore } from './memory-recovery-store.ts';
import { registerRecoveryStoreContract } from './recovery-store.contract.ts';
import { createOperations } from './sqlite-recovery-operations.ts';
import { SqliteRecoveryStore } from './sqlite-recovery-store.ts';

const onFailure = (error: Error): never => {
  throw error;
};

registerRecoveryStoreContract('memory', async () => ({
  store: new MemoryRecoveryStore(),
  close: async () => {},
}));

for (const driver of driversHere()) {
  registerRecoveryStoreContract(driver.name, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wireroom-recoveries-'));
    const thread = new InlineThread(join(folder, 'room.sqlite'), driver);
    const client = await SqliteClient.over(thread, { onFailure });
    return {
      store: new SqliteRecoveryStore(client),
      close: async () => {
        await client.close();
        rmSync(folder, { recursive: true });
      },
    };
  });
}

describe('the store of recoveries on SQLite', () => {
  it('knows the sessions after a restart', async () => {
    const file = join(temporaryFolder(), 'room.sqlite');
    const before = await SqliteClient.over(new InlineThread(file), { onFailure });
    await new SqliteRecoveryStore(before).remember({
      pidHash: 'pid',
      tokenHash: 'token',
      seenAt: 1,
      expiredBefore: 0,
      keepMax: 1,
    });
    await before.close();
    const after = await SqliteClient.over(new InlineThread(file), { onFailure });
    onTestFinished(() => after.close());
    expect(await new SqliteRecoveryStore(after).find({ pidHash: 'pid', seenSince: 0 })).toBe('token');
  });

  it.each(driversHere())('finds every session by a key on $name', async (driver) => {
    const executor = await SqliteExecutor.open(join(temporaryFolder(), 'room.sqlite'), driver);
    onTestFinished(() => executor.close());
    const { database, statements } = notingStatements(executor.database);
    const recoveries = createOperations(database);
    for (const seenAt of [1, 2]) {
      recoveries.remember({
        pidHash: `pid ${seenAt}`,
        tokenHash: 'token',
        seenAt,
        expiredBefore: 0,
        keepMax: 1,
      });
    }
    recoveries.find({ pidHash: 'pid 2', seenSince: 0 });
    recoveries.touch({ pidHashes: ['pid 2'], seenAt: 3 });
    recoveries.forget('pid 2');
    expect(statements.size).toBe(6);
    expectKeyedPlans(executor.database, statements);
  });
});
