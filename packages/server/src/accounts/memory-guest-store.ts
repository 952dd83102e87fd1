// The guests in memory, for tests of whatever stands on the store. The server never uses it.
import { type Author, type AuthorId, ChatError, nameKey } from '@wireroom/protocol';
import type { GuestStore } from './guest-store.ts';

interface MemoryGuest {
  author: Author;
  readonly tokenHash: string;
  holdsName: boolean;
}

export class MemoryGuestStore implements GuestStore {
  readonly #guests = new Map<AuthorId, MemoryGuest>();

  async create({
    author,
    tokenHash,
  }: {
    readonly author: Author;
    readonly tokenHash: string;
  }): Promise<void> {
    this.#assertFree(author);
    if (this.#byToken(tokenHash) !== undefined) throw new ChatError('name-taken');
    this.#guests.set(author.authorId, { author, tokenHash, holdsName: true });
  }

  async take(tokenHash: string, name: string | undefined): Promise<Author | undefined> {
    const guest = this.#byToken(tokenHash);
    if (guest === undefined) return undefined;
    const author = { authorId: guest.author.authorId, name: name ?? guest.author.name };
    this.#assertFree(author);
    guest.author = author;
    guest.holdsName = true;
    return author;
  }

  async find(tokenHash: string): Promise<Author | undefined> {
    return this.#byToken(tokenHash)?.author;
  }

  async letGo(): Promise<boolean> {
    return true;
  }

  async release(authorId: AuthorId): Promise<void> {
    const guest = this.#guests.get(authorId);
    if (guest !== undefined) guest.holdsName = false;
  }

  async holders(): Promise<readonly AuthorId[]> {
    return [...this.#guests.values()]
      .filter((guest) => guest.holdsName)
      .map((guest) => guest.author.authorId);
  }

  #byToken(tokenHash: string): MemoryGuest | undefined {
    return [...this.#guests.values()].find((known) => known.tokenHash === tokenHash);
  }

  #assertFree({ authorId, name }: Author): void {
    const key = nameKey(name);
    for (const { author, holdsName } of this.#guests.values()) {
      if (holdsName && author.authorId !== authorId && nameKey(author.name) === key)
        throw new ChatError('name-taken');
    }
  }
}
