// A room full of readers, some of whom post: the closed loop of the bench. Each who posts says the next when its own message is
// back, and at most so many messages are not yet at all readers. Every message has to come to every reader, in one order.
import type { Wire } from '@wireroom/capacity/load';
import { type Timing, wait } from '../processes.ts';
import { quantile } from '../statistics.ts';
import { type Dialect, enter, idAt, textOf } from './dialects.ts';
import type { Server } from './servers.ts';

const ENTERING_AT_ONCE = 50;
/** The time of every so many deliveries is kept. */
const SAMPLED_EVERY = 37;
const SETTLE_MS = 500;

export interface CrowdOptions {
  readonly readers: number;
  /** Messages that are not yet at all readers. */
  readonly underWayMax: number;
  readonly textBytes: number;
}

/** Of one round. */
export interface Round {
  readonly deliveriesPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of the server, per delivery. */
  readonly cpuUsEach: number;
  /** What this process had of its core, which may be what bounds the round. */
  readonly generatorShare: number;
}

interface Member {
  readonly wire: Wire;
  /** How many messages have come to it. */
  count: number;
}

export class Crowd {
  readonly #server: Server;
  readonly #dialect: Dialect;
  readonly #options: CrowdOptions;
  readonly #members: Member[] = [];
  /** By a message's number: when it was sent, by whom, how many have it. */
  readonly #sentAt: number[] = [];
  readonly #senderOf: number[] = [];
  readonly #readBy: number[] = [];
  /** The order in which the first of all readers got them. */
  readonly #order: number[] = [];
  #finished = 0;
  #isPosting = false;
  /** Whoever would have posted but for the bound. */
  #held: number[] = [];
  #deliveries = 0;
  #isSampling = false;
  #samples: number[] = [];
  #onFinished: (() => void) | undefined;

  private constructor(server: Server, options: CrowdOptions) {
    this.#server = server;
    this.#dialect = server.dialect;
    this.#options = options;
  }

  static async enter(server: Server, options: CrowdOptions): Promise<Crowd> {
    const crowd = new Crowd(server, options);
    for (let count = 0; count < options.readers; count += ENTERING_AT_ONCE) {
      const some = Math.min(ENTERING_AT_ONCE, options.readers - count);
      await Promise.all(Array.from({ length: some }, (_, index) => crowd.#add(count + index)));
    }
    await wait(SETTLE_MS);
    return crowd;
  }

  async #add(index: number): Promise<void> {
    const { wire } = await enter(this.#server, `Reader ${index}`, (bytes, from, to) => {
      if (this.#dialect.isMessage(bytes, from)) this.#take(index, idAt(bytes, to, this.#dialect));
    });
    this.#members[index] = { wire, count: 0 };
  }

  /** Posts by so many for so long; what is measured begins after the warm-up. Resolves when all is everywhere. */
  async round(senders: number, { seconds, warmSeconds }: Timing): Promise<Round> {
    this.#isPosting = true;
    this.#samples = [];
    // Spread over the room, as people who talk are.
    const step = Math.floor(this.#members.length / senders);
    for (let sender = 0; sender < senders; sender += 1) this.#post(sender * step);
    await wait(warmSeconds * 1000);
    const before = this.#now();
    this.#isSampling = true;
    await wait(seconds * 1000);
    this.#isSampling = false;
    const after = this.#now();
    await this.#stop();
    const deliveries = after.deliveries - before.deliveries;
    const tookMs = after.at - before.at;
    return {
      deliveriesPerSecond: (deliveries / tookMs) * 1000,
      p50Ms: quantile(this.#samples, 0.5),
      p99Ms: quantile(this.#samples, 0.99),
      cpuUsEach: ((after.cpuMs - before.cpuMs) * 1000) / deliveries,
      generatorShare: (after.ownMs - before.ownMs) / tookMs,
    };
  }

  /** So many of those who only read stop reading. They are not waited for any more. */
  stall(count: number): void {
    for (const { wire } of this.#members.splice(-count)) wire.stopReading();
  }

  leave(): void {
    for (const { wire } of this.#members) wire.end();
  }

  #now(): { at: number; deliveries: number; cpuMs: number; ownMs: number } {
    const { user, system } = process.cpuUsage();
    return {
      at: performance.now(),
      deliveries: this.#deliveries,
      cpuMs: this.#server.cpuMs(),
      ownMs: (user + system) / 1000,
    };
  }

  #post(sender: number): void {
    if (!this.#isPosting) return;
    if (this.#sentAt.length - this.#finished >= this.#options.underWayMax) {
      this.#held.push(sender);
      return;
    }
    const id = this.#sentAt.length;
    this.#sentAt.push(performance.now());
    this.#senderOf.push(sender);
    this.#readBy.push(0);
    this.#members[sender]?.wire.send(this.#dialect.post(textOf(id, this.#options.textBytes), id));
  }

  #take(index: number, id: number): void {
    const member = this.#members[index];
    // Somebody's join; or one who is not counted any more.
    if (id < 0 || member === undefined) return;
    const place = member.count;
    member.count += 1;
    if (place === this.#order.length) this.#order.push(id);
    else if (this.#order[place] !== id)
      throw new Error(`Reader ${index} got message ${id} where others got ${this.#order[place]}.`);
    this.#deliveries += 1;
    if (this.#isSampling && this.#deliveries % SAMPLED_EVERY === 0)
      this.#samples.push(performance.now() - (this.#sentAt[id] ?? Number.NaN));
    const readBy = (this.#readBy[id] ?? 0) + 1;
    this.#readBy[id] = readBy;
    if (readBy === this.#members.length) this.#finish();
    if (this.#senderOf[id] === index) this.#post(index);
  }

  #finish(): void {
    this.#finished += 1;
    const held = this.#held;
    this.#held = [];
    for (const sender of held) this.#post(sender);
    if (this.#finished === this.#sentAt.length) this.#onFinished?.();
  }

  /** Resolves when every message is at every reader: `#take` has checked the order, this the number. */
  async #stop(): Promise<void> {
    this.#isPosting = false;
    if (this.#finished < this.#sentAt.length)
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error('Messages are missing.')), 30_000);
        this.#onFinished = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    this.#onFinished = undefined;
    for (const [index, { count }] of this.#members.entries())
      if (count !== this.#sentAt.length)
        throw new Error(`Reader ${index} got ${count} of ${this.#sentAt.length} messages.`);
  }
}
