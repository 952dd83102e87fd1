// The database of the simulated servers: the reference log, or SQLite on a disk, and the reference guest store behind a line that
// takes time, groups commits, fails before a commit or loses its answer, and can be cut. What is committed outlives every server.
import { ChatError, type Entry, type RoomId } from '@wireroom/protocol';
import {
  type GuestStore,
  type Log,
  type MembershipChange,
  MemoryGuestStore,
  MemoryLog,
} from '@wireroom/server/parts';
import type { Chance } from './chance.ts';
import { GuestHolds } from './guest-holds.ts';
import { problemsOf, type SqliteDisk } from './sqlite-disk.ts';
import type { Life, SimulatedTime } from './time.ts';
import type { Truth } from './truth.ts';

/** Operations of one server that wait for the database; past it they are refused with `busy`. */
const WAITING_MAX = 512;
/** A server that hears nothing from its database gives a question up after this, in milliseconds. */
const QUERY_TIMEOUT_MS = 5_000;
/** The world begins here: 2026-01-01. */
const EPOCH_MS = 1_767_225_600_000;

interface Stores {
  readonly log: Log;
  readonly guests: GuestStore;
  readonly holds: GuestHolds;
}

type Run<T> = (stores: Stores) => Promise<T>;
/** `lost`: it is carried out, but whoever asked is told that it was not. */
type Outcome = 'done' | 'refused' | 'lost';

interface Waiting {
  readonly line: DatabaseLine;
  /** Resolves when it has been carried out, or refused. */
  readonly commit: (outcome: Outcome) => Promise<unknown>;
}

/** A write that was carried out, and when. */
interface Written {
  readonly run: Run<unknown>;
  readonly atMs: number;
  /** Where the log is on a disk, its backups are files. */
  readonly isOfLog: boolean;
}

/** How many writes it has, and the file that it is where the log is on a disk. */
export interface Backup {
  readonly writes: number;
  readonly file: string | undefined;
}

export interface DatabaseParts {
  readonly time: SimulatedTime;
  readonly chance: Chance;
  readonly truth: Truth;
  /** Where the log is on a disk. */
  readonly disk?: SqliteDisk | undefined;
}

export class Database {
  readonly parts: DatabaseParts;
  isDown = false;
  /** Longest time of a commit, in milliseconds. */
  commitMsMax = 5;
  /** How likely a write is refused before its commit, or loses its answer after it. */
  refusals = 0;
  lostAnswers = 0;
  #stores: Stores;
  #generation = 0;
  /** Every write that was carried out: a backup is how many of them it has. */
  readonly #history: Written[] = [];
  #replayedAtMs: number | undefined;
  #batch: Waiting[] = [];
  #isCommitting = false;

  constructor(parts: DatabaseParts) {
    this.parts = parts;
    this.#stores = this.#freshStores();
  }

  get stores(): Stores {
    return this.#stores;
  }

  async open(): Promise<void> {
    await this.parts.disk?.open();
    this.#stores = this.#freshStores();
  }

  async close(): Promise<void> {
    await this.parts.disk?.remove();
  }

  /** As of now. */
  async backup(): Promise<Backup> {
    return { writes: this.#history.length, file: await this.parts.disk?.backup() };
  }

  /** What was written after the backup is gone; every room has another epoch. No server may run meanwhile. */
  async restore({ writes, file }: Backup): Promise<void> {
    this.#generation += 1;
    this.#batch = [];
    if (file !== undefined) await this.parts.disk?.restore(file);
    this.#stores = this.#freshStores();
    if (file !== undefined) await this.#lookAtDisk();
    const kept = this.#history.splice(0).slice(0, writes);
    for (const written of kept) {
      this.#replayedAtMs = written.atMs;
      if (file !== undefined && written.isOfLog) this.#history.push(written);
      else await this.carryOut(written.run, written.isOfLog).catch(() => undefined);
    }
    this.#replayedAtMs = undefined;
  }

  /** What is in the file is what is true from now on. */
  async #lookAtDisk(): Promise<void> {
    for (const { roomId } of await this.#stores.log.rooms())
      for await (const entries of this.#pagesOf(roomId)) this.parts.truth.committed(entries);
  }

  /** The table of authors is another one, and nobody's token is known. No server may run meanwhile. */
  forgetGuests(): void {
    this.#generation += 1;
    this.#batch = [];
    this.#stores = { ...this.#stores, ...this.#freshGuests() };
  }

  /** Carries a write out, here and in every restoration from a backup that has it. */
  carryOut<T>(run: Run<T>, isOfLog: boolean): Promise<T> {
    this.#history.push({ run, atMs: this.#nowMs(), isOfLog });
    const result = run(this.#stores);
    // Whoever asked may never hear of it.
    result.catch(() => undefined);
    return result;
  }

  /** Is the log, read from its beginning, what was committed? If not, how not. */
  async objection(): Promise<string | undefined> {
    for (const room of this.parts.truth.rooms()) {
      let seq = 0;
      for await (const entries of this.#pagesOf(room.roomId)) {
        for (const entry of entries) {
          if (entry.seq !== seq + 1) return `the log has ${entry.seq} after ${seq}`;
          if (!room.hasSame(entry)) return `the log has something else as ${entry.seq} than was committed`;
          seq = entry.seq;
        }
      }
      if (seq !== room.head) return `the log ends at ${seq}, though ${room.head} was committed`;
    }
    const verdict = await this.parts.disk?.verify();
    return verdict === undefined ? undefined : problemsOf(verdict) || undefined;
  }

  async *#pagesOf(roomId: RoomId): AsyncGenerator<readonly Entry[]> {
    let after = 0;
    for (let hasMore = true; hasMore; ) {
      const page = await this.#stores.log.read(roomId, { after, limit: 200, bytesMax: 1e6 });
      yield page.entries;
      after = page.entries.at(-1)?.seq ?? after;
      ({ hasMore } = page);
    }
  }

  connect(life: Life): DatabaseLine {
    return new DatabaseLine(this, life);
  }

  /** For the lines: takes a write into the next commit. */
  submit(waiting: Waiting): void {
    this.#batch.push(waiting);
    if (this.#isCommitting) return;
    this.#isCommitting = true;
    const { time, chance } = this.parts;
    time.after(chance.between(1, this.commitMsMax), () => this.#commit());
  }

  #commit(): void {
    this.#isCommitting = false;
    const { disk, chance } = this.parts;
    const batch = this.#batch.splice(0);
    const carryOut = () =>
      Promise.allSettled(batch.map(({ line, commit }) => commit(this.#outcomeFor(line))));
    if (disk !== undefined && chance.happens(this.refusals)) disk.refuse(carryOut);
    else carryOut();
  }

  #outcomeFor(line: DatabaseLine): Outcome {
    const { disk, chance } = this.parts;
    if (this.isDown || line.isCut) return 'refused';
    // A disk refuses all of a commit, or nothing.
    if (disk === undefined && chance.happens(this.refusals)) return 'refused';
    return chance.happens(this.lostAnswers) ? 'lost' : 'done';
  }

  #freshStores(): Stores {
    const { disk } = this.parts;
    const now = (): number => this.#nowMs();
    return {
      log: disk?.log ?? new MemoryLog({ now, epochBase: `epoch-${this.#generation}` }),
      ...this.#freshGuests(),
    };
  }

  #freshGuests(): Omit<Stores, 'log'> {
    return { guests: new MemoryGuestStore(), holds: new GuestHolds(this.parts.time) };
  }

  #nowMs(): number {
    return this.#replayedAtMs ?? EPOCH_MS + Math.floor(this.parts.time.now);
  }
}

const refused = (): Promise<never> => Promise.reject(new ChatError('storage-failed'));

/** One server's connection to the database. */
export class DatabaseLine {
  readonly #database: Database;
  readonly #life: Life;
  isCut = false;
  #waiting = 0;
  /** Answers of one server come in the order of its questions, as they do on one connection. */
  #answeredAt = 0;

  constructor(database: Database, life: Life) {
    this.#database = database;
    this.#life = life;
  }

  get log(): Log {
    const read = <T>(run: (log: Log) => Promise<T>): Promise<T> => this.#read(({ log }) => run(log));
    const changed = ({ entries }: MembershipChange): readonly Entry[] => entries;
    return {
      post: (draft) =>
        this.#append(
          (log) => log.post(draft),
          ({ entry, isRepeat }) => (isRepeat ? [] : [entry]),
        ),
      join: (roomId, author) => this.#append((log) => log.join(roomId, author), changed),
      joinAll: (roomIds, author) =>
        this.#append(
          (log) => log.joinAll(roomIds, author),
          (changes) => changes.flatMap((change) => change?.entries ?? []),
        ),
      leave: (roomId, authorId) => this.#append((log) => log.leave(roomId, authorId), changed),
      ensureRoom: (room) => this.#write(({ log }) => log.ensureRoom(room), true),
      read: (roomId, range) => read((log) => log.read(roomId, range)),
      messages: (roomId, range) => read((log) => log.messages(roomId, range)),
      heads: (roomIds) => read((log) => log.heads(roomIds)),
      standing: (roomId, limit) => read((log) => log.standing(roomId, limit)),
      roomsOf: (authorId) => read((log) => log.roomsOf(authorId)),
      rooms: () => read((log) => log.rooms()),
    };
  }

  get guestStore(): GuestStore {
    const ours = ({ guests, holds }: Stores): GuestStore => holds.of(this.#life, guests);
    return {
      create: (guest) => this.#write((stores) => ours(stores).create(guest), false),
      take: (tokenHash, name) => this.#write((stores) => ours(stores).take(tokenHash, name), false),
      letGo: (authorId) => this.#write((stores) => ours(stores).letGo(authorId), false),
      release: (authorId) => this.#write((stores) => ours(stores).release(authorId), false),
      find: (tokenHash) => this.#read((stores) => ours(stores).find(tokenHash)),
      holders: () => this.#read((stores) => ours(stores).holders()),
    };
  }

  /** A write that makes entries: what it has made is true from its commit on, heard of or not. */
  #append<T>(run: (log: Log) => Promise<T>, made: (result: T) => readonly Entry[]): Promise<T> {
    const { truth } = this.#database.parts;
    return this.#write(async ({ log }) => {
      const result = await run(log);
      truth.committed(made(result));
      return result;
    }, true);
  }

  #write<T>(run: Run<T>, isOfLog: boolean): Promise<T> {
    return this.#ask<T>((answered) =>
      this.#database.submit({
        line: this,
        commit: async (outcome) => {
          if (outcome === 'refused') return answered(refused);
          const result = this.#database.carryOut(run, isOfLog);
          answered(outcome === 'lost' ? refused : () => result);
          await result;
        },
      }),
    );
  }

  #read<T>(run: Run<T>): Promise<T> {
    return this.#ask<T>((answered) => {
      if (this.#database.isDown || this.isCut) return answered(refused);
      const result = run(this.#database.stores);
      result.catch(() => undefined);
      answered(() => result);
    });
  }

  /** The question takes its time on the way, and so does the answer; either may be held up until the asker gives up. */
  #ask<T>(carryOut: (answered: (answer: () => Promise<T>) => void) => void): Promise<T> {
    if (this.#waiting >= WAITING_MAX) return Promise.reject(new ChatError('busy', { retryAfterMs: 500 }));
    this.#waiting += 1;
    const { time, chance } = this.#database.parts;
    return new Promise<T>((resolve, reject) => {
      const giveUp = time.after(
        QUERY_TIMEOUT_MS,
        () => finish(() => reject(new ChatError('storage-failed'))),
        this.#life,
      );
      let isFinished = false;
      const finish = (act: () => void): void => {
        if (isFinished) return;
        isFinished = true;
        this.#waiting -= 1;
        giveUp();
        act();
      };
      const answered = (answer: () => Promise<T>): void => {
        if (this.isCut) return;
        this.#answeredAt = Math.max(this.#answeredAt, time.now + chance.between(0, 3));
        const arrive = (): void => {
          if (!this.isCut) finish(() => answer().then(resolve, reject));
        };
        time.after(this.#answeredAt - time.now, arrive, this.#life);
      };
      time.after(chance.between(0, 3), () => carryOut(answered), this.#life);
    });
  }
}
