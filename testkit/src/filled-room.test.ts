// The room that is filled by hand is one that the log could have written.
import { rmSync } from 'node:fs';
import { isSound, verifyDatabase } from '@wireroom/server';
import { afterAll, expect, it } from 'vitest';
import { fillRoom } from './filled-room.ts';
import { temporaryDir } from './server.ts';

const dataDir = temporaryDir();
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

it('has entries of all kinds, and nothing is wrong with it', async () => {
  const { kinds } = await fillRoom(dataDir, { entries: 6_000, seed: 7 });
  for (const [kind, count] of Object.entries(kinds)) expect(count, kind).toBeGreaterThan(0);
  const verdict = await verifyDatabase(dataDir);
  expect(verdict.rooms.map(({ problems }) => problems)).toEqual([[]]);
  expect(isSound(verdict)).toBe(true);
  expect(verdict.rooms[0]?.entryCount).toBe(6_000);
}, 60_000);
