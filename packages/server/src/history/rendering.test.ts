// What a download holds, on both databases: the picture of one moment, whatever is done to the room meanwhile; and what a damaged
// log still gives.
import { closeSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { HISTORY_FORMATS } from '@wireroom/history';
import { describe, expect, it, onTestFinished } from 'vitest';
import { serverUrl, temporaryDatabase } from '../db/postgres.contract.ts';
import { loadDriver } from '../db/sqlite.ts';
import { temporaryFolder } from '../db/sqlite-driver.contract.ts';
import type { HistorySource } from '../log/history-source.ts';
import { DATABASE_FILE, openPostgresStorage } from '../storage.ts';
import {
  ann,
  bob,
  endOf,
  orderFor,
  roomWithPast,
  type Stored,
  serviceOn,
  sha256,
  sourceOf,
  sqliteIn,
} from './history-samples.contract.ts';

const fail = (error: unknown): never => {
  throw error;
};
const postgres = await serverUrl();
const events = { onFatal: fail, onError: fail };
const stores: readonly (readonly [string, () => Promise<Stored>])[] = [
  ['SQLite', () => sqliteIn(temporaryFolder())],
  ...(postgres === undefined
    ? []
    : [
        [
          'PostgreSQL',
          async () => {
            const { url, drop } = await temporaryDatabase(postgres);
            onTestFinished(drop);
            return openPostgresStorage(url, { ...events, onError: () => {} });
          },
        ] as const,
      ]),
];

const linesOf = (file: Buffer): Record<string, unknown>[] =>
  file
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

for (const [name, openStorage] of stores) {
  const given = async () => {
    const storage = await openStorage();
    const past = await roomWithPast(storage);
    const source = await sourceOf(storage);
    onTestFinished(async () => {
      await source.close();
      await storage.close();
    });
    return { storage, source, ...past };
  };

  describe(`a download from ${name}`, () => {
    it('[H3.8] is the picture of its beginning, whatever is edited, reacted to and renamed since; what is deleted since is gone', async () => {
      const { source, room, act } = await given();
      const before = new Map<string, Buffer>();
      for (const format of HISTORY_FORMATS)
        before.set(format, await serviceOn(source).render(orderFor(room, format)));
      const { until, epoch } = linesOf(before.get('jsonl') ?? Buffer.alloc(0))[0] ?? {};
      // 3 is a text of Ann's that nobody touched; 4 of Bob's, with thumbs of both.
      await act(ann, { type: 'edit', target: 3, text: 'changed since' });
      await act(bob, { type: 'react', target: 3, emoji: '🎉' });
      await act(bob, { type: 'unreact', target: 4, emoji: '👍' });
      await act(ann, { type: 'unreact', target: 4, emoji: '👍' });
      await act(ann, { type: 'react', target: 4, emoji: '👍' });
      await act(ann, { type: 'topic', topic: 'Another topic' });
      const has = (bytes: number, file: Buffer) => ({
        resumption: {
          ...{ until: Number(until), epoch: epoch as typeof room.roomId & never, has: { bytes } },
          prefixSha256: sha256(file.subarray(0, bytes)),
        },
      });
      for (const format of HISTORY_FORMATS) {
        const file = before.get(format) ?? Buffer.alloc(0);
        for (const at of [0, Math.floor(file.byteLength / 2)]) {
          const rest = await serviceOn(source).render(orderFor(room, format, has(at, file)));
          expect(Buffer.concat([file.subarray(0, at), rest]).toString(), format).toBe(file.toString());
        }
      }
      await act(ann, { type: 'delete', target: 3 });
      const text = before.get('text') ?? Buffer.alloc(0);
      const fresh = await serviceOn(source).render(orderFor(room, 'text', has(0, text)));
      expect(fresh.toString()).not.toContain('text 0 ');
      const refused = serviceOn(source).render(orderFor(room, 'text', has(text.byteLength, text)));
      await expect(refused).rejects.toThrow('history-changed');
    });

    it('[H3.9] has what was written from one instant to another, or by one author', async () => {
      const { source, room } = await given();
      const all = linesOf(await serviceOn(source).render(orderFor(room, 'jsonl'))).slice(1, -1);
      const [from, to] = [String(all[10]?.at), String(all.at(-10)?.at)];
      const spec = { format: 'jsonl', from, to } as const;
      const some = linesOf(await serviceOn(source).render({ roomId: room.roomId, spec })).slice(1, -1);
      const isWithin = ({ at }: Record<string, unknown>): boolean => String(at) >= from && String(at) < to;
      expect(some).toEqual(all.filter(isWithin));
      for (const author of ['Bob', bob.authorId]) {
        const ofBob = { format: 'jsonl', author } as const;
        const file = await serviceOn(source).render({ roomId: room.roomId, spec: ofBob });
        const names = linesOf(file)
          .slice(1, -1)
          .map((entry) => (entry.author as { name: string }).name);
        expect(new Set(names)).toEqual(new Set(['Bob']));
        expect(endOf(file)).toMatchObject({ gaps: [], count: names.length });
      }
    });
  });
}

describe('a log that is damaged', () => {
  async function damaged(damage: (file: string) => void) {
    const folder = temporaryFolder();
    const file = join(folder, DATABASE_FILE);
    const storage = await sqliteIn(folder);
    const { room } = await roomWithPast(storage, 400);
    await storage.close();
    damage(file);
    const source = await sourceOf(storage);
    onTestFinished(() => source.close());
    return { room, source };
  }

  it('[H3.10] gives a line for each record that cannot be read, and goes on', async () => {
    const { room, source } = await damaged((file) => {
      const database = loadDriver().open(file);
      const set = (seq: number, what: string): void =>
        database.exec(`UPDATE entries SET ${what} WHERE seq = ${seq}`);
      set(5, `payload = '{oops'`);
      set(7, `type = 'poll'`);
      set(8, `payload = CAST(X'7B2274657874223A22FFFE227D' AS TEXT)`);
      set(9, 'at = 99999999999999999');
      set(
        11,
        `payload = '{"text":"\uFFFD is a character, too"}', type = 'message', draft_id = 'number-eleven'`,
      );
      database.exec('DELETE FROM entries WHERE seq IN (13, 14)');
      database.close();
    });
    for (const format of HISTORY_FORMATS) {
      const file = await serviceOn(source).render(orderFor(room, format));
      expect(endOf(file), format).toMatchObject({ first: 1, gaps: [[13, 14]] });
    }
    const lines = linesOf(await serviceOn(source).render(orderFor(room, 'jsonl')));
    const broken = lines.filter(({ type }) => type === 'broken');
    expect(broken.map(({ seq }) => seq)).toEqual([5, 7, 8, 9]);
    for (const { reason } of broken) expect(reason).toMatch(/\.$/);
    expect(lines.find(({ seq }) => seq === 11)).toMatchObject({ text: '\uFFFD is a character, too' });
    expect(lines.at(-1)).toMatchObject({ broken: 4, count: lines.length - 2 });
  });

  it('[H3.10] is downloaded as far as it goes where whole pages of the file are gone', async () => {
    const { room, source } = await damaged((file) => {
      rmSync(`${file}-wal`, { force: true });
      const pages = Math.floor(statSync(file).size / 4096);
      const handle = openSync(file, 'r+');
      for (const page of [0.4, 0.55, 0.7])
        writeSync(handle, Buffer.alloc(4096, 0xaa), 0, 4096, Math.floor(pages * page) * 4096);
      closeSync(handle);
    });
    const file = await serviceOn(source).render(orderFor(room, 'jsonl'));
    const end = endOf(file);
    expect(Number(end.broken) > 0 || end.cut !== undefined).toBe(true);
    expect(Number(end.count)).toBeGreaterThan(50);
  });

  it('[H3.10] that cannot be read at all any more ends the file with a cut, and a sentence', async () => {
    const { room, source } = await damaged(() => {});
    let pages = 0;
    const failing: HistorySource = {
      room: (roomId) => source.room(roomId),
      about: (...given) => source.about(...given),
      seqAt: (...given) => source.seqAt(...given),
      partBefore: (...given) => source.partBefore(...given),
      count: (...given) => source.count(...given),
      close: () => source.close(),
      page: async (given, range) => {
        pages += 1;
        if (pages > 2) throw new Error('The disk is gone.');
        return source.page(given, range, 100);
      },
    };
    const end = endOf(await serviceOn(failing).render(orderFor(room, 'text')));
    expect(end).toMatchObject({
      cut: { code: 'storage-failed', message: expect.stringMatching(/entry \d+/) },
    });
    expect(Number(end.count)).toBeGreaterThan(0);
  });
});
