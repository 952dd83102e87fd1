// The server is killed in the middle of a download that a page is fetching: the page says so, goes on by itself at the next one, and
// after a reload where it stood. How far a download comes is set by a proxy, not by a clock.
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findChromium } from './chromium.ts';
import { CuttableProxy } from './cuttable-proxy.ts';
import { DownloadDialog, NO_PICKER, verdictOf } from './download-dialog.ts';
import { NativeClient } from './native-client.ts';
import type { Visitor } from './page-visitor.ts';
import { PageVisits } from './page-visits.ts';
import { type SpawnedServer, spawnServer } from './server.ts';

/** Random, so that it hardly gets smaller on its way. */
const MESSAGE_BYTES = 12_000;
const MESSAGES = 1_200;
const POSTED_AT_ONCE = 50;
/** A fifth of it. */
const HELD_AFTER_BYTES = 3_000_000;

const visits = new PageVisits();
let server: SpawnedServer;
let proxy: CuttableProxy;

async function startAgain(dataDir: string): Promise<void> {
  const settings = { DATA_DIR: dataDir, PORT: '0', SOCKET_PORT: 'off', LOG_LEVEL: 'info' };
  server = await spawnServer(settings);
  proxy.target = server.port;
  proxy.mend();
}

/** With all that was on its way. How much of it the system had taken off the server in advance is not for a page to see: it has not come. */
async function killServer(): Promise<void> {
  await server.end('SIGKILL');
  proxy.cut();
  expect(server.stdout() + server.stderr()).toContain('a download begins');
}

async function fill(port: number): Promise<void> {
  const program = await NativeClient.enter(`ws://localhost:${port}/ws`, 'program');
  for (let at = 0; at < MESSAGES; at += POSTED_AT_ONCE) {
    const texts = Array.from({ length: POSTED_AT_ONCE }, () => randomBytes(MESSAGE_BYTES).toString('base64'));
    await Promise.all(texts.map((text) => program.post(text)));
  }
  await program.close();
}

const handedOver = async ({ page }: Visitor): Promise<() => Promise<Buffer>> => {
  const coming = page.waitForEvent('download', { timeout: 300_000 });
  return async () => readFile(await (await coming).path());
};

describe.skipIf(!findChromium())('a server that is killed while a page downloads', () => {
  visits.aroundTests();

  beforeEach(async () => {
    const inProcess = visits.server;
    await inProcess.stop();
    proxy = await CuttableProxy.start();
    await startAgain(inProcess.dataDir);
    const stop = async (): Promise<void> => {
      await server.end('SIGKILL');
    };
    visits.server = { ...inProcess, url: `http://localhost:${proxy.port}`, stop };
    await fill(server.port);
  }, 120_000);
  afterEach(async () => {
    await proxy.close();
  });

  it('[H3.3][H3.4] what has come is kept, and gone on with, also after a reload', {
    timeout: 600_000,
  }, async () => {
    const { dataDir } = visits.server;
    const ada = await visits.visitAs('Ada', { initScript: NO_PICKER });
    const dialog = new DownloadDialog(ada);
    await dialog.open();
    proxy.heldAfterBytes = HELD_AFTER_BYTES;
    await dialog.press('Download');
    await dialog.hasComeTo(8);

    await killServer();
    await dialog.isTitled('Waiting');
    const first = await dialog.percent();
    expect(first).toBeLessThan(60);
    await startAgain(dataDir);
    await dialog.hasComeTo(first + 8);

    await killServer();
    await dialog.isTitled('Waiting');
    expect(await dialog.percent()).toBeLessThan(90);
    await startAgain(dataDir);
    proxy.heldAfterBytes = Number.POSITIVE_INFINITY;
    await ada.page.reload();
    const bytes = await handedOver(ada);
    await dialog.goOnWithKept();
    await dialog.isDone();

    const verdict = verdictOf(await bytes());
    expect(verdict.problems).toEqual([]);
    expect(verdict.isWhole).toBe(true);
    expect(verdict.records).toBeGreaterThan(MESSAGES);
    await dialog.says(`Verified: ${new Intl.NumberFormat('en').format(verdict.records)} records.`);
    await dialog.says(verdict.sha256 ?? 'none');
  });
});
