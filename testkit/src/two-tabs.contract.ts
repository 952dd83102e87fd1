// One person, two tabs, one browser, and what goes wrong: tabs that crash, close and reload while they send, a network that is
// away, a server that is killed. In the end the log holds every message once, in the order of typing, and the tabs show it.
// outbox.browser.test.ts runs it at localhost, with Web Locks; outbox-lan.browser.test.ts at a LAN's host name, where a browser has none.
import { rmSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findChromium, launchChromium } from './chromium.ts';
import { CuttableProxy } from './cuttable-proxy.ts';
import { Visitor } from './page-visitor.ts';
import { spawnServer, startTestServer, temporaryDir } from './server.ts';

export interface Place {
  /** `localhost`, or `chat.test`, which leads to this machine as well. */
  readonly host: 'localhost' | 'chat.test';
  readonly hasLocks: boolean;
}

/** A message that waits for its turn takes a round trip through the slow proxy: time to do something in the middle. */
const SLOW_MS = 40;

let browser: Browser;
let proxy: CuttableProxy;
let server: { readonly port: number; end(): Promise<unknown> };
let dataDir: string;
let tabs: Visitor[];
/** What was typed, by tab. */
let typed: Map<string, string[]>;

/** In a process of its own it can be killed; in this one it starts in no time. */
async function startServer(where: 'here' | 'in a process' = 'here'): Promise<void> {
  if (where === 'here') {
    const { port, stop } = await startTestServer({ DATA_DIR: dataDir });
    server = { port, end: stop };
  } else {
    const { port, end } = await spawnServer({ DATA_DIR: dataDir, LOG_LEVEL: 'warn' });
    server = { port, end: () => end('SIGKILL') };
  }
  proxy.target = server.port;
}

/** Ada opens the page in two tabs. */
async function openTwoTabs(host: string): Promise<readonly [Visitor, Visitor]> {
  // High enough for every message to be drawn at once: the list draws only what can be seen, and a little more.
  const viewport = { width: 700, height: 1_200 };
  const one = await Visitor.open(browser, `http://${host}:${proxy.port}/`, { viewport });
  tabs.push(one);
  await one.enter('Ada');
  return [one, await openTab(one)];
}

async function openTab(beside: Visitor): Promise<Visitor> {
  const tab = await beside.openTab();
  tabs.push(tab);
  await tab.composer.waitFor();
  return tab;
}

async function write(tab: Visitor, of: string, count: number): Promise<void> {
  const texts = typed.get(of) ?? [];
  typed.set(of, texts);
  for (let left = count; left > 0; left -= 1) {
    const text = `${of} ${texts.length + 1}`;
    texts.push(text);
    await tab.write(text);
  }
}

/** As the browser keeps it, for all tabs. */
const keptCount = (tab: Visitor): Promise<number> =>
  tab.page.evaluate(async () => {
    const [found] = (await indexedDB.databases()).filter(({ name }) => name?.endsWith(':outbox'));
    if (found?.name === undefined) return 0;
    const { name } = found;
    return await new Promise<number>((resolve, reject) => {
      const opening = indexedDB.open(name);
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => {
        const counting = opening.result.transaction('drafts').objectStore('drafts').count();
        counting.onsuccess = () => {
          opening.result.close();
          resolve(counting.result);
        };
      };
    });
  });

async function textsInLog(): Promise<readonly string[]> {
  const response = await fetch(`http://localhost:${server.port}/api/rooms/lobby/history`);
  const lines = (await response.text()).split('\n').filter((line) => line !== '');
  return lines
    .map((line) => JSON.parse(line))
    .flatMap(({ type, text }) => (type === 'message' ? [text] : []));
}

const eventually = (read: () => Promise<unknown>) => expect.poll(read, { interval: 50 });

/** What is wrong with the log, in words; empty when every message is there once and in order. */
async function complaints(): Promise<readonly string[]> {
  const log = await textsInLog();
  const all = [...typed.values()].flat();
  const lost = all.filter((text) => !log.includes(text)).map((text) => `lost: ${text}`);
  const doubled = log.filter((text, index) => log.indexOf(text) !== index).map((text) => `doubled: ${text}`);
  const misplaced = [...typed].flatMap(([of, texts]) => {
    const arrived = log.filter((text) => texts.includes(text));
    const inOrder = texts.filter((text) => arrived.includes(text));
    return doubled.length === 0 && arrived.join() !== inOrder.join()
      ? [`${of} in this order: ${arrived}`]
      : [];
  });
  return [...lost, ...doubled, ...misplaced];
}

/** The log is whole, and these tabs show it and nothing that waits. */
async function expectAllIn(...shown: readonly Visitor[]): Promise<void> {
  await eventually(complaints).toEqual([]);
  const log = await textsInLog();
  expect(log).toHaveLength([...typed.values()].flat().length);
  for (const tab of shown) await eventually(() => tab.texts()).toEqual(log);
  const [first] = shown;
  if (first !== undefined) await eventually(() => keptCount(first)).toBe(0);
}

/** The network is there again, and the browser says so. */
async function mend(...tabsThere: readonly Visitor[]): Promise<void> {
  proxy.mend();
  await Promise.all(
    tabsThere.map(({ page }) => page.evaluate(() => window.dispatchEvent(new Event('online')))),
  );
}

async function crash(tab: Visitor): Promise<void> {
  const crashed = tab.page.waitForEvent('crash');
  const session = await tab.page.context().newCDPSession(tab.page);
  await Promise.race([session.send('Page.crash').catch(() => {}), crashed]);
  await crashed;
}

export function describeTwoTabs({ host, hasLocks }: Place): void {
  describe.skipIf(!findChromium())(`two tabs of one browser at ${host}`, () => {
    beforeAll(async () => {
      browser = await launchChromium(['--host-resolver-rules=MAP chat.test 127.0.0.1']);
    });
    afterAll(() => browser?.close());
    beforeEach(async () => {
      tabs = [];
      typed = new Map();
      dataDir = temporaryDir();
      proxy = await CuttableProxy.start();
    });
    afterEach(async () => {
      await tabs[0]?.page.context().close();
      await proxy.close();
      await server.end();
      rmSync(dataDir, { recursive: true, force: true });
    });

    it('[C1] both write at once: every message once, and both show the same', async () => {
      await startServer();
      const [one, two] = await openTwoTabs(host);
      expect(await one.page.evaluate(() => 'locks' in navigator)).toBe(hasLocks);
      await Promise.all([write(one, 'one', 10), write(two, 'two', 10)]);
      await expectAllIn(one, two);
    });

    const SENT = 25;
    it.each(['one', 'two'] as const)(
      '[C1][C1.5] tab %s crashes while its messages are sent',
      async (which) => {
        await startServer();
        const [one, two] = await openTwoTabs(host);
        const [dying, living] = which === 'one' ? [one, two] : [two, one];
        proxy.delayMs = SLOW_MS;
        proxy.cut();
        // The first download starts a thread; the next ones are quick enough to see the middle.
        await textsInLog();
        await write(dying, which, SENT);
        await eventually(() => keptCount(living)).toBe(SENT);
        await mend(dying, living);
        await eventually(async () => (await textsInLog()).length).toBeGreaterThan(1);
        await crash(dying);
        expect((await textsInLog()).length).toBeLessThan(SENT);
        await write(living, which === 'one' ? 'two' : 'one', 3);
        await expectAllIn(living);
      },
    );

    it('[C1] written offline in one tab, which is closed; sent by the other one when the network is back', async () => {
      await startServer();
      const [one, two] = await openTwoTabs(host);
      proxy.cut();
      await write(one, 'one', 5);
      await write(two, 'two', 2);
      await write(one, 'one', 2);
      await eventually(() => keptCount(two)).toBe(9);
      await one.page.close();
      expect(await textsInLog()).toEqual([]);
      await mend(two);
      await expectAllIn(two);
    });

    it('[C1] written offline, both tabs closed; sent by one that is opened later', async () => {
      await startServer();
      const [one, two] = await openTwoTabs(host);
      const third = await one.page.context().newPage();
      proxy.cut();
      await write(two, 'two', 3);
      await write(one, 'one', 3);
      await eventually(() => keptCount(two)).toBe(6);
      await Promise.all([one.page.close(), two.page.close()]);
      proxy.mend();
      await third.goto(`http://${host}:${proxy.port}/`);
      await eventually(complaints).toEqual([]);
      expect(await textsInLog()).toHaveLength(6);
    });

    it('[C1] reloaded in the middle of sending, while the other tab writes', async () => {
      await startServer();
      const [one, two] = await openTwoTabs(host);
      proxy.delayMs = SLOW_MS;
      const writing = write(two, 'two', 10);
      await write(one, 'one', 10);
      await eventually(async () => (await textsInLog()).length).toBeGreaterThan(1);
      await one.page.reload();
      await one.composer.waitFor();
      await write(one, 'one', 5);
      await writing;
      await two.page.reload();
      await expectAllIn(one, two);
    });

    it('[C1][L2][L3] the server is killed and started again while both tabs write', async () => {
      await startServer('in a process');
      const [one, two] = await openTwoTabs(host);
      const writing = Promise.all([write(one, 'one', 10), write(two, 'two', 10)]);
      await eventually(async () => (await textsInLog()).length).toBeGreaterThan(3);
      await server.end();
      await startServer('in a process');
      await writing;
      await expectAllIn(one, two);
    });
  });
}
