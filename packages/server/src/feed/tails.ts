// Reads of the log that are answered from memory where a tail reaches, so that a thousand readers who come back at once are not a
// thousand reads of the same page. What a tail does not have, the log does: a tail may be lost or incomplete at any time.
import type { Entry, Position, RoomId } from '@wireroom/protocol';
import { SharedReads } from '../lib/shared-reads.ts';
import type { Log, LogPage, LogRange } from '../log/log.ts';
import { FEED_LIMITS } from './limits.ts';
import { PageMemo, Tail } from './tail.ts';

export class Tails {
  readonly #log: Pick<Log, 'read' | 'heads'>;
  readonly #memo = new PageMemo();
  /** The one that was written or read last is last. */
  readonly #tails = new Map<RoomId, Tail>();
  #bytes = 0;
  /** Reads under way, by what they ask for: who asks the same shares the answer. */
  readonly #reads = new Map<string, Promise<LogPage>>();
  readonly #heads = new SharedReads<ReadonlyMap<RoomId, Position>>();
  /** Rooms whose heads the next read looks up: one read for all that were asked for meanwhile. */
  #headsWanted = new Set<RoomId>();

  constructor(log: Pick<Log, 'read' | 'heads'>) {
    this.#log = log;
  }

  /** Bytes of JSON in all tails. */
  get bytes(): number {
    return this.#bytes;
  }

  /** New entries of a room, oldest first. */
  take(roomId: RoomId, entries: readonly Entry[]): void {
    const tail = this.#tails.get(roomId) ?? new Tail(roomId, this.#memo);
    const before = tail.bytes;
    tail.take(entries);
    this.#bytes += tail.bytes - before;
    this.#touch(roomId, tail);
    this.#trim();
  }

  /** A page of the log as it stands at `head` or later. */
  async read(roomId: RoomId, range: LogRange, head: Position): Promise<LogPage> {
    const tail = this.#tails.get(roomId);
    const page = tail?.read(range, head);
    if (tail === undefined || page === undefined) return this.#readLog(roomId, range, head);
    this.#touch(roomId, tail);
    return page;
  }

  /** A page of the log as it stands now, whatever has been told: where the tail might do, its head is looked up first. */
  async readNow(roomId: RoomId, range: LogRange): Promise<LogPage> {
    const known = this.#tails.get(roomId)?.position;
    const mayReach = known !== undefined && this.#tails.get(roomId)?.read(range, known) !== undefined;
    const head = mayReach ? await this.#headOf(roomId) : undefined;
    return head === undefined ? this.#readAlone(roomId, range) : this.read(roomId, range, head);
  }

  async #readLog(roomId: RoomId, range: LogRange, head: Position): Promise<LogPage> {
    const key = JSON.stringify([roomId, range]);
    const underWay = this.#reads.get(key);
    if (underWay !== undefined) {
      const { position } = await underWay;
      // It was asked for before this one was, and may be from before the head.
      const isNew = position.epoch === head.epoch && position.seq >= head.seq;
      const page = isNew ? await underWay : this.#tails.get(roomId)?.read(range, head);
      if (page !== undefined) return page;
    }
    const reading = this.#readAlone(roomId, range);
    this.#reads.set(key, reading);
    try {
      return await reading;
    } finally {
      if (this.#reads.get(key) === reading) this.#reads.delete(key);
    }
  }

  async #readAlone(roomId: RoomId, range: LogRange): Promise<LogPage> {
    const page = await this.#log.read(roomId, range);
    this.take(roomId, page.entries);
    return page;
  }

  async #headOf(roomId: RoomId): Promise<Position | undefined> {
    this.#headsWanted.add(roomId);
    const heads = await this.#heads.of('', () => this.#readHeads());
    return heads.get(roomId);
  }

  async #readHeads(): Promise<ReadonlyMap<RoomId, Position>> {
    const roomIds = [...this.#headsWanted];
    this.#headsWanted = new Set();
    const heads = await this.#log.heads(roomIds);
    return new Map(heads.map(({ roomId, position }) => [roomId, position]));
  }

  #touch(roomId: RoomId, tail: Tail): void {
    this.#tails.delete(roomId);
    this.#tails.set(roomId, tail);
  }

  #trim(): void {
    for (const [roomId, tail] of this.#tails) {
      if (this.#bytes <= FEED_LIMITS.tailsBytesMax) return;
      this.#tails.delete(roomId);
      this.#bytes -= tail.bytes;
    }
  }
}
