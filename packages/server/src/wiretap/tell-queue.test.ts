// What waits for a watcher, and what is told when too much did.
import type { NoteRecord } from '@wireroom/capture';
import { describe, expect, it } from 'vitest';
import { WIRETAP_LIMITS } from './limits.ts';
import { TellingBudget, TellQueue } from './tell-queue.ts';

const size = WIRETAP_LIMITS.recordOverheadBytes;
const note = (at: number): NoteRecord => ({ kind: 'note', at, text: '' });

describe('what waits for a watcher', () => {
  it('comes in order, by connection, in pieces of bounded size', () => {
    const queue = new TellQueue(100 * size);
    for (let at = 1; at <= 3; at++) queue.add('a', note(at));
    queue.add('b', note(4));
    queue.add('a', note(5));
    expect(queue.take(2 * size)).toEqual({ connectionId: 'a', records: [note(1), note(2)] });
    expect(queue.take(1)).toEqual({ connectionId: 'a', records: [note(3)] });
    expect(queue.take(10 * size)).toEqual({ connectionId: 'b', records: [note(4)] });
    expect(queue.isEmpty).toBe(false);
    expect(queue.take(10 * size)).toEqual({ connectionId: 'a', records: [note(5)] });
    expect(queue.isEmpty).toBe(true);
    expect(queue.take(1)).toBeUndefined();
  });

  it('[I10] loses the oldest past the bound, and says so before what is left', () => {
    const queue = new TellQueue(3 * size);
    for (let at = 1; at <= 5; at++) queue.add('a', note(at));
    const dropped = { kind: 'dropped', at: 2, records: 2, bytes: 0 };
    expect(queue.take(10 * size)).toEqual({
      connectionId: 'a',
      records: [dropped, note(3), note(4), note(5)],
    });
  });

  it('[I10] says so also of a connection of which nothing is left', () => {
    const queue = new TellQueue(2 * size);
    queue.add('a', note(1));
    for (let at = 2; at <= 4; at++) queue.add('b', note(at));
    expect(queue.take(10 * size)?.connectionId).toBe('b');
    expect(queue.isEmpty).toBe(false);
    expect(queue.take(10 * size)).toEqual({
      connectionId: 'a',
      records: [{ kind: 'dropped', at: 1, records: 1, bytes: 0 }],
    });
  });

  it('forgets a connection that is followed no more', () => {
    const queue = new TellQueue(2 * size);
    for (let at = 1; at <= 3; at++) queue.add(at === 3 ? 'b' : 'a', note(at));
    queue.forget('a');
    expect(queue.take(10 * size)).toEqual({ connectionId: 'b', records: [note(3)] });
    expect(queue.isEmpty).toBe(true);
  });

  it('[I10] stays bounded over many records', () => {
    const queue = new TellQueue(10 * size);
    for (let at = 1; at <= 5000; at++) queue.add('a', note(at));
    const told = queue.take(100 * size);
    expect(told?.records).toHaveLength(11);
    expect(told?.records[0]).toMatchObject({ kind: 'dropped', records: 4990 });
  });

  it('[I10] is bounded for all together: past it, whoever is told more keeps an equal share', () => {
    const budget = new TellingBudget(100 * size);
    const queues = Array.from({ length: 10 }, () => new TellQueue(80 * size, budget));
    const [first, ...others] = queues;
    for (let at = 1; at <= 80; at++) first?.add('a', note(at));
    expect(budget.bytes).toBe(80 * size);
    for (let at = 1; at <= 80; at++) for (const queue of others) queue.add('a', note(at));
    // The first one keeps what it has, since it is told nothing more.
    expect(budget.bytes).toBeLessThanOrEqual(80 * size + 9 * 11 * size);
    first?.add('a', note(81));
    expect(budget.bytes).toBeLessThanOrEqual(10 * 11 * size);
    expect(first?.take(1000 * size)?.records[0]).toMatchObject({ kind: 'dropped' });
    for (const queue of queues) queue.end();
    expect(budget.bytes).toBe(0);
  });
});
