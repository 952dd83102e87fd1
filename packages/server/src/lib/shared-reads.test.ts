// Who shares whose read: never one that began before the question.
import { expect, it } from 'vitest';
import { SharedReads } from './shared-reads.ts';

function readsByHand() {
  const begun: { readonly key: string; readonly end: (value: number | Error) => void }[] = [];
  const shared = new SharedReads<number>();
  const of = (key: string): Promise<number> =>
    shared.of(
      key,
      () =>
        new Promise((resolve, reject) => {
          begun.push({ key, end: (value) => (typeof value === 'number' ? resolve(value) : reject(value)) });
        }),
    );
  return { begun, reads: { of } };
}

const turn = (): Promise<void> => new Promise(setImmediate);

it('begins one for all who ask together, and one more for all who ask meanwhile', async () => {
  const { begun, reads } = readsByHand();
  const together = [reads.of('a'), reads.of('a')];
  const another = reads.of('b');
  await turn();
  expect(begun.map(({ key }) => key)).toEqual(['a', 'b']);
  const others = [reads.of('a'), reads.of('a'), reads.of('a')];
  await turn();
  expect(begun).toHaveLength(2);
  begun[0]?.end(1);
  begun[1]?.end(7);
  expect([await Promise.all(together), await another]).toEqual([[1, 1], 7]);
  await turn();
  expect(begun).toHaveLength(3);
  begun[2]?.end(2);
  expect(await Promise.all(others)).toEqual([2, 2, 2]);
  const later = reads.of('a');
  await turn();
  expect(begun).toHaveLength(4);
  begun[3]?.end(3);
  expect(await later).toBe(3);
});

it('has who asks in the very moment in which a read ends share the next one', async () => {
  const { begun, reads } = readsByHand();
  const first = reads.of('a');
  await turn();
  const second = reads.of('a');
  const third = first.then(() => reads.of('a'));
  begun[0]?.end(1);
  await turn();
  expect(begun).toHaveLength(2);
  begun[1]?.end(2);
  expect(await Promise.all([second, third])).toEqual([2, 2]);
});

it('tells a failure to those who waited for that read, and goes on', async () => {
  const { begun, reads } = readsByHand();
  const first = reads.of('a');
  await turn();
  const second = reads.of('a');
  begun[0]?.end(new Error('the disk is gone'));
  await expect(first).rejects.toThrow('the disk is gone');
  await turn();
  begun[1]?.end(2);
  expect(await second).toBe(2);
});
