import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Roster } from './roster.ts';

interface Guest {
  readonly name: number;
  seat: number;
}

const makeRoster = (): Roster<Guest> =>
  new Roster({
    seatOf: ({ seat }) => seat,
    seat: (guest, seat) => {
      guest.seat = seat;
    },
  });

describe('roster', () => {
  it('holds what a Set would hold, in whatever order they come and go', () => {
    const steps = fc.array(fc.tuple(fc.boolean(), fc.nat(9)), { maxLength: 60 });
    fc.assert(
      fc.property(steps, (changes) => {
        const guests: Guest[] = Array.from({ length: 10 }, (_, name) => ({ name, seat: -1 }));
        const roster = makeRoster();
        const model = new Set<Guest>();
        for (const [isComing, name] of changes) {
          const guest = guests[name];
          if (guest === undefined) continue;
          if (!isComing) {
            roster.delete(guest);
            model.delete(guest);
          } else if (!model.has(guest)) {
            roster.add(guest);
            model.add(guest);
          }
          expect(roster.size).toBe(model.size);
          expect(guests.every((one) => roster.has(one) === model.has(one))).toBe(true);
          expect(new Set(roster)).toEqual(model);
        }
      }),
    );
  });

  it('goes through those who were there when it began', () => {
    const roster = makeRoster();
    const guests: Guest[] = Array.from({ length: 5 }, (_, name) => ({ name, seat: -1 }));
    for (const guest of guests) roster.add(guest);
    const seen: number[] = [];
    for (const guest of roster) {
      seen.push(guest.name);
      roster.delete(guest);
      if (guest.name === 0) roster.add({ name: 5, seat: -1 });
    }
    expect(seen).toEqual([0, 1, 2, 3, 4]);
    expect([...roster].map(({ name }) => name)).toEqual([5]);
  });
});
