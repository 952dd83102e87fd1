// Who we say we are: the greeting of every connection, and what a refused one means.
// The token is taken from storage first: another tab may have got a new one in the meantime.
import type { RefusedEvent, WelcomeEvent } from '@wireroom/protocol';
import type { Identity } from './identity.ts';
import type { Greeting, HelloDecision } from './link.ts';
import { isForNow } from './refusal.ts';

export class Greeter {
  readonly #identity: Identity;
  #name = '';
  /** The token in use, in case that storage does not keep it. */
  #token: string | undefined;

  constructor(identity: Identity) {
    this.#identity = identity;
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

  greeting(): Greeting {
    const token = this.#identity.tokenOf(this.#name) ?? this.#token;
    return token === undefined ? { name: this.#name } : { name: this.#name, token };
  }

  welcomed(event: WelcomeEvent): void {
    this.#name = event.you.name;
    this.#token = event.token;
    this.#identity.remember(event.you.name, event.token);
  }

  /** A token that the server does not know (its database was replaced) is forgotten, and the name asked for without it. */
  refused(event: RefusedEvent, said: Greeting): HelloDecision {
    if (event.code === 'bad-token' && said.token !== undefined) {
      this.#drop(said.token);
      return 'again';
    }
    if (event.code === 'name-taken') {
      // Perhaps by ourselves: another tab was given the name, and its token, a moment ago.
      const { token } = this.greeting();
      return token !== undefined && token !== said.token ? 'again' : 'never';
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

  #drop(token: string): void {
    this.#identity.forget(token);
    if (this.#token === token) this.#token = undefined;
  }
}
