// The border between the two threads: what is acknowledged when, what a dead thread means, and how it all ends.
// Where a moment must be held still, a port in between holds the thread's answers back. The thread is a real one where
// that matters, and otherwise one on this test's own thread, which starts sooner.
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { authorNamed, draftOf } from '../log/log-samples.contract.ts';
import { SqliteLog } from '../log/sqlite-log.ts';
import { InlineThread } from './inline-thread.ts';
import { openSqlite, SqliteClient } from './sqlite-client.ts';
import { temporaryFolder } from './sqlite-driver.contract.ts';
import type { FromThread, PortListener, ThreadPort, ToThread } from './thread-port.ts';
import { WorkerPort } from './worker-port.ts';

const unexpected = (error: Error): never => {
  throw error;
};

/** Passes everything on, but keeps answers back while `isHeld`. */
class HeldPort implements ThreadPort {
  readonly #port: ThreadPort;
  readonly #held: FromThread[] = [];
  #listener: PortListener | undefined;
  #onHeld: (() => void) | undefined;
  isHeld = false;
  sent: ToThread[] = [];

  constructor(port: ThreadPort) {
    this.#port = port;
  }

  listen(listener: PortListener): void {
    this.#listener = listener;
    this.#port.listen({
      message: (message) => {
        if (!this.isHeld) return listener.message(message);
        this.#held.push(message);
        this.#onHeld?.();
      },
      ended: (error) => listener.ended(error),
    });
  }

  send(message: ToThread): void {
    this.sent.push(message);
    this.#port.send(message);
  }

  /** Resolves when the thread has answered, and its answer is held. */
  answered(): Promise<void> {
    return new Promise((resolve) => {
      this.#onHeld = resolve;
    });
  }

  release(): void {
    this.isHeld = false;
    for (const message of this.#held.splice(0)) this.#listener?.message(message);
  }
}

async function lobbyOn(client: SqliteClient) {
  const log = new SqliteLog(client);
  const room = await log.ensureRoom({ slug: 'lobby', title: 'Lobby' });
  const ann = authorNamed('Ann');
  await log.join(room.roomId, ann);
  return { log, room, ann };
}

describe('the database client', () => {
  it('[L2.1] lets no acknowledgement out while the answer of the commit is held back', async () => {
    const port = new HeldPort(new WorkerPort(join(temporaryFolder(), 'room.sqlite')));
    const client = await SqliteClient.over(port, { onFailure: unexpected });
    onTestFinished(() => client.close());
    const { log, room, ann } = await lobbyOn(client);
    port.isHeld = true;
    const acknowledged: number[] = [];
    const posts = [1, 2, 3].map((number) =>
      log.post(draftOf(room, ann, `held ${number}`)).then(({ entry }) => acknowledged.push(entry.seq)),
    );
    await port.answered();
    await new Promise((resolve) => setImmediate(resolve));
    expect(acknowledged).toEqual([]);
    port.release();
    await Promise.all(posts);
    expect(acknowledged).toEqual([2, 3, 4]);
  });

  it('[L2.3] sends what waited during one commit as one batch of the next', async () => {
    const port = new HeldPort(new InlineThread(join(temporaryFolder(), 'room.sqlite')));
    const client = await SqliteClient.over(port, { onFailure: unexpected });
    onTestFinished(() => client.close());
    const { log, room, ann } = await lobbyOn(client);
    port.sent = [];
    await Promise.all(
      Array.from({ length: 600 }, (_, index) => log.post(draftOf(room, ann, `many ${index}`))),
    );
    const sizes = port.sent.map((message) => (message.type === 'run' ? message.calls.length : 0));
    expect(sizes).toEqual([1, 512, 87]);
  });

  it('[L2.6] refuses with busy what passes the bound, and stores what it accepted', async () => {
    const port = new InlineThread(join(temporaryFolder(), 'room.sqlite'));
    const client = await SqliteClient.over(port, { onFailure: unexpected, waitingMax: 5 });
    onTestFinished(() => client.close());
    const { log, room, ann } = await lobbyOn(client);
    const posts = Array.from({ length: 8 }, (_, index) => log.post(draftOf(room, ann, `busy ${index}`)));
    const rooms = log.rooms();
    const results = await Promise.allSettled(posts);
    expect(results.map((result) => result.status)).toEqual([
      ...Array.from({ length: 6 }, () => 'fulfilled'),
      'rejected',
      'rejected',
    ]);
    expect(results.at(-1)).toMatchObject({ reason: { code: 'busy', retryAfterMs: 1_000 } });
    expect(await rooms).toEqual([room]);
    expect((await log.post(draftOf(room, ann, 'busy 7'))).entry.seq).toBe(8);
  });

  it('[L2.7] serves other work of the event loop while the thread commits', async () => {
    const client = await openSqlite({ file: join(temporaryFolder(), 'room.sqlite'), onFailure: unexpected });
    onTestFinished(() => client.close());
    const { log, room, ann } = await lobbyOn(client);
    let turns = 0;
    let isDone = false;
    const turn = (): void => {
      turns += 1;
      if (!isDone) setImmediate(turn);
    };
    setImmediate(turn);
    await log.post(draftOf(room, ann, 'meanwhile'));
    isDone = true;
    expect(turns).toBeGreaterThan(1);
  });

  it('[L2.8] fails what waits when the thread dies, reports it once, and refuses from then on', async () => {
    const worker = new WorkerPort(join(temporaryFolder(), 'room.sqlite'));
    const port = new HeldPort(worker);
    const failures: Error[] = [];
    const client = await SqliteClient.over(port, { onFailure: (error) => failures.push(error) });
    const { log, room, ann } = await lobbyOn(client);
    port.isHeld = true;
    const lost = [1, 2].map((number) => log.post(draftOf(room, ann, `lost ${number}`)));
    const outcomes = Promise.allSettled(lost);
    await worker.kill();
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'storage-failed' } });
    }
    await expect(log.rooms()).rejects.toMatchObject({ code: 'storage-failed' });
    await expect(log.post(draftOf(room, ann, 'late'))).rejects.toMatchObject({ code: 'storage-failed' });
    await client.close();
    expect(failures.map((error) => error.message)).toEqual([
      'The database thread has ended unasked; nothing can be stored.',
    ]);
  });

  it('[L2.8] reports a thread that fails by itself, with what ended it', async () => {
    const failure = new Promise<Error>((resolve) => {
      const file = join(temporaryFolder(), 'room.sqlite');
      void openSqlite({ file, onFailure: resolve }).then((client) =>
        client.attach(new URL('./no-such-module.ts', import.meta.url)),
      );
    });
    expect(await failure).toMatchObject({
      cause: expect.objectContaining({ message: expect.stringContaining('no-such-module') }),
    });
  });

  it('[L2.9] writes what was accepted before it closes, and takes nothing after', async () => {
    const file = join(temporaryFolder(), 'room.sqlite');
    const client = await openSqlite({ file, onFailure: unexpected });
    const { log, room, ann } = await lobbyOn(client);
    const posts = Array.from({ length: 50 }, (_, index) => log.post(draftOf(room, ann, `last ${index}`)));
    const closed = client.close();
    await expect(log.post(draftOf(room, ann, 'too late'))).rejects.toMatchObject({ code: 'shutting-down' });
    await expect(log.rooms()).rejects.toMatchObject({ code: 'shutting-down' });
    expect(await Promise.all(posts)).toHaveLength(50);
    await closed;
    await client.close();

    const again = await SqliteClient.over(new InlineThread(file), { onFailure: unexpected });
    onTestFinished(() => again.close());
    const page = await new SqliteLog(again).read(room.roomId, { limit: 1, bytesMax: 10_000 });
    expect(page.position.seq).toBe(51);
  });

  it('[D1] refuses a file that is in use with a sentence that says what to do, and ends its thread', async () => {
    const file = join(temporaryFolder(), 'room.sqlite');
    const client = await SqliteClient.over(new InlineThread(file), { onFailure: unexpected });
    onTestFinished(() => client.close());
    await expect(openSqlite({ file, onFailure: unexpected })).rejects.toMatchObject({
      name: 'OpenError',
      code: 'in-use',
      isOperating: true,
      message: expect.stringMatching(/one file, one process\. Stop the other, or name another DATA_DIR\.$/),
    });
  });
});
