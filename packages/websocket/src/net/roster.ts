// Who is there: a set whose members know their seats. Not a Set of JavaScript: that one makes itself a new table every few
// hundred comings and goings, and each old table keeps all who were in it from V8's quick collections. A server that many
// connect to and leave spent a quarter of its time on that.

/** What a program sees of it: how many, who, and whether. */
export interface ReadonlyRoster<T> extends Iterable<T> {
  readonly size: number;
  /** Whether it is one of them. */
  has(member: T): boolean;
}

/** Where a member keeps its seat; -1 or undefined while it has none. */
export interface Seating<T> {
  seatOf(member: T): number;
  seat(member: T, seat: number): void;
}

export class Roster<T> implements ReadonlyRoster<T> {
  readonly #seating: Seating<T>;
  readonly #members: T[] = [];

  constructor(seating: Seating<T>) {
    this.#seating = seating;
  }

  get size(): number {
    return this.#members.length;
  }

  has(member: T): boolean {
    return this.#members[this.#seating.seatOf(member)] === member;
  }

  /** Only for a member that is not there. */
  add(member: T): void {
    this.#seating.seat(member, this.#members.length);
    this.#members.push(member);
  }

  /** The last one takes the free seat. */
  delete(member: T): void {
    if (!this.has(member)) return;
    const seat = this.#seating.seatOf(member);
    const last = this.#members.pop();
    if (last !== undefined && last !== member) {
      this.#members[seat] = last;
      this.#seating.seat(last, seat);
    }
    this.#seating.seat(member, -1);
  }

  /** Those who are there now, whoever comes or goes meanwhile. */
  [Symbol.iterator](): Iterator<T> {
    return [...this.#members][Symbol.iterator]();
  }
}
