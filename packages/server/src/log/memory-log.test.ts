// The log in memory keeps the contract, and dates by the clock it is given.
import { describe, expect, it } from 'vitest';
import { registerLogContract } from './log.contract.ts';
import { registerImport } from './log-import.contract.ts';
import { authorNamed, draftOf } from './log-samples.contract.ts';
import { MemoryLog } from './memory-log.ts';

registerLogContract('memory', async () => ({ log: new MemoryLog(), close: async () => {} }));
registerImport('memory', async () => {
  const log = new MemoryLog();
  return { log, importer: log, close: async () => {} };
});

describe('the clock', () => {
  it('[L1.3] does not carry the log backwards', async () => {
    const clock = [5_000, 4_000, 6_000];
    const log = new MemoryLog({ now: () => clock.shift() ?? 0 });
    const room = await log.ensureRoom({ slug: 'lobby', title: 'Lobby' });
    const ann = authorNamed('Ann');
    await log.join(room.roomId, ann);
    await log.post(draftOf(room, ann, 'second'));
    await log.post(draftOf(room, ann, 'third'));
    const { entries } = await log.read(room.roomId, { limit: 10, bytesMax: 10_000 });
    expect(entries.map((entry) => Date.parse(entry.at))).toEqual([5_000, 5_000, 6_000]);
  });
});
