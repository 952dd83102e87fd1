// One connection to the wire feed: commands with a ref, answers by it, events without. Never reconnects: it says that it
// ended, and wire-watcher.ts decides what comes next.
import { decodeFeedEvent, encodeFeedCommand, type FeedCommand, type FeedEvent } from '@wireroom/capture';
import type { Clock } from './clock.ts';
import * as CLIENT_LIMITS from './limits.ts';
import type { OpenTransport, Transport } from './transport.ts';

type WithoutRef<Each> = Each extends FeedCommand ? Omit<Each, 'ref'> : never;
/** A command as its author writes it: the link adds the ref. */
export type WireQuestion = WithoutRef<FeedCommand>;

/** Why the server, or nobody, answered. */
export class WireRefusal extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'WireRefusal';
    this.code = code;
  }
}

export interface WireLinkParts {
  readonly url: string;
  readonly openTransport: OpenTransport;
  readonly clock: Clock;
  readonly opened: () => void;
  /** Every event, answers included, before whoever asked hears of it. */
  readonly heard: (event: FeedEvent) => void;
  /** Once, unless `close` was called first. */
  readonly ended: (reason: string) => void;
}

interface Waiting {
  readonly resolve: (event: FeedEvent) => void;
  readonly reject: (error: WireRefusal) => void;
  readonly cancelTimeout: () => void;
}

export class WireLink {
  readonly #parts: WireLinkParts;
  readonly #transport: Transport;
  /** By ref. Each leaves with its answer, its time-out or the link. */
  readonly #waiting = new Map<number, Waiting>();
  #lastRef = 0;
  #isEnded = false;

  /** Throws what the transport throws. */
  constructor(parts: WireLinkParts) {
    this.#parts = parts;
    this.#transport = parts.openTransport(
      parts.url,
      {
        open: () => {
          if (!this.#isEnded) parts.opened();
        },
        message: (text) => this.#hear(text),
        close: (_code, reason) => {
          if (this.#end()) parts.ended(reason);
        },
      },
      [],
    );
  }

  /** Resolves with the first event that bears the command's ref; rejects with a WireRefusal. */
  ask(question: WireQuestion): Promise<FeedEvent> {
    if (this.#isEnded) return Promise.reject(lost());
    this.#lastRef += 1;
    const ref = this.#lastRef;
    return new Promise((resolve, reject) => {
      const cancelTimeout = this.#parts.clock.after(CLIENT_LIMITS.wireAnswerTimeoutMs, () => {
        this.#waiting.delete(ref);
        reject(new WireRefusal('no-answer', 'The server did not answer in time.'));
      });
      this.#waiting.set(ref, { resolve, reject, cancelTimeout });
      this.#transport.send(encodeFeedCommand({ ...question, ref }));
    });
  }

  close(): void {
    if (this.#end()) this.#transport.close(1000, '');
  }

  #hear(text: string): void {
    if (this.#isEnded) return;
    const event = decodeFeedEvent(text);
    if (event === undefined) return;
    this.#parts.heard(event);
    if (!('ref' in event) || event.ref === null) return;
    const waiting = this.#waiting.get(event.ref);
    if (waiting === undefined) return;
    this.#waiting.delete(event.ref);
    waiting.cancelTimeout();
    if (event.type === 'refused') waiting.reject(new WireRefusal(event.code, event.message));
    else waiting.resolve(event);
  }

  #end(): boolean {
    if (this.#isEnded) return false;
    this.#isEnded = true;
    for (const { reject, cancelTimeout } of this.#waiting.values()) {
      cancelTimeout();
      reject(lost());
    }
    this.#waiting.clear();
    return true;
  }
}

const lost = (): WireRefusal => new WireRefusal('connection-lost', 'The wire feed is not connected.');
