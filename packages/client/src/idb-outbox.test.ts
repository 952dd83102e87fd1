import { IDBFactory, IDBObjectStore } from 'fake-indexeddb';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ada } from './events.fixture.ts';
import { FakeBrowser, settled } from './fake-tabs.fixture.ts';
import { DRAFTS } from './idb-database.ts';
import { openIdbOutbox } from './idb-outbox.ts';
import * as CLIENT_LIMITS from './limits.ts';
import { newDraft, outboxStoreContract } from './outbox-store.contract.ts';
import type { OutboxNews, OutboxStore } from './outbox-store.ts';

const NAME = 'wireroom:ws://chat/ws:outbox';
const idsOf = async (store: OutboxStore): Promise<readonly string[]> =>
  (await store.load()).map(({ draftId }) => draftId);

describe('in IndexedDB, with Web Locks', () =>
  outboxStoreContract(() => new FakeBrowser({ hasLocks: true }).open().store));
describe('in IndexedDB, without', () =>
  outboxStoreContract(() => new FakeBrowser({ hasLocks: false }).open().store));

/** What the browser would do if somebody else had put it there. */
async function putByHand(indexedDb: IDBFactory, value: unknown): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const request = indexedDb.open(NAME);
    request.onerror = reject;
    request.onsuccess = () => {
      const transaction = request.result.transaction(DRAFTS, 'readwrite');
      transaction.objectStore(DRAFTS).add(value);
      transaction.oncomplete = () => {
        request.result.close();
        resolve();
      };
    };
  });
}

describe('several tabs', () => {
  it('[C1.1] what two tabs keep at once stands in one order, which both see', async () => {
    const browser = new FakeBrowser({ hasLocks: true });
    const [one, two] = [browser.open().store, browser.open().store];
    const adding: Promise<unknown>[] = [];
    for (let number = 0; number < 20; number += 2)
      adding.push(one.add(newDraft(number)), two.add(newDraft(number + 1)));
    await Promise.all(adding);
    const drafts = await one.load();
    expect(await two.load()).toEqual(drafts);
    for (const rest of [0, 1]) {
      const mine = drafts.map(({ createdAt }) => createdAt).filter((number) => number % 2 === rest);
      expect(mine).toEqual([...mine].sort((a, b) => a - b));
      expect(mine).toHaveLength(10);
    }
  });

  it('[C1.2] the bounds count what all tabs keep', async () => {
    const browser = new FakeBrowser({ hasLocks: true });
    const [one, two] = [browser.open().store, browser.open().store];
    for (let number = 0; number < CLIENT_LIMITS.outboxDraftsMax; number += 1)
      await (number % 2 ? one : two).add(newDraft(number));
    await expect(one.add(newDraft(999))).rejects.toMatchObject({ code: 'busy' });
    await expect(two.add(newDraft(999))).rejects.toMatchObject({ code: 'busy' });
    expect(one.isDurable).toBe(true);
  });

  it('[C1] what a tab kept is there for the next one, after all were closed', async () => {
    const browser = new FakeBrowser({ hasLocks: true });
    const first = browser.open();
    await first.store.add(newDraft(1));
    first.store.close();
    expect(await idsOf(browser.open().store)).toEqual(['draft-0001']);
  });

  it('[C1.7] the others hear of each change, and of what becomes of a draft', async () => {
    const browser = new FakeBrowser({ hasLocks: true });
    const [one, two] = [browser.open().store, browser.open().store];
    let changes = 0;
    const news: OutboxNews[] = [];
    two.watch(() => {
      changes += 1;
    });
    two.hear((each) => news.push(each));
    const draft = await one.add(newDraft(1));
    await settled();
    expect(changes).toBe(1);
    await one.change({ ...draft, state: 'failed', error: { code: 'no-room', message: 'No.' } });
    await settled();
    expect(changes).toBe(2);
    one.tell({ draftId: draft.draftId, state: 'acknowledged', seq: 7 });
    await one.remove([draft.draftId]);
    await settled();
    expect([changes, news]).toEqual([3, [{ draftId: draft.draftId, state: 'acknowledged', seq: 7 }]]);
  });

  it('[C1.3] what cannot be read is left out, and the rest is kept', async () => {
    const browser = new FakeBrowser({ hasLocks: true });
    const { store } = browser.open();
    await store.add(newDraft(1));
    const good = { ...newDraft(2) };
    for (const bad of [
      { anything: 1 },
      { ...good, draftId: 'short' },
      { ...good, draftId: 'draft-1001', slug: 'Not A Slug' },
      { ...good, draftId: 'draft-1002', content: { type: 'poem', text: 'x' } },
      { ...good, draftId: 'draft-1003', content: { type: 'message', text: 7 } },
      { ...good, draftId: 'draft-1004', content: { type: 'edit', target: 0, text: 'x' } },
      { ...good, draftId: 'draft-1005', createdAt: 'yesterday' },
    ])
      await putByHand(browser.indexedDb, bad);
    await store.add(good);
    expect(await idsOf(store)).toEqual(['draft-0001', 'draft-0002']);
    expect(store.isDurable).toBe(true);
  });
});

describe('a browser that refuses', () => {
  afterEach(() => void vi.restoreAllMocks());

  /** A database whose requests fail or never end, as `open` says. */
  function refusing(open: (request: { onerror?: () => void; error?: unknown }) => void): IDBFactory {
    const indexedDb = new IDBFactory();
    Object.defineProperty(indexedDb, 'open', {
      value: () => {
        const request = { error: new DOMException('no', 'UnknownError') };
        open(request);
        return request;
      },
    });
    return indexedDb;
  }

  it('[C1.4] a database that does not open: memory, at once, and this tab leads', async () => {
    const browser = new FakeBrowser({ hasLocks: true });
    const { store } = browser.open(refusing((request) => queueMicrotask(() => request.onerror?.())));
    const leads: boolean[] = [];
    const candidacy = store.lead(ada.authorId, (isLeading) => leads.push(isLeading));
    const { draftId } = await store.add(newDraft(1));
    await settled();
    expect([store.isDurable, leads, await idsOf(store)]).toEqual([false, [true], ['draft-0001']]);
    expect(await candidacy.claim(draftId)).toBe(true);
  });

  it('[C1.4] one that throws: memory', async () => {
    const indexedDb = new IDBFactory();
    Object.defineProperty(indexedDb, 'open', {
      value: () => {
        throw new DOMException('no', 'SecurityError');
      },
    });
    const { store } = new FakeBrowser({ hasLocks: true }).open(indexedDb);
    await store.add(newDraft(1));
    expect([store.isDurable, await idsOf(store)]).toEqual([false, ['draft-0001']]);
  });

  it('[C1.4] one that never answers: memory after idbOpenTimeoutMs, with what was written meanwhile, in order', async () => {
    const browser = new FakeBrowser({ hasLocks: true });
    const { store } = browser.open(refusing(() => {}));
    let changes = 0;
    store.watch(() => {
      changes += 1;
    });
    const added = Promise.all([store.add(newDraft(1)), store.add(newDraft(2))]);
    await browser.pass(CLIENT_LIMITS.idbOpenTimeoutMs - 1);
    expect(store.isDurable).toBe(true);
    await browser.pass(2);
    await added;
    expect([store.isDurable, await idsOf(store)]).toEqual([false, ['draft-0001', 'draft-0002']]);
    expect(changes).toBeGreaterThan(0);
  });

  it('[C1.4] a full disk: what was kept and what comes are in memory, and leave both places when they are sent', async () => {
    const browser = new FakeBrowser({ hasLocks: true });
    const tab = browser.open();
    await tab.store.add(newDraft(1));
    await tab.store.load();
    const full = vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    await tab.store.add(newDraft(2));
    expect([tab.store.isDurable, await idsOf(tab.store)]).toEqual([false, ['draft-0001', 'draft-0002']]);
    full.mockRestore();
    await tab.store.remove([newDraft(1).draftId]);
    await settled();
    expect(await idsOf(tab.store)).toEqual(['draft-0002']);
    expect(await idsOf(browser.open().store)).toEqual([]);
  });

  it('[C1.4] a database that is deleted under the page is opened anew', async () => {
    const browser = new FakeBrowser({ hasLocks: true });
    const { store } = browser.open();
    await store.add(newDraft(1));
    await new Promise<void>((resolve, reject) => {
      const request = browser.indexedDb.deleteDatabase(NAME);
      request.onsuccess = () => resolve();
      request.onblocked = () => reject(new Error('blocked'));
    });
    await store.add(newDraft(2));
    expect([store.isDurable, await idsOf(store)]).toEqual([true, ['draft-0002']]);
  });

  it('[C1.4] without any IndexedDB: memory', async () => {
    const store = openIdbOutbox({ url: 'ws://chat/ws' });
    await store.add(newDraft(1));
    expect([store.isDurable, await idsOf(store)]).toEqual([false, ['draft-0001']]);
  });
});

describe('a page that is left before its drafts are kept', () => {
  it('[C1][C1.10] reloaded right after writing: the next page has them, in order, and nothing is left behind', async () => {
    const browser = new FakeBrowser({ hasLocks: true });
    const tab = browser.open();
    await tab.store.add(newDraft(1));
    void tab.store.add(newDraft(2));
    void tab.store.add(newDraft(3));
    tab.tell('left');
    // The browser gives up the transactions of a page that goes.
    const after = browser.open(new IDBFactory());
    const written = after.store.add(newDraft(4));
    await settled();
    expect(await idsOf(after.store)).toEqual(['draft-0002', 'draft-0003', 'draft-0004']);
    await written;
    expect(browser.kept.size).toBe(0);
  });

  it('[C1.10] what was kept all the same, or is kept already by then, is there once', async () => {
    const browser = new FakeBrowser({ hasLocks: true });
    const tab = browser.open();
    const adding = [tab.store.add(newDraft(1)), tab.store.add(newDraft(2))];
    tab.tell('left');
    expect(browser.kept.size).toBe(1);
    const { store } = browser.open();
    await Promise.all(adding);
    await settled();
    expect(await idsOf(store)).toEqual(['draft-0001', 'draft-0002']);
    expect(browser.kept.size).toBe(0);
  });

  it('[C1.10] what is kept or discarded while the page goes is not left behind', async () => {
    const browser = new FakeBrowser({ hasLocks: true });
    const tab = browser.open();
    const adding = [tab.store.add(newDraft(1)), tab.store.add(newDraft(2))];
    tab.tell('left');
    await Promise.all([...adding, tab.store.remove([newDraft(2).draftId])]);
    expect(browser.kept.size).toBe(0);
  });

  it('[C1.10] a page that comes back keeps them itself', async () => {
    const browser = new FakeBrowser({ hasLocks: true });
    const tab = browser.open();
    const adding = tab.store.add(newDraft(1));
    tab.tell('left');
    tab.tell('back');
    expect(browser.kept.size).toBe(0);
    await adding;
    tab.tell('left');
    expect(browser.kept.size).toBe(0);
  });

  it('[C1.4][C1.10] a browser that refuses to keep drafts: a reload has them, still', async () => {
    const browser = new FakeBrowser({ hasLocks: true });
    const refusing = new IDBFactory();
    vi.spyOn(refusing, 'open').mockImplementation(() => {
      throw new Error('refused');
    });
    const tab = browser.open(refusing);
    await tab.store.add(newDraft(1));
    await tab.store.add(newDraft(2));
    await tab.store.remove([newDraft(1).draftId]);
    tab.tell('left');
    const { store } = browser.open(refusing);
    await settled();
    expect([store.isDurable, await idsOf(store)]).toEqual([false, ['draft-0002']]);
  });

  it('[C1.2][C1.10] what there is no room for waits for a page that finds some', async () => {
    const browser = new FakeBrowser({ hasLocks: true });
    const full = browser.open().store;
    const ids = Array.from({ length: CLIENT_LIMITS.outboxDraftsMax }, (_, number) => newDraft(number));
    browser.kept.set(`${NAME}:left:x`, JSON.stringify([{ ...newDraft(1000), order: 0 }]));
    for (const draft of ids) await full.add(draft);
    const late = browser.open().store;
    await settled();
    expect(browser.kept.size).toBe(1);
    await late.remove(ids.map(({ draftId }) => draftId));
    const later = browser.open().store;
    await settled();
    expect(await idsOf(later)).toEqual([newDraft(1000).draftId]);
    expect(browser.kept.size).toBe(0);
  });

  it('[C1.3][C1.10] what lies there and cannot be read is taken away', async () => {
    const browser = new FakeBrowser({ hasLocks: true });
    browser.kept.set(`${NAME}:left:x`, '{"no":');
    browser.kept.set(`${NAME}:left:y`, '[1, {"draftId": "no"}]');
    browser.kept.set('of somebody else', '1');
    const { store } = browser.open();
    await store.add(newDraft(1));
    await settled();
    expect([...browser.kept.keys()]).toEqual(['of somebody else']);
  });
});
