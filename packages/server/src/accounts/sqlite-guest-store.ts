// The guests on SQLite, main-thread side: each call rides in a batch to the database thread and back, where
// sqlite-guest-operations.ts does it.
import type { Author, AuthorId } from '@wireroom/protocol';
import { moduleBeside } from '../db/operation-module.ts';
import type { Attached, SqliteClient } from '../db/sqlite-client.ts';
import type { GuestStore } from './guest-store.ts';
import type { SqliteGuestOperations } from './sqlite-guest-operations.ts';

export class SqliteGuestStore implements GuestStore {
  readonly #thread: Attached<SqliteGuestOperations>;

  constructor(client: SqliteClient) {
    this.#thread = client.attach<SqliteGuestOperations>(
      moduleBeside('./sqlite-guest-operations', import.meta.url),
    );
  }

  async create(guest: { readonly author: Author; readonly tokenHash: string }): Promise<void> {
    await this.#thread.write('create', guest);
  }

  take(tokenHash: string, name: string | undefined): Promise<Author | undefined> {
    return this.#thread.write('take', { tokenHash, name });
  }

  find(tokenHash: string): Promise<Author | undefined> {
    return this.#thread.read('find', tokenHash);
  }

  /** One file, one process: nobody else has anybody. */
  async letGo(): Promise<boolean> {
    return true;
  }

  async release(authorId: AuthorId): Promise<void> {
    await this.#thread.write('release', authorId);
  }

  holders(): Promise<readonly AuthorId[]> {
    return this.#thread.read('holders', undefined);
  }
}
