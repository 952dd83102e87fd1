// The store's health on a disk that refuses and is well again, with both drivers; faults are set at the border to the driver, and
// time is in the test's hand.
import { join } from 'node:path';
import { LIMITS } from '@wireroom/protocol';
import { describe, expect, it, onTestFinished } from 'vitest';
import { InlineThread } from './db/inline-thread.ts';
import { attachProbe } from './db/probe.ts';
import type { SqliteDriver } from './db/sqlite.ts';
import { SqliteClient } from './db/sqlite-client.ts';
import { driversHere, tappedDriver, temporaryFolder } from './db/sqlite-driver.contract.ts';
import { newCounts } from './lib/counts.ts';
import { HandTimers } from './lib/hand-timers.fixture.ts';
import { authorNamed, draftOf } from './log/log-samples.contract.ts';
import { SqliteLog } from './log/sqlite-log.ts';
import { PROBE_MS, StoreHealth } from './store-health.ts';

const ann = authorNamed('Ann');
const FULL = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });

/** Time passes, and what it sets going is through. */
async function pass(timers: HandTimers, ms: number): Promise<void> {
  timers.pass(ms);
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe.each(driversHere())('the health of a store on $name', (driver) => {
  async function open() {
    const disk = { isFull: false, pagesMax: (_count: number): void => undefined };
    const tapped = tappedDriver(driver, (sql) => {
      if (disk.isFull && /^(INSERT INTO entries|PRAGMA user_version)/.test(sql)) throw FULL;
    });
    const faulty: SqliteDriver = {
      name: driver.name,
      open: (path) => {
        const database = tapped.open(path);
        disk.pagesMax = (count) => database.exec(`PRAGMA max_page_count = ${count}`);
        return database;
      },
    };
    const { counts, timers } = { counts: newCounts().store, timers: new HandTimers() };
    const health = new StoreHealth(counts, timers);
    const file = join(temporaryFolder(), 'room.sqlite');
    const client = await SqliteClient.over(new InlineThread(file, faulty), {
      onFailure: (error) => {
        throw error;
      },
      watch: health,
    });
    onTestFinished(() => client.close());
    health.probeBy(attachProbe(client));
    const log = new SqliteLog(client);
    const room = await log.ensureRoom({ slug: 'lobby', title: 'Lobby' });
    await log.join(room.roomId, ann);
    return { disk, counts, timers, health, log, room };
  }

  it('[M8] storage-failed holds until something has been written again, though nobody posts', async () => {
    const { disk, counts, timers, health, log, room } = await open();
    expect(health.isFailing).toBe(false);
    disk.isFull = true;
    await expect(log.post(draftOf(room, ann, 'lost'))).rejects.toMatchObject({ code: 'storage-failed' });
    expect(health.isFailing).toBe(true);
    const failures = counts.failures;
    await pass(timers, PROBE_MS);
    // Asked, and refused again.
    expect(health.isFailing).toBe(true);
    expect(counts.failures).toBe(failures + 1);
    disk.isFull = false;
    await pass(timers, PROBE_MS);
    expect(health.isFailing).toBe(false);
    // Well: nobody is asked any more.
    const { count } = counts.commitSeconds;
    await pass(timers, 10 * PROBE_MS);
    expect(counts.commitSeconds.count).toBe(count);
  });

  it('[M8] a draft that is repeated writes nothing and proves nothing', async () => {
    const { disk, health, log, room } = await open();
    const draft = draftOf(room, ann, 'stored');
    await log.post(draft);
    // Less than it has already: it cannot grow.
    disk.pagesMax(1);
    const content = { type: 'message', text: 'x'.repeat(LIMITS.textBytesMax) } as const;
    await expect(log.post({ ...draftOf(room, ann, 'lost'), content })).rejects.toMatchObject({
      code: 'storage-failed',
    });
    expect((await log.post(draft)).isRepeat).toBe(true);
    expect(health.isFailing).toBe(true);
  });

  it('[M5] counts each commit with its size and its time', async () => {
    const { counts, log, room } = await open();
    const before = { commits: counts.batchSizes.count, operations: counts.batchSizes.sum };
    await Promise.all(['a', 'b', 'c'].map((text) => log.post(draftOf(room, ann, text))));
    expect(counts.batchSizes.sum - before.operations).toBe(3);
    expect(counts.batchSizes.count - before.commits).toBeLessThanOrEqual(3);
    expect(counts.commitSeconds.count).toBe(counts.batchSizes.count);
    expect(counts.commitSeconds.sum).toBeGreaterThan(0);
    expect(Math.abs(counts.committedAt / 1000 - Date.now())).toBeLessThan(60_000);
  });
});
