// All processes that make load, as one: the room's readers are divided among them evenly, and what they count is added up.
import type { Mix } from '../mix.ts';
import type { Counts, GeneratorAnswer, GeneratorOrder, StepOrder, StepResult } from './generator-port.ts';
import { type GeneratorPlan, GeneratorProcess } from './generator-process.ts';
import { Histogram } from './histogram.ts';

/**
 * From so many newcomers on they become members first, while nobody is in, and come in silently later: each of their joins would be
 * told to all who are in.
 */
const CROWD_MIN = 600;

export interface FleetState {
  readonly connections: number;
  readonly lostConnections: number;
  readonly lastLoss: string | undefined;
  readonly counts: Counts;
  /** What came since the last time this was asked. */
  readonly recent: Histogram;
  /** Of CPU, of each process since it began. */
  readonly cpuMicros: readonly number[];
}

export interface StepSum extends Omit<StepResult, 'latency' | 'acks' | 'delays' | 'orders'> {
  readonly latency: Histogram;
  readonly acks: Histogram;
  readonly delays: Histogram;
  readonly disordered: number;
}

export class Fleet {
  readonly #processes: readonly GeneratorProcess[];
  readonly #isJoinTold: boolean;
  #readers = 0;
  /** Who is in, or was: they come back silently. */
  #members = 0;

  constructor(plan: Omit<GeneratorPlan, 'cores'>, places: readonly (readonly number[] | undefined)[]) {
    this.#isJoinTold = plan.door.kind === 'wireroom';
    this.#processes = places.map((cores) => new GeneratorProcess({ ...plan, cores }));
  }

  get readers(): number {
    return this.#readers;
  }

  /** The room has so many readers from here on. */
  async resize(readers: number): Promise<void> {
    if (readers < this.#readers) await this.#shrink(readers);
    else if (readers > this.#readers) {
      if (this.#isJoinTold && readers - this.#members >= CROWD_MIN) {
        await this.#shrink(0);
        await this.#enter('briefly', this.#members, readers);
      }
      await this.#enter('on', this.#readers, readers);
      this.#members = Math.max(this.#members, readers);
    }
    this.#readers = readers;
  }

  async #shrink(to: number): Promise<void> {
    await this.#each((index) => ({ act: 'shrink', to: this.#partOf(to, index) }));
    this.#readers = to;
  }

  async #enter(stays: 'briefly' | 'on', from: number, to: number): Promise<void> {
    await this.#each((index) => ({
      ...{ act: 'enter', stays },
      count: this.#partOf(to, index) - this.#partOf(from, index),
    }));
  }

  /** So many silent connections more. */
  async greet(count: number): Promise<void> {
    await this.#each((index) => ({ act: 'greet', count: this.#partOf(count, index) }));
  }

  async begin(mix: Mix, order: Omit<StepOrder, 'senders' | 'sendersInAll' | 'rate' | 'size'>): Promise<void> {
    const processes = this.#processes.length;
    const all = Array.from({ length: mix.senders }, (_, sender) => sender);
    await this.#each((index) => ({
      ...order,
      act: 'begin',
      senders: all.filter((sender) => sender % processes === index),
      sendersInAll: mix.senders,
      rate: mix.rate,
      size: mix.size,
      seed: order.seed + index,
    }));
  }

  async state(): Promise<FleetState> {
    return stateOf(await this.#each(() => ({ act: 'tell' })));
  }

  async finish(): Promise<StepSum> {
    return sumOf(await this.#each(() => ({ act: 'finish' })));
  }

  async end(): Promise<void> {
    await Promise.all(this.#processes.map((each) => each.end()));
  }

  #each(orderOf: (index: number) => GeneratorOrder): Promise<GeneratorAnswer[]> {
    return Promise.all(this.#processes.map((each, index) => each.ask(orderOf(index))));
  }

  /** How many of so many the process has: the first ones have one more. */
  #partOf(count: number, index: number): number {
    const processes = this.#processes.length;
    return Math.floor(count / processes) + (index < count % processes ? 1 : 0);
  }
}

function stateOf(answers: readonly GeneratorAnswer[]): FleetState {
  const recent = new Histogram();
  for (const answer of answers) recent.addPacked(answer.recent);
  const sum = (key: keyof Counts): number => answers.reduce((total, { counts }) => total + counts[key], 0);
  return {
    connections: answers.reduce((total, { connections }) => total + connections, 0),
    lostConnections: answers.reduce((total, { lostConnections }) => total + lostConnections, 0),
    lastLoss: answers.find(({ lastLoss }) => lastLoss !== undefined)?.lastLoss,
    counts: {
      ...{ due: sum('due'), sent: sum('sent'), acknowledged: sum('acknowledged') },
      ...{ refused: sum('refused'), rateLimited: sum('rateLimited') },
      ...{ got: sum('got'), repeated: sum('repeated') },
    },
    recent,
    cpuMicros: answers.map(({ cpuMicros }) => cpuMicros),
  };
}

function sumOf(answers: readonly GeneratorAnswer[]): StepSum {
  const results = answers.flatMap(({ result }) => (result === undefined ? [] : [result]));
  const merged = (key: 'latency' | 'acks' | 'delays'): Histogram => {
    const all = new Histogram();
    for (const result of results) all.addPacked(result[key]);
    return all;
  };
  const sum = (key: 'deliveriesCounted' | 'postsCounted' | 'dueCounted' | 'readsCounted'): number =>
    results.reduce((total, result) => total + result[key], 0);
  const orders = new Map<number, number>();
  for (const { orders: some } of results)
    for (const [order, readers] of some) orders.set(order, (orders.get(order) ?? 0) + readers);
  const readers = [...orders.values()].reduce((total, count) => total + count, 0);
  return {
    ...{ latency: merged('latency'), acks: merged('acks'), delays: merged('delays') },
    ...{ deliveriesCounted: sum('deliveriesCounted'), postsCounted: sum('postsCounted') },
    ...{ dueCounted: sum('dueCounted'), readsCounted: sum('readsCounted') },
    envelopeBytes: Math.max(0, ...results.map(({ envelopeBytes }) => envelopeBytes)),
    disordered: readers - Math.max(0, ...orders.values()),
  };
}
