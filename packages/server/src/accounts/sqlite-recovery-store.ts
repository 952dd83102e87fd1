// The sessions that may come back, on SQLite, main-thread side: each call rides in a batch to the database thread and back,
// where sqlite-recovery-operations.ts does it.
import { moduleBeside } from '../db/operation-module.ts';
import type { Attached, SqliteClient } from '../db/sqlite-client.ts';
import type { Recovery, RecoveryStore, RememberOptions } from './recovery-store.ts';
import type { SqliteRecoveryOperations } from './sqlite-recovery-operations.ts';

export class SqliteRecoveryStore implements RecoveryStore {
  readonly #thread: Attached<SqliteRecoveryOperations>;

  constructor(client: SqliteClient) {
    this.#thread = client.attach<SqliteRecoveryOperations>(
      moduleBeside('./sqlite-recovery-operations', import.meta.url),
    );
  }

  async remember(recovery: Recovery & RememberOptions): Promise<void> {
    await this.#thread.write('remember', recovery);
  }

  find(wanted: { readonly pidHash: string; readonly seenSince: number }): Promise<string | undefined> {
    return this.#thread.read('find', wanted);
  }

  async touch(sessions: { readonly pidHashes: readonly string[]; readonly seenAt: number }): Promise<void> {
    await this.#thread.write('touch', sessions);
  }

  async forget(pidHash: string): Promise<void> {
    await this.#thread.write('forget', pidHash);
  }
}
