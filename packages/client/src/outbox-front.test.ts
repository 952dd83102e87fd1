// A store that is opened when it is needed: what was asked before, and after it was closed.
import { describe, expect, test } from 'vitest';
import { ada, draft } from './events.fixture.ts';
import { FakeClock, tick } from './fake-clock.fixture.ts';
import { idbOutbox } from './lazy-idb-outbox.ts';
import * as CLIENT_LIMITS from './limits.ts';
import { memoryOutbox } from './memory-outbox.ts';
import { OutboxFront } from './outbox-front.ts';
import { outboxStoreContract } from './outbox-store.contract.ts';
import type { NewDraft, OutboxNews, OutboxStore } from './outbox-store.ts';

const written = (id: string): NewDraft => ({
  ...{ slug: 'lobby', draftId: draft(id), content: { type: 'message', text: id }, createdAt: 1 },
  state: 'queued',
});

/** Opens when the test says so. */
function held() {
  let open: (store: OutboxStore) => void = () => {};
  let opened = 0;
  const front = new OutboxFront(() => {
    opened += 1;
    return new Promise((resolve) => {
      open = resolve;
    });
  });
  return { front, open: (store: OutboxStore) => open(store), opened: () => opened };
}

describe('opened later', () => outboxStoreContract(() => new OutboxFront(async () => memoryOutbox())));

test('[C1] drafts that were written before the store is open are kept in their order, and none is lost', async () => {
  const { front, open } = held();
  const adding = ['one', 'two', 'three'].map((id) => front.add(written(id)));
  const removing = front.remove([draft('two')]);
  const loading = front.load();
  await tick();
  open(memoryOutbox());
  expect((await Promise.all(adding)).map(({ order }) => order)).toEqual([1, 2, 3]);
  await removing;
  expect((await loading).map(({ draftId }) => draftId)).toEqual([draft('one'), draft('three')]);
});

test('[C1.5] who stood for leading before leads once it is open, unless they have given up', async () => {
  const { front, open } = held();
  const led: string[] = [];
  const gone = front.lead(ada.authorId, () => led.push('gone'));
  front.lead(ada.authorId, () => led.push('here'));
  gone.giveUp();
  await tick();
  expect(led).toEqual([]);
  open(memoryOutbox());
  await tick();
  expect(led).toEqual(['here']);
  expect(await gone.claim(draft('one'))).toBe(false);
});

test('[C1.7] what the store hears reaches who listened before it was open', async () => {
  const { front, open } = held();
  const heard: (OutboxNews | 'changed')[] = [];
  front.watch(() => heard.push('changed'));
  front.hear((news) => heard.push(news));
  void front.load();
  let change = (): void => {};
  let tell: (news: OutboxNews) => void = () => {};
  await tick();
  open({
    ...memoryOutbox(),
    watch: (changed) => {
      change = changed;
      return () => {};
    },
    hear: (listener) => {
      tell = listener;
      return () => {};
    },
  });
  await tick();
  change();
  tell({ draftId: draft('one'), state: 'cancelled' });
  expect(heard).toEqual(['changed', { draftId: draft('one'), state: 'cancelled' }]);
});

test('[C37] closed, it lets the store go when all is answered, and opens it anew when it is needed', async () => {
  const done: string[] = [];
  let opened = 0;
  const kept = memoryOutbox();
  const front = new OutboxFront(() => {
    opened += 1;
    done.push(`open ${opened}`);
    return {
      ...kept,
      add: async (each) => {
        const placed = await kept.add(each);
        done.push(`kept ${placed.order}`);
        return placed;
      },
      close: async () => void done.push('closed'),
    };
  });
  void front.add(written('one'));
  const closing = front.close();
  await front.add(written('two'));
  await closing;
  expect(done).toEqual(['open 1', 'kept 1', 'closed', 'open 2', 'kept 2']);
  await front.close();
  await front.close();
  expect(done.at(-1)).toBe('closed');
  expect(opened).toBe(2);
});

test('[C1.4] a page that cannot have the outbox’s code goes on in memory, and says so', async () => {
  const refused = idbOutbox({ url: 'ws://chat/ws' }, () => Promise.reject(new Error('404')));
  expect(refused.isDurable).toBe(true);
  await refused.add(written('one'));
  expect(refused.isDurable).toBe(false);
  expect(await refused.load()).toHaveLength(1);
  const clock = new FakeClock();
  const silent = idbOutbox({ url: 'ws://chat/ws', clock }, () => new Promise(() => {}));
  const adding = silent.add(written('one'));
  await tick();
  clock.pass(CLIENT_LIMITS.outboxLoadTimeoutMs);
  expect((await adding).order).toBe(1);
  expect(silent.isDurable).toBe(false);
});
