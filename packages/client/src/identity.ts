// Who this client has been: the last name, and the tokens of a few names. Read from storage at every use, since another
// tab may have written there. A token proves an author: it leaves this file only for a hello.
import { type Author, type AuthorId, authorIdSchema, nameKey } from '@wireroom/protocol';
import * as CLIENT_LIMITS from './limits.ts';
import { isRecord } from './record.ts';
import type { KeyValueStorage } from './storage.ts';

/** What is known of one name. */
interface Guest {
  readonly name: string;
  /** Absent: there is none yet, or the server knows it no more. */
  readonly token?: string;
  /** Asked for, and not yet answered. */
  readonly newToken?: string;
  /** Whom the token proves, or proved. Absent: nobody yet, or remembered by an older version. */
  readonly authorId?: AuthorId | undefined;
}

interface Remembered {
  readonly name?: string;
  /** Whoever bore the name last said that they go: nobody comes back as them without asking. */
  readonly hasLeft?: boolean;
  /** Last used first; at the end at most one without a token. */
  readonly guests: readonly Guest[];
}

export class Identity {
  readonly #storage: Pick<KeyValueStorage, 'get' | 'set'>;
  readonly #key: string;

  constructor(storage: Pick<KeyValueStorage, 'get' | 'set'>, key: string) {
    this.#storage = storage;
    this.#key = key;
  }

  get name(): string | undefined {
    return this.#read().name;
  }

  /** Was that the end of a visit, rather than a pause? */
  get hasLeft(): boolean {
    return this.#read().hasLeft === true;
  }

  tokenOf(name: string): string | undefined {
    return this.#find(name)?.token;
  }

  /** Who bears the name here, or bore it until the server forgot them. */
  authorOf(name: string): AuthorId | undefined {
    return authorIdSchema.safeParse(this.#find(name)?.authorId).data;
  }

  remember({ authorId, name }: Author, token: string): void {
    const others = this.#others(name, token);
    const guests = [{ name, token, authorId }, ...others].slice(0, CLIENT_LIMITS.guestsRememberedMax);
    this.#write({ name, guests });
  }

  /** The token that this name was asked for with, if the answer has not come. */
  proposedFor(name: string): string | undefined {
    return this.#find(name)?.newToken;
  }

  propose(name: string, newToken: string): void {
    const guest = { name, newToken, authorId: this.authorOf(name) };
    this.#write({ ...this.#read(), guests: [...this.#others(name, undefined), guest] });
  }

  /** The visit under this name is over. Name and token stay, so that whoever enters again is the same author. */
  leave(name: string): void {
    const remembered = this.#read();
    if (isSame(remembered.name ?? '', name)) this.#write({ ...remembered, hasLeft: true });
  }

  /** The name stays, for filling in, and whose it was. */
  forget(token: string): void {
    const { guests, ...rest } = this.#read();
    const others = guests.map((guest) =>
      guest.token === token ? { name: guest.name, authorId: guest.authorId } : guest,
    );
    this.#write({ ...rest, guests: others });
  }

  #find(name: string): Guest | undefined {
    return this.#read().guests.find((guest) => isSame(guest.name, name));
  }

  /** Those with another name and another token; of those without one, only one is kept. */
  #others(name: string, token: string | undefined): readonly Guest[] {
    return this.#read().guests.filter((guest) => !isSame(guest.name, name) && guest.token !== token);
  }

  #write(remembered: Remembered): void {
    this.#storage.set(this.#key, JSON.stringify(remembered));
  }

  #read(): Remembered {
    const value = parsed(this.#storage.get(this.#key));
    const { name, hasLeft, guests } = isRecord(value) ? value : {};
    return {
      ...(typeof name === 'string' && { name }),
      ...(hasLeft === true && { hasLeft }),
      guests: Array.isArray(guests) ? guests.filter(isGuest) : [],
    };
  }
}

const isSame = (one: string, other: string): boolean => nameKey(one) === nameKey(other);

const isGuest = (value: unknown): value is Guest =>
  isRecord(value) && typeof value.name === 'string' && isText(value.token) && isText(value.newToken);

const isText = (value: unknown): boolean => value === undefined || typeof value === 'string';

/** What somebody else, or an older version, left there may be anything. */
function parsed(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
