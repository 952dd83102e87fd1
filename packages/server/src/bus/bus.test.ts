// The buses keep their contract; the one on PostgreSQL also says little, and comes back after it was cut off.
import { type RoomId, roomIdSchema } from '@wireroom/protocol';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { administer, openForTest, serverUrl, temporaryDatabase } from '../db/postgres.contract.ts';
import { openPostgres } from '../db/postgres.ts';
import { registerBusContract } from './bus.contract.ts';
import { MemoryBus } from './memory-bus.ts';
import { PostgresBus } from './postgres-bus.ts';

registerBusContract('memory', async () => {
  const bus = new MemoryBus();
  return { ends: [bus, bus], close: async () => {} };
});

const server = await serverUrl();
const room: RoomId = roomIdSchema.parse(`r_${'7'.repeat(22)}`);

describe.skipIf(server === undefined)('on PostgreSQL', () => {
  let database: Awaited<ReturnType<typeof temporaryDatabase>>;
  beforeAll(async () => {
    database = await temporaryDatabase(server ?? '');
  });
  afterAll(() => database.drop());

  async function openBus(onError: (error: unknown) => void = () => {}) {
    const opened = await openPostgres({ url: database.url, onError });
    const bus = await PostgresBus.open({ database: opened, onError });
    const close = async (): Promise<void> => {
      await bus.close();
      await opened.close();
    };
    return { bus, close };
  }

  registerBusContract('PostgreSQL', async () => {
    const [here, there] = [await openBus(), await openBus()];
    return {
      ends: [here.bus, there.bus],
      close: async () => {
        await Promise.all([here.close(), there.close()]);
      },
    };
  });

  it('[L9.7] sends one notice for all that is published at once, however many messages it were', async () => {
    const { bus, close } = await openBus();
    onTestFinished(close);
    const watcher = await openForTest(database.url);
    const notices: string[] = [];
    const session = await watcher.listen('wireroom', { told: (text) => notices.push(text), ended: () => {} });
    onTestFinished(() => session.end());
    for (let number = 0; number < 512; number += 1) bus.publish({ roomId: room, entries: [] });
    await expect.poll(() => notices.length).toBeGreaterThan(0);
    bus.publish({ roomId: room, entries: [] });
    await expect.poll(() => notices.length).toBe(2);
    expect(Buffer.byteLength(notices[0] ?? '')).toBeLessThan(8_000);
  });

  it('[L9.7] publishes on while it is cut off, and hears again by itself', async () => {
    const errors: unknown[] = [];
    const [here, there] = [await openBus(), await openBus((error) => errors.push(error))];
    onTestFinished(here.close);
    onTestFinished(there.close);
    const heard: RoomId[] = [];
    there.bus.subscribe(({ roomId }) => heard.push(roomId));
    await administer(
      database.url,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
    await expect.poll(() => errors.length).toBeGreaterThan(0);
    here.bus.publish({ roomId: room, entries: [] });
    await expect
      .poll(
        () => {
          here.bus.publish({ roomId: room, entries: [] });
          return heard.length;
        },
        { timeout: 10_000 },
      )
      .toBeGreaterThan(0);
  });
});
