// Sends what another tab wrote in a room that this one is not in: whoever leads sends for all, and membership is the author's.
import type { Clock, Random } from './clock.ts';
import type { Outbox } from './outbox.ts';
import { OutboxSender } from './outbox-sender.ts';
import type { Answered, Request } from './requests.ts';

export interface CouriersParts {
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly random: Random;
  readonly maySend: () => boolean;
  readonly request: (request: Request, answered: Answered) => void;
  readonly changed: () => void;
}

export class Couriers {
  readonly #parts: CouriersParts;
  /** By room, on this connection; as many as the outbox has drafts. */
  readonly #senders = new Map<string, OutboxSender>();
  /** Rooms that we are no member of: what waits there waits for the next visit. */
  readonly #closed = new Set<string>();

  constructor(parts: CouriersParts) {
    this.#parts = parts;
  }

  /** These rooms have something to send. */
  flush(slugs: readonly string[]): void {
    for (const slug of slugs) this.#senderOf(slug).flush();
  }

  /** The connection is gone. */
  interrupt(): void {
    for (const sender of this.#senders.values()) sender.interrupt();
    this.#senders.clear();
    this.#closed.clear();
  }

  #senderOf(slug: string): OutboxSender {
    const known = this.#senders.get(slug);
    if (known !== undefined) return known;
    const sender = new OutboxSender({
      ...this.#parts,
      slug,
      maySend: () => this.#parts.maySend() && !this.#closed.has(slug),
      acknowledged: () => {},
      expelled: () => void this.#closed.add(slug),
    });
    this.#senders.set(slug, sender);
    return sender;
  }
}
