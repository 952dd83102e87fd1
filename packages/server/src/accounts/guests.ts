// Guests: people who pick a name and get a token for it. The token proves the author on later connections;
// only its SHA-256 is kept, so a stolen database lets nobody in.
import { randomBytes as systemRandomBytes } from 'node:crypto';
import { type Author, type AuthorId, authorIdSchema, ChatError, checkName } from '@wireroom/protocol';
import type { GuestStore } from './guest-store.ts';
import { hashOf, type RandomBytes, secretOf } from './secret.ts';

export type { RandomBytes } from './secret.ts';

export interface Admission {
  readonly author: Author;
  /** Secret: goes to this guest alone, never into a log or a URL. */
  readonly token: string;
}

/** What somebody who comes says of themselves. */
export interface Claim {
  readonly name: string | undefined;
  readonly token: string | undefined;
  /** The token of whoever comes without one: of their own making, so that they may ask twice. Default: one is made here. */
  readonly newToken?: string | undefined;
}

export class Guests {
  readonly #store: GuestStore;
  readonly #isHere: (authorId: AuthorId) => boolean;
  readonly #randomBytes: RandomBytes;
  /** Those who hold a name here, under the name they bear now: one author's sockets all speak under the newest. */
  readonly #present = new Map<AuthorId, { readonly author: Author; readonly tokenHash: string }>();
  /** The same by token, so that a thousand who come back do not each look through a thousand. */
  readonly #authorOfToken = new Map<string, AuthorId>();

  /** `isHere`: does the author have a connection now? `randomBytes` makes ids and tokens: nobody may guess them. */
  constructor(
    store: GuestStore,
    isHere: (authorId: AuthorId) => boolean,
    randomBytes: RandomBytes = systemRandomBytes,
  ) {
    this.#store = store;
    this.#isHere = isHere;
    this.#randomBytes = randomBytes;
  }

  /**
   * With a token: its author, under the given name or else the last one. Without: a new author, or the one who came with the
   * same `newToken` before.
   * Rejects with ChatError: what is wrong with the name, `name-taken`, `name-differs`, `bad-token`.
   */
  async admit(claim: Claim): Promise<Admission> {
    const name = claim.name === undefined ? undefined : checkName(claim.name);
    if (claim.token !== undefined) {
      return { author: await this.readmit(hashOf(claim.token), name), token: claim.token };
    }
    if (name === undefined)
      throw new ChatError('name-empty', { message: 'Choose a name: hello without a token needs one.' });
    // 256 random bits: no guessing, so a plain hash is enough.
    const token = claim.newToken ?? secretOf(this.#randomBytes, 32);
    return { author: await this.#create(name, hashOf(token)), token };
  }

  async #create(name: string, tokenHash: string): Promise<Author> {
    const author = { authorId: authorIdSchema.parse(`a_${secretOf(this.#randomBytes, 16)}`), name };
    try {
      await this.#store.create({ author, tokenHash });
    } catch (error) {
      if (!(error instanceof ChatError && error.code === 'name-taken')) throw error;
      // By themselves, when they asked before and did not hear the answer?
      return this.readmit(tokenHash, name).catch((again: unknown) => {
        throw again instanceof ChatError && again.code === 'bad-token' ? error : again;
      });
    }
    this.#keep(author, tokenHash);
    return author;
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

  /**
   * Nobody is connected here as this author any more. Resolves with whether they are gone for good: they have not come back
   * meanwhile, here or at another server on the same store.
   */
  async letGo(authorId: AuthorId): Promise<boolean> {
    const before = this.#present.get(authorId);
    const isGone = await this.#store.letGo(authorId);
    const now = this.#present.get(authorId);
    if (now !== undefined && now !== before) {
      // They came first and were let go after: this server has them all the same.
      await this.#store.take(now.tokenHash, undefined);
      return false;
    }
    if (!isGone) this.#forget(authorId);
    return isGone;
  }

  /** The author is gone: the name is free again for others. */
  async release(authorId: AuthorId): Promise<void> {
    this.#forget(authorId);
    await this.#store.release(authorId);
    // Did the author come back while this was on its way? Then the name was taken first and released after: take it again.
    const back = this.#present.get(authorId);
    if (back !== undefined) await this.#store.take(back.tokenHash, undefined);
  }

  /** Those who held a name when the process before this one ended. */
  holders(): Promise<readonly AuthorId[]> {
    return this.#store.holders();
  }

  /**
   * The author of a token whose hash alone is known here, under the given name or else the last one. Rejects with ChatError:
   * `name-taken`, `name-differs`, `bad-token`.
   */
  async readmit(tokenHash: string, name?: string): Promise<Author> {
    this.#assertSameName(tokenHash, name);
    const author = await this.#store.take(tokenHash, name);
    if (author === undefined) throw new ChatError('bad-token');
    this.#keep(author, tokenHash);
    return author;
  }

  /** A page that is open knows its own words by the name that it entered under: nobody may change it from elsewhere. */
  #assertSameName(tokenHash: string, name: string | undefined): void {
    if (name === undefined) return;
    const authorId = this.#authorOfToken.get(tokenHash);
    const author = authorId && this.authorOf(authorId);
    if (author && author.name !== name && this.#isHere(author.authorId)) throw new ChatError('name-differs');
  }

  #keep(author: Author, tokenHash: string): void {
    this.#present.set(author.authorId, { author, tokenHash });
    this.#authorOfToken.set(tokenHash, author.authorId);
  }

  #forget(authorId: AuthorId): void {
    const known = this.#present.get(authorId);
    if (known === undefined) return;
    this.#present.delete(authorId);
    this.#authorOfToken.delete(known.tokenHash);
  }
}
