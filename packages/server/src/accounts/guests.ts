// Guests: people who pick a name and get a token for it. The token proves the author on later connections;
// only its SHA-256 is kept, so a stolen database lets nobody in.
import { createHash, randomBytes } from 'node:crypto';
import { type Author, type AuthorId, authorIdSchema, ChatError, checkName } from '@wireroom/protocol';
import type { GuestStore } from './guest-store.ts';

export interface Admission {
  readonly author: Author;
  /** Secret: goes to this guest alone, never into a log or a URL. */
  readonly token: string;
}

/** What somebody who comes says of themselves. */
export interface Claim {
  readonly name: string | undefined;
  readonly token: string | undefined;
}

export class Guests {
  readonly #store: GuestStore;
  readonly #isHere: (authorId: AuthorId) => boolean;
  /** Those who hold a name here, under the name they bear now: one author's sockets all speak under the newest. */
  readonly #present = new Map<AuthorId, { readonly author: Author; readonly tokenHash: string }>();

  /** `isHere`: does the author have a connection now? */
  constructor(store: GuestStore, isHere: (authorId: AuthorId) => boolean) {
    this.#store = store;
    this.#isHere = isHere;
  }

  /**
   * With a token: its author, under the given name or else the last one. Without: a new author.
   * Rejects with ChatError: what is wrong with the name, `name-taken`, `name-differs`, `bad-token`.
   */
  async admit(claim: Claim): Promise<Admission> {
    const name = claim.name === undefined ? undefined : checkName(claim.name);
    if (claim.token !== undefined) return this.#readmit(claim.token, name);
    if (name === undefined)
      throw new ChatError('name-empty', { message: 'Choose a name: hello without a token needs one.' });
    const author = { authorId: authorIdSchema.parse(`a_${randomBytes(16).toString('base64url')}`), name };
    // 256 random bits: no guessing, so a plain hash is enough.
    const token = randomBytes(32).toString('base64url');
    const tokenHash = hashOf(token);
    await this.#store.create({ author, tokenHash });
    this.#present.set(author.authorId, { author, tokenHash });
    return { author, token };
  }

  /** An author who was admitted and not yet released. */
  authorOf(authorId: AuthorId): Author | undefined {
    return this.#present.get(authorId)?.author;
  }

  /** Whose token it is, without letting anybody in: no name is taken, nobody is here. Rejects with `bad-token`. */
  async prove(token: string): Promise<Author> {
    const author = await this.#store.find(hashOf(token));
    if (author === undefined) throw new ChatError('bad-token');
    return author;
  }

  /** The author is gone: the name is free again for others. */
  async release(authorId: AuthorId): Promise<void> {
    this.#present.delete(authorId);
    await this.#store.release(authorId);
    // Did the author come back while this was on its way? Then the name was taken first and released after: take it again.
    const back = this.#present.get(authorId);
    if (back !== undefined) await this.#store.take(back.tokenHash, undefined);
  }

  /** Those who held a name when the process before this one ended. */
  holders(): Promise<readonly AuthorId[]> {
    return this.#store.holders();
  }

  async #readmit(token: string, name: string | undefined): Promise<Admission> {
    const tokenHash = hashOf(token);
    this.#assertSameName(tokenHash, name);
    const author = await this.#store.take(tokenHash, name);
    if (author === undefined) throw new ChatError('bad-token');
    this.#present.set(author.authorId, { author, tokenHash });
    return { author, token };
  }

  /** A page that is open knows its own words by the name that it entered under: nobody may change it from elsewhere. */
  #assertSameName(tokenHash: string, name: string | undefined): void {
    if (name === undefined) return;
    for (const { author, tokenHash: known } of this.#present.values()) {
      if (known !== tokenHash) continue;
      if (author.name !== name && this.#isHere(author.authorId)) throw new ChatError('name-differs');
    }
  }
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url');
