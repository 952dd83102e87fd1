// People in a room who chat at an even rate, whatever the answers do (open loop), and the time from sending to receipt at every
// one of them. The first of them only reads: where the history goes over the chat's connection, it is theirs.
import { type Dialect, type Entered, enter, idAt, textOf, wireroom } from '../chat/dialects.ts';
import type { Server } from '../chat/servers.ts';
import { wait } from '../processes.ts';

const ENTERING_AT_ONCE = 50;
const TEXT_BYTES = 80;
/** Posts are due every so often; a late timer catches up. */
const TICK_MS = 2;
/** How long the last receipts are waited for. */
const LAST_MS = 60_000;

/** Columns: when it was sent (since the start, in milliseconds), and how long it took to one reader. */
export interface Receipts {
  readonly sentAtMs: number[];
  readonly tookMs: number[];
}

const noReceipts = (): Receipts => ({ sentAtMs: [], tookMs: [] });

export class Chatters {
  readonly others = noReceipts();
  readonly downloader = noReceipts();
  readonly #wires: Entered['wire'][] = [];
  readonly #dialect: Dialect = wireroom;
  readonly #sentAt: number[] = [];
  #begunAt = 0;
  #isPosting = false;
  #received = 0;
  #onHistory: (() => void) | undefined;
  #historyBytes = 0;
  #posting: Promise<void> = Promise.resolve();

  static async enter(server: Server, people: number): Promise<Chatters> {
    const chatters = new Chatters();
    for (let count = 0; count < people; count += ENTERING_AT_ONCE) {
      const some = Math.min(ENTERING_AT_ONCE, people - count);
      await Promise.all(Array.from({ length: some }, (_, index) => chatters.#add(server, count + index)));
    }
    return chatters;
  }

  get nowMs(): number {
    return performance.now() - this.#begunAt;
  }

  /** Of the history that came on the chat's connection. */
  get historyBytes(): number {
    return this.#historyBytes;
  }

  /** So many posts a second, by one after the other. */
  start(perSecond: number): void {
    this.#begunAt = performance.now();
    this.#isPosting = true;
    this.#posting = this.#post(perSecond);
  }

  /** Resolves when everybody has everything. */
  async stop(): Promise<void> {
    this.#isPosting = false;
    await this.#posting;
    const all = this.#sentAt.length * this.#wires.length;
    const dueAt = performance.now() + LAST_MS;
    while (this.#received < all && performance.now() < dueAt) await wait(20);
    for (const wire of this.#wires) wire.end();
    if (this.#received !== all) throw new Error(`${all - this.#received} of ${all} receipts never came.`);
  }

  /** The first person asks for the history on the chat's connection; resolves when they have it. */
  askForHistory(): Promise<void> {
    this.#wires[0]?.send('{"type":"history"}');
    return new Promise((resolve) => {
      this.#onHistory = resolve;
    });
  }

  async #add(server: Server, index: number): Promise<void> {
    const receipts = index === 0 ? this.downloader : this.others;
    // Those of the server before still hold their names.
    const { wire } = await enter(server, `Person ${index} at ${server.port}`, (bytes, from, to) => {
      if (this.#dialect.isMessage(bytes, from)) this.#take(idAt(bytes, to, this.#dialect), receipts);
      else if (index === 0) this.#hear(bytes, from, to);
    });
    this.#wires[index] = wire;
  }

  #take(id: number, receipts: Receipts): void {
    const sentAt = id < 0 ? undefined : this.#sentAt[id];
    if (sentAt === undefined) return;
    this.#received += 1;
    receipts.sentAtMs.push(sentAt - this.#begunAt);
    receipts.tookMs.push(performance.now() - sentAt);
  }

  /** `{"type":"history",…` brings an entry, `{"type":"history-end"}` the end. */
  #hear(bytes: Buffer, from: number, to: number): void {
    if (bytes[from + 9] !== 0x68 || bytes[from + 10] !== 0x69) return;
    this.#historyBytes += to - from;
    if (bytes[from + 16] === 0x2d) this.#onHistory?.();
  }

  async #post(perSecond: number): Promise<void> {
    while (this.#isPosting) {
      const due = Math.floor((this.nowMs / 1000) * perSecond);
      while (this.#sentAt.length < due) {
        const id = this.#sentAt.length;
        this.#sentAt.push(performance.now());
        const person = 1 + (id % (this.#wires.length - 1));
        this.#wires[person]?.send(this.#dialect.post(textOf(id, TEXT_BYTES), id));
      }
      await wait(TICK_MS);
    }
  }
}
