// The store of recoveries on PostgreSQL keeps the contract.
import { afterAll, beforeAll, describe } from 'vitest';
import { migratePostgres } from '../db/migrator.ts';
import { emptyTables, serverUrl, temporaryDatabase } from '../db/postgres.contract.ts';
import { openPostgres } from '../db/postgres.ts';
import { PostgresRecoveryStore } from './postgres-recovery-store.ts';
import { registerRecoveryStoreContract } from './recovery-store.contract.ts';

const server = await serverUrl();

describe.skipIf(server === undefined)('on PostgreSQL', () => {
  let database: Awaited<ReturnType<typeof temporaryDatabase>>;
  beforeAll(async () => {
    database = await temporaryDatabase(server ?? '');
  });
  afterAll(() => database.drop());

  registerRecoveryStoreContract('PostgreSQL', async () => {
    const opened = await openPostgres({ url: database.url, onError: () => {} });
    await migratePostgres(opened);
    await emptyTables(database.url);
    const store = new PostgresRecoveryStore(opened);
    return {
      store,
      close: async () => {
        await store.close();
        await opened.close();
      },
    };
  });
});
