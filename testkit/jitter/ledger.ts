// Who was sent what and who got it when: the books of one phase. Pure; times are given. Messages are numbered over the whole run, and the
// number is in the text, whatever carries it.

/** `jitter 17 by 3`: message 17, of publisher 3. */
export const textOf = (message: number, publisher: number): string => `jitter ${message} by ${publisher}`;

export interface Told {
  readonly message: number;
  readonly publisher: number;
}

export function readText(text: string): Told | undefined {
  const [, message, publisher] = /^jitter (\d+) by (\d+)$/.exec(text) ?? [];
  return message === undefined ? undefined : { message: Number(message), publisher: Number(publisher) };
}

export class Ledger {
  readonly clients: number;
  /** Numbers of the first message of this phase and of the one after its last. */
  readonly from: number;
  #until: number;
  /** By client, then by message: when it came. */
  readonly #arrivals: Map<number, number>[];
  /** By client: when it was connected again, and when it was not any more. */
  readonly #opened: number[][];
  readonly #closed: number[][];
  #repeats = 0;
  #lastAt = 0;
  #delivered = 0;

  constructor(clients: number, from: number) {
    this.clients = clients;
    this.from = from;
    this.#until = from;
    this.#arrivals = Array.from({ length: clients }, () => new Map());
    this.#opened = Array.from({ length: clients }, () => []);
    this.#closed = Array.from({ length: clients }, () => []);
  }

  get until(): number {
    return this.#until;
  }

  get posted(): number {
    return this.#until - this.from;
  }

  get expected(): number {
    return this.posted * this.clients;
  }

  get delivered(): number {
    return this.#delivered;
  }

  /** Arrivals of what had arrived there before. */
  get repeats(): number {
    return this.#repeats;
  }

  /** When anybody heard anything last. */
  get lastAt(): number {
    return this.#lastAt;
  }

  /** Gives the next number. */
  post(): number {
    this.#until += 1;
    return this.#until - 1;
  }

  arrived(client: number, message: number, at: number): void {
    if (message < this.from || message >= this.#until) return;
    const own = this.#arrivals[client];
    if (own === undefined) return;
    if (own.has(message)) {
      this.#repeats += 1;
      return;
    }
    own.set(message, at);
    this.#delivered += 1;
    this.#lastAt = at;
  }

  opened(client: number, at: number): void {
    this.#opened[client]?.push(at);
  }

  closed(client: number, at: number): void {
    this.#closed[client]?.push(at);
  }

  arrivalOf(client: number, message: number): number | undefined {
    return this.#arrivals[client]?.get(message);
  }

  /** The first time that it was connected, from then on. */
  openedSince(client: number, at: number): number | undefined {
    return this.#opened[client]?.find((openedAt) => openedAt >= at);
  }

  /** Was it connected then? Undefined: as it was when the phase began. */
  isOpenAt(client: number, at: number): boolean | undefined {
    const openedAt = this.#opened[client]?.findLast((each) => each <= at) ?? Number.NEGATIVE_INFINITY;
    const closedAt = this.#closed[client]?.findLast((each) => each <= at) ?? Number.NEGATIVE_INFINITY;
    return openedAt === closedAt ? undefined : openedAt > closedAt;
  }

  closedBetween(client: number, from: number, until: number): boolean {
    return this.#closed[client]?.some((at) => at >= from && at <= until) === true;
  }

  /** When each message was heard first by anybody; undefined: never by anybody. */
  firstArrivals(): (number | undefined)[] {
    const first: (number | undefined)[] = Array.from({ length: this.posted }, () => undefined);
    for (const own of this.#arrivals) {
      for (const [message, at] of own) {
        const index = message - this.from;
        first[index] = Math.min(first[index] ?? at, at);
      }
    }
    return first;
  }
}

export interface Shown {
  /** Shown more than once. */
  readonly duplicates: number;
  /** After one of the same publisher that was posted later. */
  readonly outOfOrder: number;
  /** Stretches of one publisher's messages that are missing, with later ones there. */
  readonly gaps: number;
}

/** Judges what one client shows at the end, in the order in which it shows it. `publishers`: of each message of the phase. */
export function judgeShown(texts: readonly string[], publishers: ReadonlyMap<number, number>): Shown {
  const seen = new Set<number>();
  const newest = new Map<number, number>();
  let [duplicates, outOfOrder] = [0, 0];
  for (const text of texts) {
    const told = readText(text);
    if (told === undefined || !publishers.has(told.message)) continue;
    const { message, publisher } = told;
    if (seen.has(message)) {
      duplicates += 1;
      continue;
    }
    seen.add(message);
    const before = newest.get(publisher) ?? -1;
    if (message < before) outOfOrder += 1;
    newest.set(publisher, Math.max(before, message));
  }
  return { duplicates, outOfOrder, gaps: countGaps(seen, newest, publishers) };
}

function countGaps(
  seen: ReadonlySet<number>,
  newest: ReadonlyMap<number, number>,
  publishers: ReadonlyMap<number, number>,
): number {
  const isMissing = new Map<number, boolean>();
  let gaps = 0;
  for (const [message, publisher] of [...publishers].sort(([a], [b]) => a - b)) {
    const isGone = !seen.has(message) && message < (newest.get(publisher) ?? -1);
    if (isGone && isMissing.get(publisher) !== true) gaps += 1;
    isMissing.set(publisher, isGone);
  }
  return gaps;
}
