// What is left when the process dies: each acknowledged message, numbered without a gap. And what a second process
// gets to hear. The other process is a child of this test; kill -9 proves nothing about fsync, which is why
// db/sqlite-executor.test.ts and db/sqlite-client.test.ts watch the commit itself.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openSqlite } from '../db/sqlite-client.ts';
import { temporaryFolder } from '../db/sqlite-driver.contract.ts';
import { authorNamed, draftOf } from './log-samples.contract.ts';
import { SqliteLog } from './sqlite-log.ts';

const onFailure = (error: Error): never => {
  throw error;
};

const moduleOf = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);

/** Five authors post for ever; each acknowledgement is a line `seq draftId`, written before the next post begins. */
const WRITER = `
import { writeSync } from 'node:fs';
import { openSqlite } from ${moduleOf('../db/sqlite-client.ts')};
import { SqliteLog } from ${moduleOf('./sqlite-log.ts')};
const client = await openSqlite({ file: process.argv[1], onFailure: (error) => { throw error; } });
const log = new SqliteLog(client);
const { roomId } = await log.ensureRoom({ slug: 'lobby', title: 'Lobby' });
writeSync(1, 'open\\n');
await Promise.all(['1', '2', '3', '4', '5'].map(async (digit) => {
  const author = { authorId: 'a_' + digit.repeat(20), name: 'Author ' + digit };
  await log.join(roomId, author);
  for (let number = 1; ; number += 1) {
    const draftId = 'draft-' + digit + '-' + number;
    const { entry } = await log.post({ roomId, author, draftId, content: { type: 'message', text: 'text of ' + draftId } });
    writeSync(1, entry.seq + ' ' + draftId + '\\n');
  }
}));
`;

type Writer = ChildProcessByStdio<null, Readable, null>;

function startWriter(file: string): Writer {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--conditions', '@wireroom/source', '--input-type=module', '--eval', WRITER, file],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}

/** The writer's lines until it is dead; at the `killAt`-th it is killed, in the middle of what it does. */
async function linesOf(writer: Writer, killAt: number): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: writer.stdout })) {
    if (lines.push(line) === killAt) writer.kill('SIGKILL');
  }
  return lines;
}

// Processes from source, each with two threads: slow to start on a machine that is busy.
describe('a process that dies', { timeout: 60_000 }, () => {
  it('[L2.2] has lost no acknowledged message, and [L1.1] its numbers have no gap, twice over', async () => {
    const file = join(temporaryFolder(), 'room.sqlite');
    const acknowledged = new Map<number, string>();
    for (const killAt of [400, 700]) {
      const lines = await linesOf(startWriter(file), killAt);
      expect(lines.length).toBeGreaterThanOrEqual(killAt);
      for (const line of lines.slice(1)) {
        const [seq, draftId] = line.split(' ');
        acknowledged.set(Number(seq), draftId ?? '');
      }
    }
    const client = await openSqlite({ file, onFailure });
    onTestFinished(() => client.close());
    const log = new SqliteLog(client);
    const { roomId } = await log.ensureRoom({ slug: 'lobby', title: 'Lobby' });
    const { entries, position } = await log.read(roomId, { after: 0, limit: 1_000_000, bytesMax: 1e9 });
    expect(entries.map((entry) => entry.seq)).toEqual(
      Array.from({ length: position.seq }, (_, index) => index + 1),
    );
    for (const [seq, draftId] of acknowledged) {
      expect(entries[seq - 1]).toMatchObject({ seq, draftId, text: `text of ${draftId}` });
    }
    expect(acknowledged.size).toBeGreaterThan(690);
  });

  it('[D1] keeps others out of its file while it lives, and not a moment longer', async () => {
    const file = join(temporaryFolder(), 'room.sqlite');
    const writer = startWriter(file);
    await once(writer.stdout, 'data');
    await expect(openSqlite({ file, onFailure })).rejects.toMatchObject({
      name: 'OpenError',
      code: 'in-use',
    });
    writer.kill('SIGKILL');
    await once(writer, 'exit');
    const client = await openSqlite({ file, onFailure });
    onTestFinished(() => client.close());
    const log = new SqliteLog(client);
    const room = await log.ensureRoom({ slug: 'lobby', title: 'Lobby' });
    const ann = authorNamed('Ann');
    await log.join(room.roomId, ann);
    expect((await log.post(draftOf(room, ann, 'after the other'))).isRepeat).toBe(false);
  });
});
