// The three kinds of metrics, read from where the stations count at the moment somebody asks. Nothing is kept here, and nothing
// of it is called while messages pass.
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Tally } from '../lib/tally.ts';

/** The value, with its labels where there are some. */
export type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];
export type Samples = () => Iterable<Sample>;

type Show = (name: string, help: string, read: Samples, labels?: readonly string[]) => void;

export interface Shelf {
  readonly counter: Show;
  readonly gauge: Show;
  /** A gauge without labels. */
  number(name: string, help: string, read: () => number): void;
  histogram(name: string, help: string, tally: Tally): void;
}

/** Where metrics are put for the registry to find. */
export function shelfOf(registry: Registry): Shelf {
  const registers = [registry];
  const gauge: Show = (name, help, read, labels = []) => {
    new Gauge({
      ...{ name, help, registers, labelNames: [...labels] },
      collect() {
        this.reset();
        for (const [labelled, value] of read()) this.set({ ...labelled }, value);
      },
    });
  };
  return {
    gauge,
    counter: (name, help, read, labels = []) => {
      new Counter({
        ...{ name, help, registers, labelNames: [...labels] },
        collect() {
          this.reset();
          for (const [labelled, value] of read()) this.inc({ ...labelled }, value);
        },
      });
    },
    number: (name, help, read) => gauge(name, help, () => [[{}, read()]]),
    histogram: (name, help, tally) => registry.registerMetric(new TallyHistogram(name, help, tally)),
  };
}

/** A histogram whose numbers are a tally's. */
class TallyHistogram extends Histogram {
  readonly #described: { readonly name: string; readonly help: string };
  readonly #tally: Tally;

  constructor(name: string, help: string, tally: Tally) {
    super({ name, help, buckets: [...tally.bounds], registers: [] });
    this.#described = { name, help };
    this.#tally = tally;
  }

  /** What the class makes its own answers of, and the registry asks for. */
  async getForPromString() {
    return { ...this.#described, type: 'histogram', aggregator: 'sum', values: this.#values() };
  }

  #values() {
    const { name } = this.#described;
    const { bounds, counts, count, sum } = this.#tally;
    let below = 0;
    const buckets = [...bounds, '+Inf'].map((le, place) => {
      below += counts[place] ?? 0;
      return { metricName: `${name}_bucket`, labels: { le }, value: below };
    });
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels: {}, value: sum },
      { metricName: `${name}_count`, labels: {}, value: count },
    ];
  }
}
