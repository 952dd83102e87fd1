// The log on PostgreSQL keeps the contract, alone and with several servers on one database.
import { afterAll, beforeAll, describe } from 'vitest';
import { migratePostgres } from '../db/migrator.ts';
import { emptyTables, serverUrl, temporaryDatabase } from '../db/postgres.contract.ts';
import { openPostgres } from '../db/postgres.ts';
import { registerLogContract } from './log.contract.ts';
import { type OpenImportLog, registerImport } from './log-import.contract.ts';
import { registerLogModel } from './log-model.contract.ts';
import { PostgresLog } from './postgres-log.ts';
import { PostgresImportLog } from './postgres-log-import.ts';

const server = await serverUrl();

describe.skipIf(server === undefined)('PostgreSQL', () => {
  let database: Awaited<ReturnType<typeof temporaryDatabase>>;
  beforeAll(async () => {
    database = await temporaryDatabase(server ?? '');
  });
  afterAll(() => database.drop());

  const open = async (): Promise<OpenImportLog> => {
    await emptyTables(database.url);
    const opened = await openPostgres({ url: database.url, onError: () => {} });
    await migratePostgres(opened);
    const log = new PostgresLog(opened);
    return {
      log,
      importer: new PostgresImportLog(opened),
      close: async () => {
        await log.close();
        await opened.close();
      },
    };
  };
  registerLogContract('PostgreSQL', open);
  registerLogModel('PostgreSQL', open, 20);
  registerImport('PostgreSQL', open);
});
