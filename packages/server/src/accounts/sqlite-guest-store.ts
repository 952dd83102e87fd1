// The guests on SQLite, main-thread side: each call rides in a batch to the database thread and back, where
// sqlite-guest-operations.ts does it.
import type { Author, AuthorId } from '@wireroom/protocol';
import { moduleBeside } from '../db/operation-module.ts';
import type { Attached, SqliteClient } from '../db/sqlite-client.ts';
import type { GuestStore } from './guest-store.ts';
import type { SqliteGuestOperations } from './sqlite-guest-operations.ts';

export class SqliteGuestStore implements GuestStore {
  readonly #thread: Attached<SqliteGuestOperations>;
  #changesAsked = 0;
  #changesUnderWay = 0;

  constructor(client: SqliteClient) {
    this.#thread = client.attach<SqliteGuestOperations>(
      moduleBeside('./sqlite-guest-operations', import.meta.url),
    );
  }

  async create(guest: { readonly author: Author; readonly tokenHash: string }): Promise<void> {
    await this.#thread.write('create', guest);
  }

  async take(tokenHash: string, name: string | undefined): Promise<Author | undefined> {
    const holder = await this.#holder(tokenHash, name);
    return holder ?? this.#change(this.#thread.write('take', { tokenHash, name }));
  }

  /**
   * The author, where they hold the name still: a read, behind which no post waits. `undefined`: they do not, or a change that is
   * under way may decide it otherwise.
   */
  async #holder(tokenHash: string, name: string | undefined): Promise<Author | undefined> {
    if (this.#changesUnderWay > 0) return undefined;
    const changesBefore = this.#changesAsked;
    const holder = await this.#thread.read('holder', { tokenHash, name });
    return this.#changesAsked === changesBefore ? holder : undefined;
  }

  /** Of names that somebody has held. */
  async #change<T>(change: Promise<T>): Promise<T> {
    this.#changesAsked += 1;
    this.#changesUnderWay += 1;
    try {
      return await change;
    } finally {
      this.#changesUnderWay -= 1;
    }
  }

  find(tokenHash: string): Promise<Author | undefined> {
    return this.#thread.read('find', tokenHash);
  }

  /** One file, one process: nobody else has anybody. */
  async letGo(): Promise<boolean> {
    return true;
  }

  async release(authorId: AuthorId): Promise<void> {
    await this.#change(this.#thread.write('release', authorId));
  }

  holders(): Promise<readonly AuthorId[]> {
    return this.#thread.read('holders', undefined);
  }
}
