// Simulated time: a queue of events, each at its moment, and nothing in between. An event's promises have all run before the
// next event begins, as on a real event loop; that is what makes a run the same every time.

/** Something that can die, or stand still for a while: a server's process, a browser's tab. Its timers share its fate. */
export class Life {
  #isOver = false;
  #isAsleep = false;
  readonly #missed: (() => void)[] = [];

  get isOver(): boolean {
    return this.#isOver;
  }

  get isAsleep(): boolean {
    return this.#isAsleep;
  }

  end(): void {
    this.#isOver = true;
    this.#missed.length = 0;
  }

  sleep(): void {
    this.#isAsleep = true;
  }

  /** What was due meanwhile comes now. */
  wake(time: SimulatedTime): void {
    this.#isAsleep = false;
    for (const run of this.#missed.splice(0)) time.after(0, run, this);
  }

  /** Runs it, keeps it for the awakening, or forgets it. */
  live(run: () => void): void {
    if (this.#isOver) return;
    if (this.#isAsleep) this.#missed.push(run);
    else run();
  }
}

interface SimulatedEvent {
  readonly at: number;
  readonly order: number;
  readonly life: Life | undefined;
  run: (() => void) | undefined;
}

export class SimulatedTime {
  #now = 0;
  #order = 0;
  /** A binary heap: the earliest first, and of those at one moment the one that was planned first. */
  readonly #heap: SimulatedEvent[] = [];
  #planned = 0;

  /** Milliseconds since the beginning of the world. */
  get now(): number {
    return this.#now;
  }

  /** Events to come that nobody has cancelled. */
  get plannedCount(): number {
    return this.#planned;
  }

  /** Plans an event. The returned function cancels it; it may be called at any time. */
  after(ms: number, run: () => void, life?: Life): () => void {
    const event: SimulatedEvent = { at: this.#now + Math.max(0, ms), order: this.#order++, life, run };
    this.#planned += 1;
    this.#push(event);
    return () => {
      if (event.run !== undefined) this.#planned -= 1;
      event.run = undefined;
    };
  }

  every(ms: number, run: () => void, life: Life): void {
    const tick = (): void => {
      run();
      this.after(ms, tick, life);
    };
    this.after(ms, tick, life);
  }

  /** Lets time pass; `afterEach` is called when everything that an event brought about has come about. */
  async pass(ms: number, afterEach: () => void): Promise<void> {
    const end = this.#now + ms;
    for (let next = this.#heap[0]; next !== undefined && next.at <= end; next = this.#heap[0]) {
      this.#pop();
      const { run, life } = next;
      if (run === undefined) continue;
      next.run = undefined;
      this.#planned -= 1;
      if (life?.isOver) continue;
      this.#now = Math.max(this.#now, next.at);
      if (life === undefined) run();
      else life.live(run);
      await settled();
      afterEach();
    }
    this.#now = end;
  }

  #push(event: SimulatedEvent): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(event);
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = heap[parentIndex];
      if (parent === undefined || isBefore(parent, event)) break;
      heap[index] = parent;
      index = parentIndex;
    }
    heap[index] = event;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      const left = heap[2 * index + 1];
      const right = heap[2 * index + 2];
      if (left === undefined) break;
      const isRight = right !== undefined && isBefore(right, left);
      const child = isRight ? right : left;
      if (isBefore(last, child)) break;
      heap[index] = child;
      index = 2 * index + (isRight ? 2 : 1);
    }
    heap[index] = last;
  }
}

function isBefore(one: SimulatedEvent, other: SimulatedEvent): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}

/** One turn of the real event loop: by its end every promise that could be kept has been. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
