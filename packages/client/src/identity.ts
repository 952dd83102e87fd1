// Who this client has been: the last name, and the tokens of a few names. Read from storage at every use, since another
// tab may have written there. A token proves an author: it leaves this file only for a hello.
import { nameKey } from '@wireroom/protocol';
import { CLIENT_LIMITS } from './limits.ts';
import type { KeyValueStorage } from './storage.ts';

interface Guest {
  readonly name: string;
  readonly token: string;
}

interface Remembered {
  readonly name?: string;
  /** Whoever bore the name last said that they go: nobody comes back as them without asking. */
  readonly hasLeft?: boolean;
  /** Last used first. */
  readonly guests: readonly Guest[];
}

export class Identity {
  readonly #storage: KeyValueStorage;
  readonly #key: string;

  constructor(storage: KeyValueStorage, key: string) {
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
    return this.#read().guests.find((guest) => isSame(guest.name, name))?.token;
  }

  remember(name: string, token: string): void {
    const others = this.#read().guests.filter((guest) => !isSame(guest.name, name) && guest.token !== token);
    const guests = [{ name, token }, ...others].slice(0, CLIENT_LIMITS.guestsRememberedMax);
    this.#storage.set(this.#key, JSON.stringify({ name, guests } satisfies Remembered));
  }

  /** The visit under this name is over. Name and token stay, so that whoever enters again is the same author. */
  leave(name: string): void {
    const remembered = this.#read();
    if (remembered.name === undefined || !isSame(remembered.name, name)) return;
    this.#storage.set(this.#key, JSON.stringify({ ...remembered, hasLeft: true } satisfies Remembered));
  }

  /** The name stays, for filling in. */
  forget(token: string): void {
    const { guests, ...rest } = this.#read();
    const others = guests.filter((guest) => guest.token !== token);
    if (others.length === guests.length) return;
    this.#storage.set(this.#key, JSON.stringify({ ...rest, guests: others } satisfies Remembered));
  }

  #read(): Remembered {
    const value = parsed(this.#storage.get(this.#key));
    if (typeof value !== 'object' || value === null) return { guests: [] };
    const guests = 'guests' in value && Array.isArray(value.guests) ? value.guests.filter(isGuest) : [];
    const name = 'name' in value && typeof value.name === 'string' ? value.name : undefined;
    const hasLeft = 'hasLeft' in value && value.hasLeft === true;
    return { ...(name !== undefined && { name }), ...(hasLeft && { hasLeft }), guests };
  }
}

const isSame = (one: string, other: string): boolean => nameKey(one) === nameKey(other);

function isGuest(value: unknown): value is Guest {
  if (typeof value !== 'object' || value === null) return false;
  return (
    'name' in value && typeof value.name === 'string' && 'token' in value && typeof value.token === 'string'
  );
}

/** What somebody else, or an older version, left there may be anything. */
export function parsed(text: string | null | undefined): unknown {
  if (typeof text !== 'string') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
