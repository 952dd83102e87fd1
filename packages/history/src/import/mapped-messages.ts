// What is known of the messages mapped so far: whose each is, and what it has gone through. A few bytes for each, since there may
// be millions; more only for those that somebody reacted to.
import { type Author, type AuthorId, LIMITS } from '@wireroom/protocol';
import type { MessageKey } from './import-record.ts';

const IS_MESSAGE = 1;
const IS_DELETED = 2;
/** Its text is not in the file. */
const IS_GONE = 4;

export class MappedMessages {
  readonly #people: Author[] = [];
  readonly #numberOf = new Map<AuthorId, number>();
  /** By seq. */
  #authors = new Uint32Array(1024);
  #flags = new Uint8Array(1024);
  /** Where the keys are not the numbers. */
  readonly #seqOf: Map<MessageKey, number> | undefined;
  readonly #gone = new Set<number>();
  readonly #reactions = new Map<number, Map<string, Set<AuthorId>>>();

  constructor({ keepsNumbers }: { readonly keepsNumbers: boolean }) {
    this.#seqOf = keepsNumbers ? undefined : new Map();
  }

  add(key: MessageKey, { seq, author, isGone }: { seq: number; author: Author; isGone: boolean }): void {
    this.#grow(seq);
    this.#authors[seq] = this.#number(author);
    this.#flags[seq] = IS_MESSAGE | (isGone ? IS_GONE : 0);
    if (isGone) this.#gone.add(seq);
    this.#seqOf?.set(key, seq);
  }

  find(
    key: MessageKey,
  ): { readonly seq: number; readonly author: Author; readonly isDeleted: boolean } | undefined {
    const seq = this.#seqOf === undefined ? Number(key) : (this.#seqOf.get(key) ?? 0);
    const flags = this.#flags[seq] ?? 0;
    const author = this.#people[this.#authors[seq] ?? 0];
    if ((flags & IS_MESSAGE) === 0 || author === undefined) return undefined;
    return { seq, author, isDeleted: (flags & IS_DELETED) !== 0 };
  }

  delete(seq: number): void {
    this.#flags[seq] = (this.#flags[seq] ?? 0) | IS_DELETED;
    this.#gone.delete(seq);
    this.#reactions.delete(seq);
  }

  /** A text of it is gone, as only a deletion takes it. */
  lose(seq: number): void {
    this.#gone.add(seq);
  }

  /** Notes the reaction; says why it cannot be, if so. */
  react(
    seq: number,
    authorId: AuthorId,
    { type, emoji }: { readonly type: 'react' | 'unreact'; readonly emoji: string },
  ): string | undefined {
    const ofMessage = this.#reactions.get(seq) ?? new Map<string, Set<AuthorId>>();
    const given = ofMessage.get(emoji) ?? new Set<AuthorId>();
    if (type === 'react') {
      if (given.has(authorId)) return 'it was given before';
      if (given.size === 0 && ofMessage.size >= LIMITS.reactionsMax)
        return `the message has ${LIMITS.reactionsMax} different reactions already`;
      given.add(authorId);
    } else if (!given.delete(authorId)) return 'it takes back what was not given';
    if (given.size > 0) ofMessage.set(emoji, given);
    else ofMessage.delete(emoji);
    if (ofMessage.size > 0) this.#reactions.set(seq, ofMessage);
    else this.#reactions.delete(seq);
    return undefined;
  }

  goneWithoutDeletion(): readonly { readonly seq: number; readonly author: Author }[] {
    return [...this.#gone].flatMap((seq) => {
      const author = this.#people[this.#authors[seq] ?? 0];
      return author === undefined ? [] : [{ seq, author }];
    });
  }

  #number(author: Author): number {
    const known = this.#numberOf.get(author.authorId);
    if (known !== undefined) return known;
    this.#people.push(author);
    this.#numberOf.set(author.authorId, this.#people.length - 1);
    return this.#people.length - 1;
  }

  #grow(seq: number): void {
    if (seq < this.#flags.length) return;
    const [authors, flags] = [new Uint32Array(2 * seq), new Uint8Array(2 * seq)];
    authors.set(this.#authors);
    flags.set(this.#flags);
    this.#authors = authors;
    this.#flags = flags;
  }
}
