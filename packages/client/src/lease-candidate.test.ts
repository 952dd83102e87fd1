// Who leads among tabs that are closed, killed, frozen and woken, with Web Locks and without.
import { describe, expect, it } from 'vitest';
import { ada, bob } from './events.fixture.ts';
import { FakeBrowser, type FakeTab, settled } from './fake-tabs.fixture.ts';
import * as CLIENT_LIMITS from './limits.ts';
import { newDraft } from './outbox-store.contract.ts';
import type { Candidacy } from './outbox-store.ts';

const { leaseAnswerMs, leaseAskMs, outboxLookMs } = CLIENT_LIMITS;

interface Stander {
  readonly tab: FakeTab;
  readonly candidacy: Candidacy;
  isLeading: boolean;
}

function stand(tab: FakeTab, author = ada): Stander {
  const stander: Stander = {
    tab,
    isLeading: false,
    candidacy: tab.store.lead(author.authorId, (isLeading) => {
      stander.isLeading = isLeading;
    }),
  };
  return stander;
}

/** Tabs that stand for leading, one after the other: the first one leads. */
async function standing(browser: FakeBrowser, count: number): Promise<readonly Stander[]> {
  const standers: Stander[] = [];
  for (let index = 0; index < count; index += 1) {
    standers.push(stand(browser.open()));
    await settled();
  }
  return standers;
}

const leaders = (standers: readonly Stander[]): readonly boolean[] =>
  standers.map(({ isLeading }) => isLeading);

describe.each([{ hasLocks: true }, { hasLocks: false }])(
  'who leads (Web Locks: $hasLocks)',
  ({ hasLocks }) => {
    /** How long the others may need until one of them has noticed that the leader is gone without a word. */
    const noticeMs = hasLocks ? 0 : leaseAskMs + 2 * leaseAnswerMs;

    it('[C1.5] one of three, and it stays that one as long as it lives', async () => {
      const browser = new FakeBrowser({ hasLocks });
      const standers = await standing(browser, 3);
      await browser.pass(10 * leaseAskMs);
      expect(leaders(standers)).toEqual([true, false, false]);
      const { draftId } = (await standers[1]?.tab.store.add(newDraft(1))) ?? newDraft(1);
      expect(await Promise.all(standers.map(({ candidacy }) => candidacy.claim(draftId)))).toEqual([
        true,
        false,
        false,
      ]);
    });

    it('[C1.5] three that stand at the same moment: one', async () => {
      const browser = new FakeBrowser({ hasLocks });
      const standers = [1, 2, 3].map(() => stand(browser.open()));
      await browser.pass(10 * leaseAskMs);
      expect(leaders(standers).filter(Boolean)).toHaveLength(1);
    });

    it('[C1.5] one for each author', async () => {
      const browser = new FakeBrowser({ hasLocks });
      const standers = [stand(browser.open()), stand(browser.open(), bob)];
      await browser.pass(leaseAskMs);
      expect(leaders(standers)).toEqual([true, true]);
    });

    it.each(['given up', 'closed', 'left'] as const)('[C1.5] %s: the next one leads at once', async (how) => {
      const browser = new FakeBrowser({ hasLocks });
      const standers = await standing(browser, 3);
      const [first] = standers;
      if (how === 'given up') first?.candidacy.giveUp();
      if (how === 'closed') first?.tab.store.close();
      if (how === 'left') first?.tab.tell('left');
      await settled();
      expect(leaders(standers).slice(1).filter(Boolean)).toHaveLength(1);
      if (how === 'left') expect(first?.isLeading).toBe(false);
    });

    it('[C1.5] killed: another one leads, at once with Web Locks, else within leaseAskMs and two leaseAnswerMs', async () => {
      const browser = new FakeBrowser({ hasLocks });
      const standers = await standing(browser, 3);
      standers[0]?.tab.kill();
      await browser.pass(noticeMs);
      await settled();
      expect(leaders(standers).slice(1).filter(Boolean)).toHaveLength(1);
    });

    it('[C1.5] killed, and a waiting tab has something to send: it asks at once', async () => {
      const browser = new FakeBrowser({ hasLocks });
      const [first, second] = await standing(browser, 2);
      await browser.pass(leaseAnswerMs);
      first?.tab.kill();
      await second?.tab.store.add(newDraft(1));
      await browser.pass(leaseAnswerMs);
      expect(second?.isLeading).toBe(true);
    });

    it('[C1.5] a tab that is opened after all others were killed leads, at once with Web Locks', async () => {
      const browser = new FakeBrowser({ hasLocks });
      for (const { tab } of await standing(browser, 2)) tab.kill();
      const late = stand(browser.open());
      await settled();
      await browser.pass(hasLocks ? 0 : leaseAnswerMs);
      await settled();
      expect(late.isLeading).toBe(true);
    });

    it('[C1.6] frozen without a word: another one leads; awake again, it may send nothing and learns it', async () => {
      const browser = new FakeBrowser({ hasLocks });
      const [first, second] = await standing(browser, 2);
      const { draftId } = (await second?.tab.store.add(newDraft(1))) ?? newDraft(1);
      first?.tab.freeze();
      await browser.pass(leaseAskMs + 2 * leaseAnswerMs);
      expect(second?.isLeading).toBe(true);
      // It has not been told anything yet, and asks before it sends.
      expect(first?.isLeading).toBe(true);
      expect(await first?.candidacy.claim(draftId)).toBe(false);
      expect(first?.isLeading).toBe(false);
      first?.tab.wake();
      await browser.pass(10 * leaseAskMs);
      expect([first?.isLeading, second?.isLeading]).toEqual([false, true]);
      expect(await second?.candidacy.claim(draftId)).toBe(true);
    });

    it('[C1.5] left for the back-forward cache, and back: it stands again', async () => {
      const browser = new FakeBrowser({ hasLocks });
      const [first, second] = await standing(browser, 2);
      first?.tab.tell('left');
      await settled();
      first?.tab.tell('back');
      await settled();
      expect([first?.isLeading, second?.isLeading]).toEqual([false, true]);
      second?.tab.tell('left');
      await settled();
      expect([first?.isLeading, second?.isLeading]).toEqual([true, false]);
    });

    it('[C1.6] a lease that somebody cleared away is taken again by who leads', async () => {
      const browser = new FakeBrowser({ hasLocks });
      const [first, second] = await standing(browser, 2);
      second?.tab.freeze();
      const { draftId } = (await first?.tab.store.add(newDraft(1))) ?? newDraft(1);
      browser.indexedDb.deleteDatabase('wireroom:ws://chat/ws:outbox');
      await settled();
      expect(await first?.candidacy.claim(draftId)).toBe(false);
      await first?.tab.store.add(newDraft(1));
      expect(await first?.candidacy.claim(draftId)).toBe(true);
    });

    it('[C1.7] what a tab kept before it died, telling nobody, is found within outboxLookMs', async () => {
      const browser = new FakeBrowser({ hasLocks });
      const [first, second] = await standing(browser, 2);
      let changes = 0;
      first?.tab.store.watch(() => {
        changes += 1;
      });
      await first?.tab.store.load();
      const added = second?.tab.store.add(newDraft(1));
      second?.tab.kill();
      await added;
      await browser.pass(outboxLookMs - 1);
      expect(changes).toBe(0);
      await browser.pass(1);
      expect(changes).toBe(1);
      await first?.tab.store.load();
      await browser.pass(3 * outboxLookMs);
      expect(changes).toBe(1);
    });

    it('[C1.8] what another version of the page may say is ignored', async () => {
      const browser = new FakeBrowser({ hasLocks });
      const [first, second] = await standing(browser, 2);
      const heard: unknown[] = [];
      first?.tab.store.hear((news) => heard.push(news));
      first?.tab.store.watch(() => heard.push('changed'));
      for (const message of [
        null,
        'changed',
        { type: 'gone' },
        { type: 'news' },
        { type: 'news', news: { draftId: 'draft-0001', state: 'lost' } },
        { type: 'news', news: { draftId: '?', state: 'sending' } },
        { type: 'leading', authorId: 'nobody', owner: '0'.repeat(32) },
        { type: 'leading', authorId: ada.authorId, owner: 'me' },
        { type: 'free', authorId: ada.authorId },
      ])
        first?.tab.hear(message);
      await settled();
      expect([heard, first?.isLeading, second?.isLeading]).toEqual([[], true, false]);
    });

    it('[C1.4] the database fails under a leading tab: each goes on by itself', async () => {
      const browser = new FakeBrowser({ hasLocks });
      const [first] = await standing(browser, 1);
      const { draftId } = (await first?.tab.store.add(newDraft(1))) ?? newDraft(1);
      Object.defineProperty(browser.indexedDb, 'open', {
        value: () => {
          throw new DOMException('no', 'UnknownError');
        },
      });
      browser.indexedDb.deleteDatabase('wireroom:ws://chat/ws:outbox');
      await browser.pass(2 * outboxLookMs);
      expect([first?.tab.store.isDurable, first?.isLeading]).toEqual([false, true]);
      expect(await first?.candidacy.claim(draftId)).toBe(true);
    });
  },
);
