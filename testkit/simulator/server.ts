// One simulated server: the real stations of packages/server on simulated ports. A crash takes everything that it had in memory;
// the database keeps what was committed. Started again, it is another life under the same name.
import { ChatError, CLOSE_CODES, encodeEvent, LIMITS } from '@wireroom/protocol';
import {
  type BucketRate,
  type Chat,
  drain,
  FairTurns,
  GATEWAY_LIMITS,
  type NativeParts,
  NativeSession,
  NO_MARKS,
  newGatewayCounts,
  openChat,
  Rounds,
} from '@wireroom/server/parts';
import type { BusLine, SimulatedBus } from './bus.ts';
import type { Chance } from './chance.ts';
import type { Database, DatabaseLine } from './database.ts';
import type { Diary } from './diary.ts';
import type { Mutation } from './mutations.ts';
import { Life, type SimulatedTime } from './time.ts';
import type { Truth } from './truth.ts';
import type { Wire } from './wire.ts';

/** How often a room's feed looks at the log's head by itself, as in the real server. */
const HEAD_CHECK_MS = 15_000;
/** A server that could not open its database is started again by whoever watches over it. */
const START_AGAIN_MS = 1_000;
/** How long a step of an answer takes on the clock of a server's turns: up to three of them share one. */
const TURN_STEP_MS = 0.2;
/** Refusals that the faults of the simulation explain. Everything else is a fault of the program. */
const EXPECTED = new Set(['storage-failed', 'busy', 'shutting-down']);

export interface ServerParts {
  readonly name: string;
  readonly time: SimulatedTime;
  readonly chance: Chance;
  readonly truth: Truth;
  readonly diary: Diary;
  readonly database: Database;
  readonly bus: SimulatedBus;
  /** Are there other servers on the same database? */
  readonly isShared: boolean;
  readonly graceMs: number;
  readonly rateLimit: BucketRate | undefined;
  readonly mutation: Mutation;
}

interface Running {
  readonly life: Life;
  readonly databaseLine: DatabaseLine;
  readonly busLine: BusLine;
  chat: Chat | undefined;
  /** The heartbeat of its connections. */
  rounds: Rounds | undefined;
}

export class SimulatedServer {
  readonly #parts: ServerParts;
  readonly #wires = new Set<Wire>();
  #running: Running | undefined;
  /** Ways that stay cut over a restart. */
  #isCutFromDatabase = false;
  #isCutFromBus = false;

  constructor(parts: ServerParts) {
    this.#parts = parts;
  }

  get name(): string {
    return this.#parts.name;
  }

  /** Does it take connections? */
  get isServing(): boolean {
    return this.#running?.chat !== undefined;
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  get life(): Life | undefined {
    return this.#running?.life;
  }

  get wires(): readonly Wire[] {
    for (const wire of this.#wires) if (wire.isOver) this.#wires.delete(wire);
    return [...this.#wires];
  }

  start(): void {
    if (this.#running !== undefined) return;
    const { database, bus, diary, name } = this.#parts;
    const life = new Life();
    const databaseLine = database.connect(life);
    const busLine = bus.connect(life);
    const running: Running = { life, databaseLine, busLine, chat: undefined, rounds: undefined };
    this.#running = running;
    this.#applyCuts();
    this.#open(running).then(
      (chat) => {
        if (life.isOver) return;
        running.chat = chat;
        running.rounds = new Rounds({ intervalMs: LIMITS.pingIntervalMs, timers: chat.timers });
        this.#parts.time.every(HEAD_CHECK_MS, () => this.#lookAround(chat), life);
        diary.note(name, () => 'is up');
      },
      () => this.#startAgain(),
    );
  }

  crash(): void {
    if (this.#running === undefined) return;
    this.#parts.diary.note(this.name, () => 'CRASHES');
    this.#running.life.end();
    this.#running = undefined;
    for (const wire of this.#wires) wire.serverDied();
    this.#wires.clear();
  }

  /** As on SIGTERM: everybody is sent away, what is being written gets written, then the process ends. */
  async stop(): Promise<void> {
    const running = this.#running;
    if (running?.chat === undefined) return this.crash();
    const { chat, life } = running;
    this.#parts.diary.note(this.name, () => 'stops');
    running.chat = undefined;
    const leavers = this.wires.map(({ connection }) => ({
      leave: (reconnectAfterMs: number) => {
        connection.send(encodeEvent({ type: 'restarting', reconnectAfterMs }));
        connection.close(CLOSE_CODES.restarting, 'The server restarts. Reconnect in a moment.');
      },
    }));
    await drain(leavers, { windowMs: undefined, pause: (ms) => this.#pause(ms, life) });
    chat.presence.stop();
    await this.#pause(GATEWAY_LIMITS.closeTimeoutMs, life);
    chat.feed.stop();
    chat.rooms.stop();
    if (!life.isOver) this.crash();
  }

  accept(wire: Wire): boolean {
    const running = this.#running;
    if (running?.chat === undefined) return false;
    this.#wires.add(wire);
    const connection = this.#parts.mutation.connection(wire.connection);
    const session = new NativeSession(this.#sessionParts(running.chat), connection, {
      onClose: () => stopBeating?.(),
      recording: undefined,
    });
    const stopBeating = running.rounds?.add(() => void session.beat().catch((error) => this.#failed(error)));
    return true;
  }

  cutFromDatabase(isCut: boolean): void {
    this.#isCutFromDatabase = isCut;
    this.#applyCuts();
  }

  cutFromBus(isCut: boolean): void {
    this.#isCutFromBus = isCut;
    this.#applyCuts();
  }

  #applyCuts(): void {
    if (this.#running === undefined) return;
    this.#running.databaseLine.isCut = this.#isCutFromDatabase;
    this.#running.busLine.isCut = this.#isCutFromBus;
  }

  #open({ life, databaseLine, busLine }: Running): Promise<Chat> {
    const { time, chance, mutation } = this.#parts;
    return openChat({
      log: mutation.log(databaseLine.log),
      guestStore: databaseLine.guestStore,
      bus: busLine,
      rateLimit: this.#parts.rateLimit,
      graceMs: this.#parts.graceMs,
      now: () => time.now,
      timers: {
        set: (callback, ms) => time.after(ms, callback, life),
        clear: (cancel) => {
          if (typeof cancel === 'function') cancel();
        },
      },
      // The next turn of the event loop is the next event, after those that are due now.
      turns: new FairTurns({ schedule: (run) => time.after(0, run, life), nowMs: everyLook(TURN_STEP_MS) }),
      randomBytes: (count) => chance.bytes(count),
      onError: (error) => this.#failed(error),
    });
  }

  #sessionParts(chat: Chat): NativeParts {
    const { time, rateLimit } = this.#parts;
    return {
      ...chat,
      counts: newGatewayCounts(),
      marks: NO_MARKS,
      commandRate: rateLimit === undefined ? undefined : GATEWAY_LIMITS.commandRate,
      now: () => time.now,
      onError: (error) => this.#failed(error),
      serverVersion: 'simulated',
    };
  }

  /** What the real server does now and then. */
  #lookAround(chat: Chat): void {
    const failed = (error: unknown): void => this.#failed(error);
    void chat.feed.checkHeads();
    if (this.#parts.isShared) chat.adopt().catch(failed);
    chat.rooms.refresh().catch(failed);
  }

  #startAgain(): void {
    this.crash();
    this.#parts.time.after(START_AGAIN_MS, () => this.start());
  }

  #failed(error: unknown): void {
    const { truth, diary } = this.#parts;
    diary.note(this.name, () => `reports: ${error}`);
    if (error instanceof ChatError && EXPECTED.has(error.code)) return;
    truth.breaks(
      `${this.name}: an error that no fault explains: ${error instanceof Error ? error.stack : error}`,
    );
  }

  #pause(ms: number, life: Life): Promise<void> {
    return new Promise((resolve) => this.#parts.time.after(ms, resolve, life));
  }
}

/** A clock for what takes no simulated time: a little later whenever it is looked at. */
function everyLook(ms: number): () => number {
  let now = 0;
  return () => {
    now += ms;
    return now;
  };
}
