// What one process counts in one step: who has which message, how long it took, what was refused. Fed by crowd.ts for every single
// delivery, so it does little for each. Pure.
import type { Counts, StepOrder, StepResult } from './generator-port.ts';
import { Histogram } from './histogram.ts';
import type { Stamp } from './stamp.ts';

/** A late answer to a post of the step before is not taken for one of this. */
const REFS_PER_STEP = 1e7;

export class StepTally {
  readonly #order: StepOrder;
  readonly #readers: number;
  readonly #latency = new Histogram();
  readonly #acks = new Histogram();
  readonly #delays = new Histogram();
  /** Of each sender and reader: the number of the message that comes next. A message comes to all readers in turn: theirs lie together. */
  readonly #next: Uint32Array;
  /** Of each reader: what it has got, as one number that depends on the order. */
  readonly #orders: Uint32Array;
  readonly #numbers = new Map<number, number>();
  /** When posts that are not answered were due, by their marks. */
  readonly #unanswered = new Map<number, number>();
  readonly #counts = { due: 0, sent: 0, acknowledged: 0, refused: 0, rateLimited: 0, got: 0, repeated: 0 };
  #deliveriesCounted = 0;
  #answersCounted = 0;
  #sentCounted = 0;
  #dueCounted = 0;
  #readsCounted = 0;
  /** Of the frame that brought the last message. */
  frameBytes = 0;
  #lastRead = { reader: -1, at: -1 };

  constructor(order: StepOrder, readers: number) {
    this.#order = order;
    this.#readers = readers;
    this.#next = new Uint32Array(readers * order.sendersInAll);
    this.#orders = new Uint32Array(readers);
  }

  get step(): number {
    return this.#order.step;
  }

  get counts(): Counts {
    return { ...this.#counts };
  }

  /** It was due, and its connection takes no more. */
  notSent(dueAt: number): void {
    this.#counts.due += 1;
    if (dueAt >= this.#order.countsFrom) this.#dueCounted += 1;
  }

  /** Which of its sender's posts this is, and the mark by which it is answered. */
  sent(sender: number, dueAt: number, now: number): { readonly number: number; readonly ref: number } {
    const number = this.#numbers.get(sender) ?? 0;
    this.#numbers.set(sender, number + 1);
    this.#counts.due += 1;
    this.#counts.sent += 1;
    const ref = this.#order.step * REFS_PER_STEP + this.#counts.sent;
    this.#unanswered.set(ref, dueAt);
    if (dueAt >= this.#order.countsFrom) {
      this.#delays.add(now - dueAt);
      this.#sentCounted += 1;
      this.#dueCounted += 1;
    }
    return { number, ref };
  }

  acknowledged(ref: number, now: number): void {
    const dueAt = this.#unanswered.get(ref);
    // An answer to a post of an earlier step.
    if (dueAt === undefined) return;
    this.#unanswered.delete(ref);
    this.#counts.acknowledged += 1;
    if (dueAt >= this.#order.countsFrom) this.#acks.add(now - dueAt);
    if (this.#isCounted(now)) this.#answersCounted += 1;
  }

  refused(ref: number, isRateLimited: boolean): void {
    if (!this.#unanswered.delete(ref)) return;
    this.#counts.refused += 1;
    if (isRateLimited) this.#counts.rateLimited += 1;
  }

  got(reader: number, { sender, number, dueMicros }: Stamp, now: number): void {
    if (reader < 0 || reader >= this.#readers || sender >= this.#order.sendersInAll) return;
    const place = sender * this.#readers + reader;
    if (number < (this.#next[place] ?? 0)) {
      this.#counts.repeated += 1;
      return;
    }
    this.#next[place] = number + 1;
    this.#counts.got += 1;
    this.#orders[reader] = Math.imul(
      (this.#orders[reader] ?? 0) ^ (sender * 65_599 + number + 1),
      0x01000193,
    );
    if (dueMicros >= this.#order.countsFrom) this.#latency.add(now - dueMicros);
    if (!this.#isCounted(now)) return;
    this.#deliveriesCounted += 1;
    if (this.#lastRead.reader === reader && this.#lastRead.at === now) return;
    this.#lastRead.reader = reader;
    this.#lastRead.at = now;
    this.#readsCounted += 1;
  }

  result(): StepResult {
    const orders = new Map<number, number>();
    for (const order of this.#orders) orders.set(order, (orders.get(order) ?? 0) + 1);
    return {
      latency: this.#latency.pack(),
      acks: this.#acks.pack(),
      delays: this.#delays.pack(),
      deliveriesCounted: this.#deliveriesCounted,
      // Where nothing is answered, what was sent.
      postsCounted: this.#acks.total > 0 ? this.#answersCounted : this.#sentCounted,
      dueCounted: this.#dueCounted,
      readsCounted: this.#readsCounted,
      envelopeBytes: Math.max(0, this.frameBytes - this.#order.size),
      orders: [...orders],
    };
  }

  #isCounted(now: number): boolean {
    return now >= this.#order.countsFrom && now < this.#order.endsAt;
  }
}
