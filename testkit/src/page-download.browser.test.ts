// The download dialog in a real Chromium: each format comes whole, and what is paused or reloaded goes on where it stood. What is saved is
// judged by the verifier, which knows nothing of how it came.
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type HistoryFormat, type HistoryVerdict, historyVerifier } from '@wireroom/history';
import type { Download } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { findChromium } from './chromium.ts';
import { NativeClient } from './native-client.ts';
import type { Visitor } from './page-visitor.ts';
import { PageVisits } from './page-visits.ts';

/** As in Firefox, in Safari, and on plain http: the page cannot write a file of the reader's choice. */
const NO_PICKER = `Object.defineProperty(window, 'showSaveFilePicker', { value: undefined });`;
/** A file that the reader has chosen, without the browser's window in which one does: in the page's own corner of the disk. */
const OWN_PICKER = `Object.defineProperty(window, 'showSaveFilePicker', {
  value: async ({ suggestedName }) =>
    (await navigator.storage.getDirectory()).getFileHandle(suggestedName, { create: true }),
});`;

const FORMATS: readonly (readonly [HistoryFormat, string, string])[] = [
  ['jsonl', 'JSON Lines', 'lobby-history.jsonl'],
  ['html', 'Web page', 'lobby-history.html'],
  ['text', 'Plain text', 'lobby-history.txt'],
  ['csv', 'Spreadsheet (CSV)', 'lobby-history.csv'],
  ['markdown', 'Markdown', 'lobby-history.md'],
];

/** So slow that there is time to disturb what comes: bytes in a second. */
const SLOW = 250_000;
/** Random, so that it hardly gets smaller on its way. */
const MESSAGE_BYTES = 9_000;
const MESSAGES = 200;
const POSTED_AT_ONCE = 50;

const visits = new PageVisits();

async function fill(url: string): Promise<void> {
  const program = await NativeClient.enter(`${url.replace('http', 'ws')}/ws`, 'program');
  for (let at = 0; at < MESSAGES; at += POSTED_AT_ONCE) {
    const texts = Array.from({ length: POSTED_AT_ONCE }, () => randomBytes(MESSAGE_BYTES).toString('base64'));
    await Promise.all(texts.map((text) => program.post(text)));
  }
  await program.close();
}

async function slowDown({ page }: Visitor, bytesPerSecond: number): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.emulateNetworkConditions', {
    ...{ offline: false, latency: 0, uploadThroughput: -1 },
    downloadThroughput: bytesPerSecond,
  });
}

async function openDialog(visitor: Visitor): Promise<void> {
  await visitor.openMenu();
  await visitor.page.getByRole('menuitem', { name: 'Download the history' }).click();
  await visitor.page.getByText(/records?, about/).waitFor();
}

const press = ({ page }: Visitor, name: string): Promise<void> =>
  page.getByRole('dialog').getByRole('button', { name, exact: true }).click();

const progressOf = async ({ page }: Visitor): Promise<number> =>
  Number(await page.getByRole('progressbar').getAttribute('aria-valuenow'));

const hasComeTo = (visitor: Visitor, percent: number): Promise<void> =>
  expect.poll(() => progressOf(visitor)).toBeGreaterThanOrEqual(percent);

const isDone = ({ page }: Visitor): Promise<void> =>
  page.getByRole('heading', { name: 'Downloaded and verified' }).waitFor();

const verdictOf = (bytes: Uint8Array): HistoryVerdict => {
  const verifier = historyVerifier();
  verifier.push(bytes);
  return verifier.finish();
};

const savedBytes = async (coming: Promise<Download>): Promise<Buffer> =>
  readFile(await (await coming).path());

/** What the dialog says is what is in the file. */
async function expectWhole(visitor: Visitor, bytes: Uint8Array): Promise<void> {
  const verdict = verdictOf(bytes);
  expect(verdict.problems).toEqual([]);
  const dialog = visitor.page.getByRole('dialog');
  const count = new Intl.NumberFormat('en').format(verdict.records);
  expect(await dialog.getByText(/^Verified: /).textContent()).toBe(`Verified: ${count} records.`);
  expect(await dialog.getByText(verdict.sha256 ?? 'none').count()).toBe(1);
}

describe.skipIf(!findChromium())('the download dialog', () => {
  describe('in a browser without a file picker', () => {
    visits.aroundTests();

    it('gives the history in each format, verified, while one chats on', async () => {
      const ada = await visits.visitAs('Ada', { initScript: NO_PICKER });
      for (const words of ['first', '<script>alert(1)</script>', '=1+1']) await ada.write(words);
      await ada.inLog('=1+1').waitFor();
      for (const [format, label, fileName] of FORMATS) {
        await openDialog(ada);
        await ada.page.getByRole('radio', { name: label }).check();
        await ada.page.getByText('4 records, about').waitFor();
        const coming = ada.page.waitForEvent('download');
        await press(ada, 'Download');
        await isDone(ada);
        const bytes = await savedBytes(coming);
        expect((await coming).suggestedFilename()).toBe(fileName);
        expect(verdictOf(bytes).format).toBe(format);
        await expectWhole(ada, bytes);
        await press(ada, 'Done');
        // Nothing stays behind in the browser.
        await expect.poll(() => ada.page.evaluate(countOfKept)).toBe(0);
      }
    });

    it('gives only what was asked for', async () => {
      const ada = await visits.visitAs('Ada', { initScript: NO_PICKER });
      const lin = await visits.visitAs('Lin');
      await ada.write('from Ada');
      await lin.write('from Lin');
      await ada.inLog('from Lin').waitFor();
      await openDialog(ada);
      await ada.page.getByRole('radio', { name: 'Last 7 days' }).check({ force: true });
      await ada.page.getByRole('combobox', { name: 'Only from' }).fill('Lin');
      await ada.page.getByText('2 records, about').waitFor();
      const coming = ada.page.waitForEvent('download');
      await press(ada, 'Download');
      await isDone(ada);
      const text = (await savedBytes(coming)).toString();
      expect(text).toContain('from Lin');
      expect(text).not.toContain('from Ada');
    });

    it('pauses, goes on after a reload, and shows beside the chat how far it is', async () => {
      await fill(visits.server.url);
      const ada = await visits.visitAs('Ada', { initScript: NO_PICKER });
      await openDialog(ada);
      await slowDown(ada, SLOW);
      await press(ada, 'Download');
      await hasComeTo(ada, 10);
      await press(ada, 'Pause');
      const paused = await progressOf(ada);
      await press(ada, 'Continue');
      await hasComeTo(ada, paused + 10);
      await press(ada, 'Close');
      await ada.write('meanwhile');
      await ada.inLog('meanwhile').waitFor();
      await ada.page
        .getByRole('button', { name: /^Show the download: Downloading Lobby, \d+ % downloaded$/ })
        .waitFor();

      await ada.page.reload();
      await ada.page.getByText(/^Your download of Lobby stopped at \d+ %\.$/).waitFor();
      const coming = ada.page.waitForEvent('download');
      await ada.page.getByRole('button', { name: 'Continue' }).click();
      await ada.page.getByRole('button', { name: /^Show the download/ }).click();
      await isDone(ada);
      const bytes = await savedBytes(coming);
      await expectWhole(ada, bytes);
      // It is of the moment at which it began.
      expect(bytes.toString()).not.toContain('meanwhile');
      await press(ada, 'Done');
      await expect.poll(() => ada.page.evaluate(countOfKept)).toBe(0);
      await ada.page.reload();
      await ada.composer.waitFor();
      expect(await ada.page.getByRole('button', { name: /^Show the download/ }).count()).toBe(0);
    });

    it('is gone when it is discarded', async () => {
      await fill(visits.server.url);
      const ada = await visits.visitAs('Ada', { initScript: NO_PICKER });
      await openDialog(ada);
      await slowDown(ada, SLOW);
      await press(ada, 'Download');
      await hasComeTo(ada, 10);
      await press(ada, 'Cancel the download');
      await ada.page.getByRole('heading', { name: 'Download the history' }).waitFor();
      await expect.poll(() => ada.page.evaluate(countOfKept)).toBe(0);
    });
  });

  describe('with a file of the reader’s choice', () => {
    visits.aroundTests();

    const bytesInFile = async ({ page }: Visitor): Promise<Buffer> => {
      const text = await page.evaluate(async () => {
        const folder = await navigator.storage.getDirectory();
        return (await (await folder.getFileHandle('lobby-history.jsonl')).getFile()).text();
      });
      return Buffer.from(text);
    };

    it('writes into it as it comes, and goes on with it after a reload', async () => {
      await fill(visits.server.url);
      const ada = await visits.visitAs('Ada', { initScript: OWN_PICKER });
      await openDialog(ada);
      await ada.page.getByText('Your browser asks where to save it.').waitFor();
      await slowDown(ada, SLOW);
      await press(ada, 'Download');
      await hasComeTo(ada, 15);
      await press(ada, 'Pause');
      await expect.poll(async () => (await bytesInFile(ada)).length).toBeGreaterThan(100_000);
      await ada.page.reload();
      await ada.page.getByText(/^Your download of Lobby stopped at \d\d %\.$/).waitFor();
      await ada.page.getByRole('button', { name: 'Continue' }).click();
      await ada.page.getByRole('button', { name: /^Show the download/ }).click();
      await isDone(ada);
      await expectWhole(ada, await bytesInFile(ada));
    });
  });
});

/** Downloads and chunks in the browser's store. Runs in the page. */
async function countOfKept(): Promise<number> {
  const found = await indexedDB.databases();
  if (!found.some(({ name }) => name === 'wireroom-downloads')) return 0;
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open('wireroom-downloads');
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const names = [...database.objectStoreNames];
  const transaction = database.transaction(names);
  const counts = names.map(
    (name) =>
      new Promise<number>((resolve) => {
        const request = transaction.objectStore(name).count();
        request.onsuccess = () => resolve(request.result);
      }),
  );
  const total = (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  database.close();
  return total;
}
