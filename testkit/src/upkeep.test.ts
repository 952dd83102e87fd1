// Backup, restore and verify as their user types them: a copy under load, a server that is killed, and a client that is told to
// read anew.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { commandLine } from './command-line.ts';
import { NativeClient } from './native-client.ts';
import { spawnServer } from './server.ts';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** What it printed, and its exit code. */
function wireroom(dataDir: string, ...args: readonly string[]): Promise<{ code: number; text: string }> {
  const env = { ...process.env, DATA_DIR: dataDir, DATABASE_URL: '' };
  return new Promise((resolve) => {
    execFile(process.execPath, commandLine(...args), { env }, (error, stdout, stderr) => {
      resolve({
        code: typeof error?.code === 'number' ? error.code : error === null ? 0 : 1,
        text: stdout + stderr,
      });
    });
  });
}

describe('a backup by its user', () => {
  it('[D7] [D8] [D9] is made under load, outlives the database, and tells clients to read anew', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wireroom-upkeep-'));
    cleanUps.push(() => rmSync(folder, { recursive: true, force: true }));
    const [dataDir, file] = [join(folder, 'data'), join(folder, 'copy.sqlite')];
    const serve = async () => {
      const server = await spawnServer({ DATA_DIR: dataDir, SOCKET_PORT: 'off' });
      cleanUps.push(() => server.end('SIGKILL'));
      return { server, url: `ws://localhost:${server.port}/ws` };
    };
    const first = await serve();
    const ada = await NativeClient.enter(first.url, 'Ada');
    const load = { isOn: true, slowestMs: 0, count: 0 };
    const posting = (async () => {
      for (; load.isOn; load.count += 1) {
        const at = performance.now();
        await ada.post(`message ${load.count}`);
        load.slowestMs = Math.max(load.slowestMs, performance.now() - at);
      }
    })();
    const backup = await wireroom(dataDir, 'backup', file);
    load.isOn = false;
    await posting;
    expect(backup).toMatchObject({ code: 0, text: expect.stringContaining('read back and found sound') });
    expect(load.slowestMs).toBeLessThan(5_000);
    const joined = await ada.ask({ type: 'join', room: 'lobby' });
    const cursor = joined.position;
    await first.server.end('SIGKILL');

    const restored = await wireroom(dataDir, 'restore', file, '--replace');
    expect(restored.code).toBe(0);
    const digest = /sha256 (\w+)/.exec(backup.text)?.[1] ?? 'none';
    expect(restored.text).toContain(digest);
    const second = await serve();
    const again = await NativeClient.enter(second.url, 'Bo');
    expect(await again.ask({ type: 'join', room: 'lobby', cursor })).toMatchObject({ resume: 'reset' });
    expect(await again.post('after the restore')).toMatchObject({ type: 'posted' });
  }, 120_000);
});
