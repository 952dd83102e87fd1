// The bus of several servers on one PostgreSQL. Within this process it is as memory-bus.ts; to the others it sends by NOTIFY
// which rooms have grown, one notice for whatever was published meanwhile. It may lose anything: the feed heals (rule F2).
import { randomBytes } from 'node:crypto';
import type { RoomId } from '@wireroom/protocol';
import type { ListeningSession, Postgres } from '../db/postgres.ts';
import type { Bus, Hint } from './bus.ts';
import { BUS_LIMITS } from './limits.ts';
import { MemoryBus } from './memory-bus.ts';

const CHANNEL = 'wireroom';

export interface PostgresBusOptions {
  readonly database: Postgres;
  /** The others were not told, or this server does not hear for a while: worth a line in the log, and no more. */
  readonly onError: (error: unknown) => void;
}

export class PostgresBus implements Bus {
  readonly #options: PostgresBusOptions;
  readonly #local = new MemoryBus();
  readonly #self = randomBytes(8).toString('hex');
  readonly #grown = new Set<RoomId>();
  #session: ListeningSession | undefined;
  #isTelling = false;
  #isClosed = false;
  #retryMs: number = BUS_LIMITS.retryMsMin;
  #retry: NodeJS.Timeout | undefined;
  #pulse: NodeJS.Timeout | undefined;

  private constructor(options: PostgresBusOptions) {
    this.#options = options;
  }

  /** Listens when it resolves. */
  static async open(options: PostgresBusOptions): Promise<PostgresBus> {
    const bus = new PostgresBus(options);
    await bus.#listen();
    // A connection that died without a word is found out by asking on it.
    bus.#pulse = setInterval(() => void bus.#ask('SELECT 1', []), BUS_LIMITS.pulseMs).unref();
    return bus;
  }

  publish(hint: Hint): void {
    this.#local.publish(hint);
    if (this.#grown.size < BUS_LIMITS.roomsWaitingMax) this.#grown.add(hint.roomId);
    if (this.#isTelling || this.#session === undefined) return;
    this.#isTelling = true;
    // Once all that the same commit brought has been published: one notice for the batch.
    setImmediate(() => void this.#tell());
  }

  subscribe(listener: (hint: Hint) => void): () => void {
    return this.#local.subscribe(listener);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    clearInterval(this.#pulse);
    const session = this.#session;
    this.#session = undefined;
    await session?.end();
  }

  async #tell(): Promise<void> {
    while (this.#grown.size > 0) {
      const rooms = [...this.#grown].slice(0, BUS_LIMITS.roomsPerNoticeMax);
      for (const roomId of rooms) this.#grown.delete(roomId);
      await this.#ask('SELECT pg_notify($1, $2)', [CHANNEL, [this.#self, ...rooms].join(' ')]);
    }
    this.#isTelling = false;
  }

  async #ask(sql: string, values: readonly string[]): Promise<void> {
    const session = this.#session;
    if (session === undefined) return;
    try {
      await session.query(sql, values);
    } catch (error) {
      if (session !== this.#session) return;
      this.#options.onError(error);
      this.#lose();
      void session.end();
    }
  }

  async #listen(): Promise<void> {
    const session = await this.#options.database.listen(CHANNEL, {
      told: (payload) => this.#hear(payload),
      ended: () => this.#lose(),
    });
    if (this.#isClosed) return void session.end();
    this.#session = session;
    this.#retryMs = BUS_LIMITS.retryMsMin;
  }

  #hear(payload: string): void {
    const [from, ...rooms] = payload.split(' ');
    if (from === this.#self) return;
    // The ids are those that another server's log gave: what is no room of ours, nobody here listens to.
    for (const roomId of rooms) this.#local.publish({ roomId: roomId as RoomId, entries: [] });
  }

  #lose(): void {
    this.#session = undefined;
    if (this.#isClosed || this.#retry !== undefined) return;
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      this.#listen().catch((error: unknown) => {
        this.#options.onError(error);
        this.#lose();
      });
    }, this.#retryMs).unref();
    this.#retryMs = Math.min(this.#retryMs * 2, BUS_LIMITS.retryMsMax);
  }
}
