// Two listeners to the stations at once: what one connection's author watches, and the traces of the whole server.
import {
  type Delivery,
  type Departure,
  type MarkFacts,
  NO_MARKS,
  type Station,
  type StationMarks,
  type Trail,
} from './stations.ts';

/** Those that there are, as one. */
export function marksOf(one: StationMarks | undefined, other: StationMarks | undefined): StationMarks {
  if (one !== undefined && other !== undefined) return new BothMarks(one, other);
  return one ?? other ?? NO_MARKS;
}

class BothMarks implements StationMarks {
  readonly #each: readonly [StationMarks, StationMarks];

  constructor(one: StationMarks, other: StationMarks) {
    this.#each = [one, other];
  }

  get isOn(): boolean {
    return this.#each[0].isOn || this.#each[1].isOn;
  }

  get hasReaders(): boolean {
    return this.#each[0].hasReaders || this.#each[1].hasReaders;
  }

  depart(departure: Departure): Trail {
    const trails = this.#each.filter(({ isOn }) => isOn).map((marks) => marks.depart(departure));
    return {
      mark(station: Station, facts?: MarkFacts) {
        for (const trail of trails) trail.mark(station, facts);
      },
      refused(code: string) {
        for (const trail of trails) trail.refused?.(code);
      },
    };
  }

  delivered(delivery: Delivery): void {
    for (const marks of this.#each) if (marks.hasReaders) marks.delivered(delivery);
  }
}
