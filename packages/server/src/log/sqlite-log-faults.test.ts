// The disk refuses, in each way and at each statement of a transaction, and is well again: what was acknowledged is
// there, what was refused is not, and service resumes by itself. The faults are set at the border to the driver.
import { join } from 'node:path';
import { ChatError, type Entry } from '@wireroom/protocol';
import { describe, expect, it, onTestFinished } from 'vitest';
import { InlineThread } from '../db/inline-thread.ts';
import { SqliteClient } from '../db/sqlite-client.ts';
import { driversHere, tappedDriver, temporaryFolder } from '../db/sqlite-driver.contract.ts';
import type { Appended } from './log.ts';
import { authorNamed, changeOf, draftOf, EVERYTHING } from './log-samples.contract.ts';
import { SqliteLog } from './sqlite-log.ts';

const ann = authorNamed('Ann');

/** What the drivers throw: better-sqlite3 names the result, which both are told apart by. */
const FAULTS = {
  'a full disk': Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' }),
  'a failed write': Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR_WRITE' }),
  'a failed fsync': Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR_FSYNC' }),
} as const;

const PLACES = {
  BEGIN: /^BEGIN IMMEDIATE/,
  'a write of the entry': /^INSERT INTO entries/,
  "a write of the room's head": /^UPDATE rooms SET head/,
  'a write of the state': /^INSERT INTO edits/,
  COMMIT: /^COMMIT/,
} as const;

const cases = Object.keys(FAULTS).flatMap((fault) => Object.keys(PLACES).map((place) => ({ fault, place })));

describe.each(driversHere())('a log whose disk refuses, on $name', (driver) => {
  async function openFaulty() {
    const state: { broken: { readonly at: RegExp; readonly error: Error } | undefined } = {
      broken: undefined,
    };
    const faulty = tappedDriver(driver, (sql) => {
      if (state.broken?.at.test(sql)) throw state.broken.error;
    });
    const file = join(temporaryFolder(), 'room.sqlite');
    const client = await SqliteClient.over(new InlineThread(file, faulty), {
      onFailure: (error) => {
        throw error;
      },
      reader: () => new InlineThread(file, driver, 'reader'),
    });
    onTestFinished(() => client.close());
    const log = new SqliteLog(client);
    const room = await log.ensureRoom({ slug: 'lobby', title: 'Lobby' });
    await log.join(room.roomId, ann);
    await log.post(draftOf(room, ann, 'before'));
    return { state, log, room };
  }

  it.each(cases)(
    '[L2.5] $fault at $place: all is refused, nothing kept, and it goes on by itself',
    async (given) => {
      const { state, log, room } = await openFaulty();
      const fault = Object.entries(FAULTS).find(([name]) => name === given.fault)?.[1];
      const place = Object.entries(PLACES).find(([name]) => name === given.place)?.[1];
      if (fault === undefined || place === undefined) throw new Error('no such case');
      state.broken = { at: place, error: fault };
      const drafts = [
        draftOf(room, ann, 'one'),
        changeOf(room, ann, { type: 'edit', target: 2, text: 'after' }),
        draftOf(room, ann, 'two'),
      ];
      const refused = await Promise.all(
        drafts.map((draft) =>
          log.post(draft).then(
            (appended) => appended,
            (error: unknown) => error,
          ),
        ),
      );
      // The first rides alone, and meets a fault only where it has to do with it.
      const [first, ...others] = refused;
      const isOfEdits = given.place === 'a write of the state';
      if (isOfEdits) expect(first).toMatchObject({ isRepeat: false });
      for (const error of isOfEdits ? others : refused) {
        expect(error).toBeInstanceOf(ChatError);
        expect(error).toMatchObject({
          code: 'storage-failed',
          cause: { message: expect.stringContaining(fault.message) },
        });
      }
      const kept = isOfEdits ? 3 : 2;
      expect((await log.read(room.roomId, EVERYTHING)).entries).toHaveLength(kept);

      state.broken = undefined;
      const stored = await Promise.all(drafts.map((draft) => log.post(draft)));
      expect(stored.map(({ entry }) => entry.seq)).toEqual([3, 4, 5]);
      const { messages } = await log.messages(room.roomId, EVERYTHING);
      expect(messages[0]?.state).toMatchObject({ text: 'after', editSeq: 4 });
    },
  );

  it('[L2.5] [L1.1] loses nothing that was acknowledged while the disk comes and goes, and leaves no gap', async () => {
    const { state, log, room } = await openFaulty();
    const faults = Object.values(FAULTS);
    const acknowledged: Entry[] = [];
    let refusedCount = 0;
    for (let round = 0; round < 60; round += 1) {
      const at = Object.values(PLACES)[round % 5] ?? PLACES.COMMIT;
      const error = faults[round % 3] ?? FAULTS['a full disk'];
      state.broken = round % 4 === 0 ? undefined : { at, error };
      const posts = Array.from({ length: 5 }, (_, index) =>
        log.post(draftOf(room, ann, `round ${round} ${index}`)),
      );
      for (const outcome of await Promise.allSettled<Appended>(posts)) {
        if (outcome.status === 'fulfilled') acknowledged.push(outcome.value.entry);
        else refusedCount += 1;
      }
    }
    state.broken = undefined;
    const { entries, position } = await log.read(room.roomId, { ...EVERYTHING, after: 2 });
    expect(entries).toEqual(acknowledged);
    expect(position.seq).toBe(2 + acknowledged.length);
    expect(refusedCount).toBeGreaterThan(150);
    expect(acknowledged.length).toBeGreaterThan(70);
  });
});
