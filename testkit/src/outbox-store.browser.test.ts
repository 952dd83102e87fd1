// The outbox's store in a real Chromium: real IndexedDB, real Web Locks or none, tabs that really die. Nobody sends here;
// outbox.browser.test.ts has the whole page do it.
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findChromium, launchChromium } from './chromium.ts';
import type { HeldOutbox } from './outbox-page.fixture.ts';

declare const held: HeldOutbox;

const PLACES = [
  { place: 'http://localhost:8080/', hasLocks: true },
  { place: 'http://chat.test:8080/', hasLocks: false },
] as const;

let browser: Browser;
let script: string;
let context: BrowserContext;

/** The page's program as the browser gets it: one file. */
async function bundled(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    resolve: { conditions: ['@wireroom/source', 'browser'] },
    build: {
      write: false,
      lib: { entry: fileURLToPath(new URL('outbox-page.fixture.ts', import.meta.url)), formats: ['es'] },
      rolldownOptions: { output: { codeSplitting: false } },
    },
  });
  const outputs = (Array.isArray(result) ? result : [result]).flatMap((each) =>
    'output' in each ? each.output : [],
  );
  const chunk = outputs.find((output) => output.type === 'chunk');
  if (chunk === undefined) throw new Error('The program of the page was not built.');
  return chunk.code;
}

async function openTab(place: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(place);
  return page;
}

/** It stands for leading, after all that stand already. */
async function standingTab(place: string): Promise<Page> {
  const page = await openTab(place);
  await page.evaluate(() => held.stand());
  // Its own place among those who wait is taken by the time that the database has answered.
  await page.evaluate(() => held.names());
  return page;
}

const leads = (page: Page): Promise<boolean> => page.evaluate(() => held.leads.at(-1) ?? false);
const names = (page: Page): Promise<readonly string[]> => page.evaluate(() => held.names());
const eventually = (read: () => Promise<unknown>) => expect.poll(read, { interval: 20 });

async function crash(page: Page): Promise<void> {
  const crashed = page.waitForEvent('crash');
  const session = await context.newCDPSession(page);
  await Promise.race([session.send('Page.crash').catch(() => {}), crashed]);
  await crashed;
}

describe.skipIf(!findChromium())('the store of the outbox in Chromium', () => {
  beforeAll(async () => {
    [browser, script] = await Promise.all([launchChromium(), bundled()]);
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    context = await browser.newContext();
    await context.route('**/*', (route) =>
      route.fulfill(
        route.request().url().endsWith('/program.js')
          ? { contentType: 'text/javascript', body: script }
          : {
              contentType: 'text/html',
              body: '<!doctype html><title>outbox</title><script type="module" src="/program.js"></script>',
            },
      ),
    );
  });
  afterEach(() => context.close());

  describe.each(PLACES)('at $place', ({ place, hasLocks }) => {
    it('[C1.1] two tabs that write at once: one order, and each tab in its own', async () => {
      const [one, two] = [await openTab(place), await openTab(place)];
      expect(await one.evaluate(() => held.hasLocks)).toBe(hasLocks);
      const ofTab = (tab: string): readonly string[] =>
        Array.from({ length: 50 }, (_, number) => `${tab}-draft-${String(number).padStart(2, '0')}`);
      await Promise.all([
        one.evaluate((all) => held.addMany(all), ofTab('one')),
        two.evaluate((all) => held.addMany(all), ofTab('two')),
      ]);
      const all = await names(one);
      expect(await names(two)).toEqual(all);
      for (const tab of ['one', 'two'])
        expect(all.filter((name) => name.startsWith(tab))).toEqual(ofTab(tab));
      expect(all).toHaveLength(100);
    });

    it('[C1.5] a tab that crashes while it leads: another one leads, and has what was kept', async () => {
      const [one, two] = [await standingTab(place), await standingTab(place)];
      await eventually(() => leads(one)).toBe(true);
      await one.evaluate(() => held.add('kept-by-one'));
      const before = Date.now();
      await crash(one);
      await eventually(() => leads(two)).toBe(true);
      expect(Date.now() - before).toBeLessThan(hasLocks ? 2_000 : 8_000);
      expect(await names(two)).toEqual(['kept-by-one']);
      expect(await two.evaluate(() => held.claim('kept-by-one'))).toBe(true);
    });

    it.each(['closed', 'reloaded', 'elsewhere'] as const)(
      '[C1.5] a tab that is %s gives it up at once',
      async (how) => {
        const [one, two] = [await standingTab(place), await standingTab(place)];
        await eventually(() => leads(one)).toBe(true);
        expect(await leads(two)).toBe(false);
        if (how === 'closed') await one.close({ runBeforeUnload: false });
        if (how === 'reloaded') await one.reload();
        if (how === 'elsewhere') await one.goto('about:blank');
        await expect.poll(() => leads(two), { timeout: 1_500, interval: 20 }).toBe(true);
      },
    );

    it('[C1.5] all tabs crash, and one that is opened afterwards leads and has what was kept', async () => {
      const one = await standingTab(place);
      await one.evaluate(() => held.add('kept-by-one'));
      await crash(one);
      const two = await standingTab(place);
      await eventually(() => leads(two)).toBe(true);
      expect(await names(two)).toEqual(['kept-by-one']);
    });

    it('[C1.5] a tab that the browser freezes gives it up, and stands again when it is woken', async () => {
      const [one, two] = [await standingTab(place), await standingTab(place)];
      await eventually(() => leads(one)).toBe(true);
      await one.evaluate(() => held.add('kept-by-one'));
      // What Chromium tells a page before it freezes it; in a window without a screen it freezes none.
      await one.evaluate(() => document.dispatchEvent(new Event('freeze')));
      expect(await one.evaluate(() => held.leads)).toEqual([true, false]);
      await eventually(() => leads(two)).toBe(true);
      expect(await one.evaluate(() => held.claim('kept-by-one'))).toBe(false);
      await one.evaluate(() => document.dispatchEvent(new Event('resume')));
      // Two leads on, unless this machine is so busy that its answer takes longer than leaseAnswerMs: then one may take it from
      // two, though two lives. What is promised either way: one of them leads, the other knows that it does not, and only
      // the one that leads may send.
      const leading = (): Promise<readonly boolean[]> => Promise.all([leads(one), leads(two)]);
      const claiming = (): Promise<readonly (boolean | undefined)[]> =>
        Promise.all([one, two].map((page) => page.evaluate(() => held.claim('kept-by-one'))));
      await eventually(async () => [await leading(), await claiming(), await leading()]).toSatisfy(
        ([before, may, after]) =>
          before.filter(Boolean).length === 1 && `${before}` === `${may}` && `${may}` === `${after}`,
      );
      await two.close();
      await eventually(() => leads(one)).toBe(true);
    });

    it('[C1.6] a tab that sleeps without a word: another one leads, and it may send nothing when it is awake', async () => {
      const [one, two] = [await standingTab(place), await standingTab(place)];
      await eventually(() => leads(one)).toBe(true);
      await one.evaluate(() => held.add('kept-by-one'));
      // A breakpoint at whatever it does next: to the other tabs, a tab that does nothing any more.
      const session = await context.newCDPSession(one);
      await session.send('Debugger.enable');
      await session.send('Debugger.pause');
      await eventually(() => leads(two)).toBe(true);
      await session.send('Debugger.disable');
      expect(await one.evaluate(() => held.claim('kept-by-one'))).toBe(false);
      await eventually(() => one.evaluate(() => held.leads)).toEqual([true, false]);
      expect(await two.evaluate(() => held.claim('kept-by-one'))).toBe(true);
    });

    it('[C1.7] the other tab hears of what is kept and removed', async () => {
      const [one, two] = [await openTab(place), await openTab(place)];
      // Whoever watches has looked first: the store is opened by that.
      expect(await names(two)).toEqual([]);
      await one.evaluate(() => held.add('kept-by-one'));
      await eventually(() => two.evaluate(() => held.changeCount())).toBe(1);
      await one.evaluate(() => held.remove('kept-by-one'));
      await eventually(() => two.evaluate(() => held.changeCount())).toBe(2);
      expect(await names(two)).toEqual([]);
    });

    it('[C1.4] a disk that is full: drafts are kept in memory, and the tab leads', async () => {
      const one = await openTab(place);
      const session = await context.newCDPSession(one);
      const origin = new URL(place).origin;
      await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1_000 });
      await one.evaluate(() => held.addMany(['kept-first', 'kept-second']));
      expect(await names(one)).toEqual(['kept-first', 'kept-second']);
      expect(await one.evaluate(() => held.isDurable())).toBe(false);
      await one.evaluate(() => held.stand());
      await eventually(() => leads(one)).toBe(true);
      expect(await one.evaluate(() => held.claim('kept-first'))).toBe(true);
    });
  });
});
