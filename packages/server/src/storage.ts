// Where the server keeps what must outlive it: SQLite in a file, or PostgreSQL, which several servers may share. One
// function each opens it; app.ts takes what it gets. What is kept is the business of log/ and accounts/.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { GuestStore } from './accounts/guest-store.ts';
import { PostgresGuestStore } from './accounts/postgres-guest-store.ts';
import { PostgresRecoveryStore } from './accounts/postgres-recovery-store.ts';
import type { RecoveryStore } from './accounts/recovery-store.ts';
import { SqliteGuestStore } from './accounts/sqlite-guest-store.ts';
import { SqliteRecoveryStore } from './accounts/sqlite-recovery-store.ts';
import type { Bus } from './bus/bus.ts';
import { MemoryBus } from './bus/memory-bus.ts';
import { PostgresBus } from './bus/postgres-bus.ts';
import { ConfigError } from './config.ts';
import type { BatchWatch } from './db/batch-lane.ts';
import { migratePostgres } from './db/migrator.ts';
import { moduleBeside } from './db/operation-module.ts';
import { openPostgres } from './db/postgres.ts';
import { attachProbe } from './db/probe.ts';
import { openSqlite } from './db/sqlite-client.ts';
import type { HistorySourceTask } from './log/history-source.ts';
import type { Log } from './log/log.ts';
import { PostgresLog } from './log/postgres-log.ts';
import { SqliteLog } from './log/sqlite-log.ts';

export interface Storage {
  readonly log: Log;
  /** Whence downloads are read, in a thread of their own. */
  readonly historySource: HistorySourceTask;
  readonly guestStore: GuestStore;
  readonly recoveryStore: RecoveryStore;
  /** Reaches every server on the same storage. */
  readonly bus: Bus;
  /** May other servers be on it? Then somebody's end may have to be seen to by another than the one that had them. */
  readonly isShared: boolean;
  /** How many writes wait for their commit. */
  readonly waitingCount: () => number;
  /** Writes something that changes nothing; rejects where nothing can be written. */
  readonly probe: () => Promise<void>;
  /** Writes what was accepted, then lets go. */
  close(): Promise<void>;
}

export interface StorageEvents {
  /** Nothing can be stored any more, and never again by this process. */
  readonly onFatal: (error: unknown) => void;
  /** Something went wrong that mends itself. */
  readonly onError: (error: unknown) => void;
  /** Is told of the log's commits. */
  readonly watch?: BatchWatch;
}

/** How often a server says that it lives: several times in what the guest store takes for dead. */
const BEAT_MS = 8_000;

export async function openSqliteStorage(dataDir: string, events: StorageEvents): Promise<Storage> {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const message = `The data folder "${dataDir}" cannot be made. Choose another with DATA_DIR.`;
    throw new ConfigError(message, { cause });
  }
  const { onFatal: onFailure, watch } = events;
  const file = join(dataDir, DATABASE_FILE);
  const client = await openSqlite({ file, onFailure, watch });
  return {
    log: new SqliteLog(client),
    historySource: historySource('sqlite', { file }),
    guestStore: new SqliteGuestStore(client),
    recoveryStore: new SqliteRecoveryStore(client),
    bus: new MemoryBus(),
    isShared: false,
    waitingCount: () => client.waitingCount,
    probe: attachProbe(client),
    close: () => client.close(),
  };
}

/** The database within the data folder. */
export const DATABASE_FILE = 'wireroom.sqlite';

export async function openPostgresStorage(url: string, { onError, watch }: StorageEvents): Promise<Storage> {
  const database = await openPostgres({ url, onError });
  const opened: { close(): Promise<void> }[] = [database];
  const close = async (): Promise<void> => {
    for (const each of opened.toReversed()) await each.close();
  };
  try {
    await migratePostgres(database);
    const log = new PostgresLog(database, { watch });
    const guestStore = await PostgresGuestStore.open(database);
    const recoveryStore = new PostgresRecoveryStore(database);
    const bus = await PostgresBus.open({ database, onError });
    const beat = setInterval(() => guestStore.beat().catch(onError), BEAT_MS).unref();
    opened.push(log, guestStore, recoveryStore, bus, { close: async () => clearInterval(beat) });
    const waitingCount = (): number => log.waitingCount;
    const probe = (): Promise<void> => guestStore.beat();
    const source = historySource('postgres', { url });
    const ports = { log, historySource: source, guestStore, recoveryStore, bus };
    return { ...ports, isShared: true, waitingCount, probe, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The module that the download thread loads. */
function historySource(
  adapter: 'sqlite' | 'postgres',
  options: HistorySourceTask['options'],
): HistorySourceTask {
  return { module: moduleBeside(`./log/${adapter}-history-source`, import.meta.url).href, options };
}
