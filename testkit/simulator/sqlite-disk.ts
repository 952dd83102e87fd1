// The log of the simulated servers on a real disk: SQLite as the server uses it, from the lane of batches to the commit, but on this
// thread, so that a commit is done when its event is. The disk refuses when told to; backups are those of the command line.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backupDatabase, isSound, restoreDatabase, type Verdict, verifyDatabase } from '@wireroom/server';
import {
  DATABASE_FILE,
  InlineThread,
  type Log,
  loadDriver,
  SqliteClient,
  type SqliteDriver,
  SqliteLog,
} from '@wireroom/server/parts';

export interface SqliteDiskOptions {
  /** What the disk refuses is on it nevertheless: a fault of this program, for the proof that it would be found. */
  readonly keepsRefused: boolean;
}

export class SqliteDisk {
  readonly #folder = mkdtempSync(join(tmpdir(), 'wireroom-simulated-'));
  readonly #dataDir = join(this.#folder, 'data');
  readonly #options: SqliteDiskOptions;
  #opened: { readonly client: SqliteClient; readonly log: Log } | undefined;
  #isRefusing = false;
  #backups = 0;

  constructor(options: SqliteDiskOptions) {
    this.#options = options;
  }

  /** Where it is open. */
  get log(): Log | undefined {
    return this.#opened?.log;
  }

  async open(): Promise<void> {
    const file = join(this.#dataDir, DATABASE_FILE);
    const onFailure = (error: Error): never => {
      throw error;
    };
    const reader = (): InlineThread => new InlineThread(file, loadDriver(), 'reader');
    const client = await SqliteClient.over(new InlineThread(file, this.#driver()), { onFailure, reader });
    this.#opened = { client, log: new SqliteLog(client) };
  }

  /** Every commit of what is written in `work` fails, and must leave nothing. */
  async refuse(work: () => Promise<unknown>): Promise<void> {
    this.#isRefusing = true;
    try {
      await work();
    } finally {
      this.#isRefusing = false;
    }
  }

  /** As of now; returns the file. */
  async backup(): Promise<string> {
    this.#backups += 1;
    const file = join(this.#folder, `backup-${this.#backups}.sqlite`);
    assertSound(await backupDatabase(this.#dataDir, file));
    return file;
  }

  async restore(file: string): Promise<void> {
    await this.#close();
    assertSound(await restoreDatabase(file, { dataDir: this.#dataDir, isReplacing: true }));
    await this.open();
  }

  verify(): Promise<Verdict> {
    return verifyDatabase(this.#dataDir);
  }

  async remove(): Promise<void> {
    await this.#close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #close(): Promise<void> {
    await this.#opened?.client.close();
    this.#opened = undefined;
  }

  #driver(): SqliteDriver {
    const driver = loadDriver();
    return {
      name: driver.name,
      open: (file) => {
        const database = driver.open(file);
        return {
          driver: database.driver,
          exec: (sql) => database.exec(sql),
          close: () => database.close(),
          prepare: (sql) => {
            const statement = database.prepare(sql);
            return {
              run: (...values) => {
                if (sql === 'COMMIT' && this.#isRefusing) this.#fail(() => statement.run(...values));
                return statement.run(...values);
              },
              get: (...values) => statement.get(...values),
              all: (...values) => statement.all(...values),
            };
          },
        };
      },
    };
  }

  #fail(commit: () => void): never {
    if (this.#options.keepsRefused) commit();
    throw Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR_FSYNC' });
  }
}

/** What a verdict says is wrong, in one sentence. */
export function problemsOf({ problems, rooms }: Verdict): string {
  const ofRooms = rooms.flatMap((room) => room.problems.map((problem) => `room ${room.slug}: ${problem}`));
  return [...problems, ...ofRooms].join('; ');
}

function assertSound(verdict: Verdict): void {
  if (!isSound(verdict)) throw new Error(`A database of the simulator is not sound: ${problemsOf(verdict)}`);
}
