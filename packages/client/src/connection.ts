// One lasting connection to a server, made of as many links as it takes (rule C2).
//   idle -> connecting -> open -> waiting -> connecting …   and from anywhere: idle (we stopped), stopped (the server said so)
// It knows when to connect; what is said on a link is the business of link.ts and of those who make requests.
import type { RefusedEvent, WelcomeEvent } from '@wireroom/protocol';
import { retryDelayMs } from './backoff.ts';
import type { Random } from './clock.ts';
import * as CLIENT_LIMITS from './limits.ts';
import { type Greeting, type HelloDecision, Link, type LinkEnd, type LinkParts } from './link.ts';
import type { Answered, Request } from './requests.ts';
import type { ConnectionSnapshot } from './snapshot.ts';

export interface ConnectionParts extends Omit<LinkParts, 'ended'> {
  readonly random: Random;
  readonly greeting: () => Greeting;
  readonly helloRefused: (event: RefusedEvent, greeting: Greeting) => HelloDecision;
  readonly welcomed: (event: WelcomeEvent) => void;
  /** It was open, and is not any more: what was asked will not be answered. */
  readonly lost: () => void;
  /** The snapshot is another one. */
  readonly changed: () => void;
}

export class Connection {
  readonly #parts: ConnectionParts;
  #snapshot: ConnectionSnapshot = { state: 'idle' };
  #link: Link | undefined;
  #attempt = 0;
  #cancelRetry: () => void = () => {};

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
  }

  get snapshot(): ConnectionSnapshot {
    return this.#snapshot;
  }

  get isOpen(): boolean {
    return this.#snapshot.state === 'open';
  }

  /** Connects, or starts again on a new link. */
  start(): void {
    const wasOpen = this.isOpen;
    this.#cut();
    this.#attempt = 0;
    this.#open();
    if (wasOpen) this.#parts.lost();
  }

  stop(): void {
    if (this.#snapshot.state === 'idle') return;
    const wasOpen = this.isOpen;
    this.#cut();
    this.#become({ state: 'idle' });
    if (wasOpen) this.#parts.lost();
  }

  /** For a person who knows better than the back-off. */
  reconnectNow(): void {
    switch (this.#snapshot.state) {
      case 'waiting':
      case 'stopped':
        this.start();
        break;
      case 'open':
        this.#link?.probe();
        break;
      case 'idle':
      case 'connecting':
        break;
    }
  }

  /** Something may be better now: a wait for the network ends. One that the server asked for, and a stop, do not. */
  wake(): void {
    const { snapshot } = this;
    if (snapshot.state === 'stopped' || (snapshot.state === 'waiting' && snapshot.isRestart)) return;
    this.reconnectNow();
  }

  /** Only while open. The answer may never come: then `lost` does. */
  request(request: Request, answered: Answered): void {
    if (this.isOpen) this.#link?.request(request, answered);
  }

  #open(): void {
    this.#become({ state: 'connecting' });
    try {
      this.#link = new Link({
        ...this.#parts,
        welcomed: (event) => {
          this.#become({ state: 'open' });
          this.#parts.welcomed(event);
        },
        ended: (end) => this.#ended(end),
      });
    } catch (error) {
      this.#become({ state: 'stopped', reason: error instanceof Error ? error.message : String(error) });
    }
  }

  #ended(end: LinkEnd): void {
    const wasOpen = this.isOpen;
    this.#link = undefined;
    if (end.openForMs !== undefined && end.openForMs >= CLIENT_LIMITS.steadyAfterMs) this.#attempt = 0;
    this.#next(end);
    if (wasOpen) this.#parts.lost();
  }

  #next(end: LinkEnd): void {
    switch (end.action) {
      case 'refused':
        this.#become({ state: 'idle' });
        break;
      case 'stop':
        this.#become({ state: 'stopped', reason: end.reason });
        break;
      case 'reconnect':
        // At once, but not again and again: a server that closes every new connection like this gets the back-off.
        if (this.#attempt === 0) this.#wait(0, end.reason);
        else this.#backOff(end);
        break;
      case 'back-off':
        this.#backOff(end);
        break;
    }
  }

  #backOff(end: LinkEnd): void {
    const { retryAfterMs, isRestart } = end;
    // Spread by the server already, over all that it told: nobody comes before their time.
    if (isRestart && retryAfterMs !== undefined && retryAfterMs <= CLIENT_LIMITS.retryAfterMaxMs)
      this.#wait(retryAfterMs, end.reason, true);
    else this.#wait(retryDelayMs(end.retryAfterMs, this.#attempt, this.#parts.random), end.reason);
  }

  #wait(ms: number, reason: string, isRestart = false): void {
    const { clock } = this.#parts;
    this.#attempt += 1;
    this.#cancelRetry = clock.after(ms, () => this.#open());
    this.#become({
      ...{ state: 'waiting', retryAt: clock.now() + ms, reason },
      ...(isRestart && { isRestart }),
    });
  }

  #cut(): void {
    this.#cancelRetry();
    this.#link?.close();
    this.#link = undefined;
  }

  #become(snapshot: ConnectionSnapshot): void {
    this.#snapshot = snapshot;
    this.#parts.changed();
  }
}
