// Who we say we are: the greeting of every connection, and what a refused one means.
// The token is taken from storage first: another tab may have got a new one in the meantime.
import type { AuthorId, RefusedEvent, WelcomeEvent } from '@wireroom/protocol';
import { hexOf, type Random } from './clock.ts';
import type { Identity } from './identity.ts';
import type { Greeting, HelloDecision } from './link.ts';
import { isForNow } from './refusal.ts';

/** 256 bits: nobody guesses a token. */
const TOKEN_BYTES = 32;

export class Greeter {
  readonly #identity: Identity;
  readonly #random: Random;
  #name = '';
  /** The token in use, in case that storage does not keep it. */
  #token: string | undefined;

  constructor(identity: Identity, random: Random) {
    this.#identity = identity;
    this.#random = random;
  }

  get name(): string {
    return this.#name;
  }

  /** Under this name from the next greeting on. */
  begin(name: string): void {
    if (name === this.#name) return;
    this.#name = name;
    this.#token = undefined;
  }

  get token(): string | undefined {
    return this.#identity.tokenOf(this.#name) ?? this.#token;
  }

  /** Who we were under this name, as far as is remembered. */
  get author(): AuthorId | undefined {
    return this.#identity.authorOf(this.#name);
  }

  greeting(): Greeting {
    const { name, token } = this;
    return token === undefined ? { name, newToken: this.#proposal() } : { name, token };
  }

  welcomed(event: WelcomeEvent): void {
    this.#name = event.you.name;
    this.#token = event.token;
    this.#identity.remember(event.you, event.token);
  }

  /** A token that the server does not know (its database was replaced) is forgotten, and the name asked for without it. */
  refused(event: RefusedEvent, said: Greeting): HelloDecision {
    if (event.code === 'bad-token' && said.token !== undefined) {
      this.#drop(said.token);
      return 'again';
    }
    if (event.code === 'name-taken') {
      // Perhaps by ourselves: another tab was given the name, and its token, a moment ago.
      const { token } = this;
      return token !== undefined && token !== said.token && token !== said.newToken ? 'again' : 'never';
    }
    // As long as our other tab is there, waiting would not help; whoever reads the reason can do something.
    if (event.code === 'name-differs') return 'never';
    return isForNow(event) ? 'later' : 'never';
  }

  /** The visit is over. */
  leave(): void {
    this.#identity.leave(this.#name);
    this.#name = '';
  }

  /** The same in every hello until one is answered. Kept before it is said, for a page that is reloaded before the answer. */
  #proposal(): string {
    const kept = this.#identity.proposedFor(this.#name);
    if (kept !== undefined) return kept;
    const proposal = hexOf(this.#random.bytes(TOKEN_BYTES));
    this.#identity.propose(this.#name, proposal);
    return proposal;
  }

  #drop(token: string): void {
    this.#identity.forget(token);
    if (this.#token === token) this.#token = undefined;
  }
}
