// The border between the two threads: what is acknowledged when, what a dead thread means, and how it all ends.
// Where a moment must be held still, a port in between holds the thread's answers back. The thread is a real one where
// that matters, and otherwise one on this test's own thread, which starts sooner.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { authorNamed, draftOf } from '../log/log-samples.contract.ts';
import { SqliteLog } from '../log/sqlite-log.ts';
import type { SqliteLogOperations } from '../log/sqlite-log-operations.ts';
import { InlineThread } from './inline-thread.ts';
import { DB_LIMITS } from './limits.ts';
import { openSqlite, SqliteClient } from './sqlite-client.ts';
import { temporaryFolder } from './sqlite-driver.contract.ts';
import type { FromThread, PortListener, ThreadPort, ToThread } from './thread-port.ts';
import { WorkerPort } from './worker-port.ts';

const unexpected = (error: Error): never => {
  throw error;
};

const operationsOfLog = new URL('../log/sqlite-log-operations.ts', import.meta.url);

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

// Threads from source are slow to start on a machine that is busy.
describe('the database client', { timeout: 60_000 }, () => {
  it('[L2.1] lets no acknowledgement out while the answer of the commit is held back', async () => {
    const port = new HeldPort(
      new WorkerPort({ file: join(temporaryFolder(), 'room.sqlite'), role: 'writer' }),
    );
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
    const { batchWritesMax } = DB_LIMITS;
    const port = new HeldPort(new InlineThread(join(temporaryFolder(), 'room.sqlite')));
    const client = await SqliteClient.over(port, { onFailure: unexpected });
    onTestFinished(() => client.close());
    const { log, room, ann } = await lobbyOn(client);
    port.sent = [];
    await Promise.all(
      Array.from({ length: batchWritesMax + 88 }, (_, index) =>
        log.post(draftOf(room, ann, `many ${index}`)),
      ),
    );
    const sizes = port.sent.map((message) => (message.type === 'run' ? message.calls.length : 0));
    // The second is handed over as soon as half a batch waits; the third is all the rest.
    expect(sizes).toEqual([1, batchWritesMax / 2, batchWritesMax / 2 + 87]);
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
    const worker = new WorkerPort({ file: join(temporaryFolder(), 'room.sqlite'), role: 'writer' });
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

  it('[L2.10] answers a post while a read is held up, and [L2.11] reads what was answered before', async () => {
    const file = join(temporaryFolder(), 'room.sqlite');
    const reader = new HeldPort(new InlineThread(file, undefined, 'reader'));
    const client = await SqliteClient.over(new InlineThread(file), {
      onFailure: unexpected,
      reader: () => reader,
    });
    onTestFinished(() => client.close());
    const { log, room, ann } = await lobbyOn(client);
    reader.isHeld = true;
    const held = log.rooms();
    await reader.answered();
    for (const number of [2, 3, 4]) {
      const { entry } = await log.post(draftOf(room, ann, `meanwhile ${number}`));
      expect(entry.seq).toBe(number);
    }
    const read = log.read(room.roomId, { limit: 10, bytesMax: 10_000 });
    reader.release();
    expect(await held).toEqual([room]);
    expect((await read).entries.map((entry) => entry.seq)).toEqual([1, 2, 3, 4]);
    for (let seq = 5; seq < 40; seq += 1) {
      await log.post(draftOf(room, ann, `number ${seq}`));
      expect(await log.heads([room.roomId])).toMatchObject([{ position: { seq } }]);
    }
  });

  it('[D10] has the reading thread take the write-ahead log over after every 32 commits', async () => {
    const file = join(temporaryFolder(), 'room.sqlite');
    const threads = {
      writer: new HeldPort(new InlineThread(file)),
      reader: new HeldPort(new InlineThread(file, undefined, 'reader')),
    };
    const client = await SqliteClient.over(threads.writer, {
      onFailure: unexpected,
      reader: () => threads.reader,
    });
    onTestFinished(() => client.close());
    const { log, room, ann } = await lobbyOn(client);
    const before = statSync(file).size;
    while (client.commitCount < 64) await log.post(draftOf(room, ann, `commit ${client.commitCount}`));
    const asked = ({ sent }: HeldPort) => sent.filter(({ type }) => type === 'checkpoint').length;
    expect([asked(threads.reader), asked(threads.writer)]).toEqual([2, 0]);
    // Answered after both of them.
    expect(await log.heads([room.roomId])).toMatchObject([{ position: { seq: 63 } }]);
    await client.attach<SqliteLogOperations>(operationsOfLog).read('rooms', undefined);
    expect(statSync(file).size).toBeGreaterThan(before);
  });

  it.each(['writer', 'reader'] as const)('[L2.8] refuses everything when the %s has died', async (role) => {
    const file = join(temporaryFolder(), 'room.sqlite');
    const threads = {
      writer: new WorkerPort({ file, role: 'writer' }),
      reader: undefined as WorkerPort | undefined,
    };
    const failures: Error[] = [];
    const client = await SqliteClient.over(threads.writer, {
      onFailure: (error) => failures.push(error),
      reader: () => {
        threads.reader = new WorkerPort({ file, role: 'reader' });
        return threads.reader;
      },
    });
    const { log, room, ann } = await lobbyOn(client);
    await threads[role]?.kill();
    await expect(log.post(draftOf(room, ann, 'late'))).rejects.toMatchObject({ code: 'storage-failed' });
    await expect(log.rooms()).rejects.toMatchObject({ code: 'storage-failed' });
    await client.close();
    expect(failures).toHaveLength(1);
    await (await openSqlite({ file, onFailure: unexpected })).close();
  });

  it('[L2.11] cannot write by a call that reads', async () => {
    const client = await openSqlite({ file: join(temporaryFolder(), 'room.sqlite'), onFailure: unexpected });
    onTestFinished(() => client.close());
    const { room, ann } = await lobbyOn(client);
    const operations = client.attach<SqliteLogOperations>(operationsOfLog);
    const posted = operations.read('post', draftOf(room, ann, 'by the wrong lane'));
    await expect(posted).rejects.toMatchObject({ code: 'storage-failed' });
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
