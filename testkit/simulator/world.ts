// A whole world out of one seed: servers, people, network, bus and database, with the promises that are watched in it.
// weather.ts does to it what life does to real ones; simulate.ts runs it.
import type { BucketRate } from '@wireroom/server/parts';
import { SimulatedBus } from './bus.ts';
import { Chance } from './chance.ts';
import { Database } from './database.ts';
import { Diary } from './diary.ts';
import { Drafts } from './drafts.ts';
import type { Mutation } from './mutations.ts';
import { Network } from './network.ts';
import { OutboxDisk } from './outbox.ts';
import { Person } from './person.ts';
import { SimulatedServer } from './server.ts';
import { SqliteDisk } from './sqlite-disk.ts';
import { SimulatedTime } from './time.ts';
import { Truth } from './truth.ts';
import { ViewPromises } from './view-promises.ts';
import { type ClientHandlers, Wire } from './wire.ts';
import { WirePromises } from './wire-promises.ts';

const NAMES = ['Ada', 'Bob', 'Cyd', 'Dee', 'Eve'] as const;
const SLUGS = ['lobby', 'den'] as const;
const GRACE_MS = 60_000;
const RATE_LIMIT: BucketRate = { burst: 20, perSecond: 5 };
/** Planned events beyond this mean that timers are piling up. */
const PLANNED_MAX = { base: 500, perPerson: 400 } as const;

/** The reference log, or the server's own on a disk. */
export const LOGS = ['memory', 'sqlite'] as const;
export type LogKind = (typeof LOGS)[number];

export interface WorldOptions {
  readonly seed: number;
  readonly log: LogKind;
  readonly mutation: Mutation;
  readonly isTraced: boolean;
}

export class World {
  readonly chance: Chance;
  readonly time = new SimulatedTime();
  readonly truth = new Truth();
  readonly diary: Diary;
  readonly drafts: Drafts;
  readonly database: Database;
  readonly bus: SimulatedBus;
  readonly network: Network;
  readonly slugs: readonly string[];
  readonly servers: readonly SimulatedServer[];
  readonly people: readonly Person[];
  readonly #views: ViewPromises;
  readonly #weight: number;
  #connections = 0;

  constructor({ seed, log, mutation, isTraced }: WorldOptions) {
    const chance = new Chance(seed).fork('world');
    this.chance = chance;
    const { time, truth } = this;
    this.diary = new Diary(isTraced, () => time.now);
    this.drafts = new Drafts(truth);
    this.#views = new ViewPromises(truth);
    const disk = log === 'sqlite' ? new SqliteDisk(mutation) : undefined;
    this.database = new Database({ time, truth, chance: chance.fork('database'), disk });
    this.bus = new SimulatedBus({ time, chance: chance.fork('bus') });
    this.network = new Network(chance.fork('network'));
    const serverCount = chance.pick([1, 1, 2, 3]);
    this.bus.hearsItselfAtOnce = serverCount === 1 || chance.happens(0.5);
    this.#weight = chance.pick([1, 64, 256]);
    this.slugs = SLUGS.slice(0, chance.between(1, SLUGS.length));
    const isShared = serverCount > 1;
    const rateLimit = chance.happens(0.5) ? RATE_LIMIT : undefined;
    const shared = { time, truth, diary: this.diary, mutation };
    this.servers = Array.from({ length: serverCount }, (_, index) => {
      const name = `node${index + 1}`;
      const { database, bus } = this;
      return new SimulatedServer({
        ...shared,
        name,
        chance: chance.fork(name),
        database,
        bus,
        graceMs: GRACE_MS,
        isShared,
        rateLimit,
      });
    });
    // Some have the chat open in two tabs of one browser.
    const tabCount = chance.pick([1, 1, 2]);
    this.people = NAMES.slice(0, chance.between(2, 4)).flatMap((name) => {
      const fork = chance.fork(name);
      const machine = { storage: new Map(), outbox: new OutboxDisk({ time, chance: fork.fork('disk') }) };
      return Array.from(
        { length: chance.happens(0.5) ? tabCount : 1 },
        (_, tab) =>
          new Person({
            ...{ ...shared, name, machine, rooms: this.slugs, chance: fork.fork(`tab ${tab}`) },
            kept: (person, slug, text) => this.drafts.written(person, slug, text),
            connect: (person, handlers) => this.#connect(person, handlers),
          }),
      );
    });
  }

  /** Rooms, servers, people: up, and everybody in. */
  async begin(): Promise<void> {
    await this.database.open();
    for (const slug of this.slugs)
      await this.database.carryOut(({ log }) => log.ensureRoom({ slug, title: slug }), true);
    for (const server of this.servers) server.start();
    await this.pass(100);
    for (const person of this.people) person.open();
    await this.pass(1_000);
  }

  /** What it had outside of this process is gone. */
  async end(): Promise<void> {
    await this.database.close();
  }

  async pass(ms: number): Promise<void> {
    await this.time.pass(ms, () => this.#watch());
  }

  /** Why the world is not yet at rest: everybody live, everything said. Undefined: it is. */
  unrest(): string | undefined {
    for (const person of this.people) {
      const sentence = this.#views.unsettled(person, this.slugs);
      if (sentence !== undefined) return sentence;
    }
    return undefined;
  }

  /** After every event. */
  #watch(): void {
    for (const person of this.people) this.#views.check(person);
    const plannedMax = PLANNED_MAX.base + PLANNED_MAX.perPerson * this.people.length;
    if (this.time.plannedCount > plannedMax)
      this.truth.breaks(`${this.time.plannedCount} timers are planned`);
    if (this.truth.broken !== undefined) throw new BrokenPromise(this.truth.broken);
  }

  /** A browser connects: to any of the servers that takes it. */
  #connect(person: Person, handlers: ClientHandlers & { open(): void }) {
    const { network, time, diary, truth } = this;
    const server = this.chance.pick(this.servers);
    const { life } = person;
    const name = `${person.name}#${++this.#connections}→${server.name}`;
    let wire: Wire | undefined;
    let isClosed = false;
    const refuse = (): void => life.live(() => !isClosed && handlers.close(1006, ''));
    const shake = (): void => {
      if (isClosed || life.isOver) return;
      // Nothing gets through: TCP tries again.
      if (network.isCut(person, server.name)) {
        time.after(1_000, shake, life);
        return;
      }
      const serverLife = server.life;
      if (!server.isServing || serverLife === undefined) {
        refuse();
        return;
      }
      const acknowledged = this.drafts.acknowledged.bind(this.drafts);
      const watcher = new WirePromises({ truth, diary, name, acknowledged });
      const weight = this.#weight;
      wire = new Wire({
        ...{ time, network, site: person, life, weight, watcher },
        server: { name: server.name, life: serverLife },
      });
      wire.attach(handlers);
      diary.note(name, () => 'connects');
      if (server.accept(wire)) time.after(network.latencyMs(), () => !isClosed && handlers.open(), life);
      else refuse();
    };
    time.after(network.latencyMs() * 2, shake, life);
    return {
      send: (text: string) => wire?.send(text),
      close: (code: number, reason: string) => {
        isClosed = true;
        wire?.close();
        time.after(network.latencyMs(), () => handlers.close(code, reason), life);
      },
    };
  }
}

/** A promise was found broken: the sentence says which. */
export class BrokenPromise extends Error {
  constructor(sentence: string) {
    super(sentence);
    this.name = 'BrokenPromise';
  }
}
