// A history that is several web pages, saved by the page as one zip: read by a reader that shares nothing with its writer, each page
// of it proven, and opened from the disk, from one to the next.
import { mkdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findChromium } from './chromium.ts';
import { DownloadDialog, NO_PICKER, verdictOf } from './download-dialog.ts';
import { fillRoom } from './filled-room.ts';
import { PageVisits } from './page-visits.ts';
import { spawnServer } from './server.ts';
import { readZip } from './zip-reader.ts';

/** A page has 20,000 records at most; of what is filled in, a quarter is none there (edits, reactions). */
const ENTRIES = 58_000;
const PARTS = 3;

const visits = new PageVisits();

describe.skipIf(!findChromium())('a history in several web pages', () => {
  visits.aroundTests();

  it('[H2.5] is saved as a zip whose pages are whole, lead to each other and open offline', {
    timeout: 600_000,
  }, async () => {
    const { dataDir } = visits.server;
    await visits.server.stop();
    await fillRoom(dataDir, { entries: ENTRIES, textChars: 20 });
    const spawned = await spawnServer({
      DATA_DIR: dataDir,
      SOCKET_PORT: 'off',
      LOG_LEVEL: 'silent',
    });
    const stop = async (): Promise<void> => void (await spawned.end('SIGKILL'));
    visits.server = { ...visits.server, url: `http://localhost:${spawned.port}`, stop };
    const ada = await visits.visitAs('Ada', { initScript: NO_PICKER });
    const dialog = new DownloadDialog(ada);
    await dialog.open();
    await ada.page.getByRole('radio', { name: 'Web page' }).check();
    await dialog.says(`${PARTS} web pages that lead to each other, packed into one zip file`);
    const coming = ada.page.waitForEvent('download', { timeout: 300_000 });
    await dialog.press('Download');
    await dialog.isDone();
    await dialog.says(`${PARTS} web pages, each with a SHA-256 of its own in its last line.`);
    expect((await coming).suggestedFilename()).toBe('lobby-history.zip');

    const pages = readZip(await readFile(await (await coming).path()));
    const names = [...pages.keys()];
    expect(names).toHaveLength(PARTS);
    expect(names[0]).toBe('lobby.html');
    const verdicts = [...pages.values()].map(verdictOf);
    expect(verdicts.map(({ isWhole, format }) => ({ isWhole, format }))).toEqual(
      names.map(() => ({ isWhole: true, format: 'html' })),
    );
    const records = verdicts.reduce((sum, verdict) => sum + verdict.records, 0);
    await dialog.says(`Verified: ${new Intl.NumberFormat('en').format(records)} records.`);

    const folder = join(dataDir, 'unpacked');
    mkdirSync(folder);
    for (const [name, bytes] of pages) writeFileSync(join(folder, name), bytes);
    const addressOf = (name = ''): string => pathToFileURL(join(folder, name)).href;
    const reader = await visits.visit({ offline: true }, addressOf(names[0]));
    for (const [at, { records: count }] of verdicts.entries()) {
      await reader.page.waitForURL(addressOf(names[at]));
      expect(await reader.page.locator('article').count()).toBe(count);
      const next = names[at + 1];
      if (next !== undefined) await reader.page.locator(`.parts a[href="${next}"]`).first().click();
    }
    await reader.page
      .locator(`.parts a[href="${names[PARTS - 2]}"]`)
      .first()
      .click();
    await reader.page.waitForURL(addressOf(names[PARTS - 2]));
  });
});
