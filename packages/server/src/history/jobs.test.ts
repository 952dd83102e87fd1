// Downloads that are made to be fetched, where something goes wrong: a full disk, a cut, too many of them, their time is over.
import { existsSync } from 'node:fs';
import { epochSchema, type Room, roomIdSchema } from '@wireroom/protocol';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../db/sqlite-driver.contract.ts';
import type { Begun, Download } from './download.ts';
import { ann, bob } from './history-samples.contract.ts';
import { JobStore } from './job-store.ts';
import { Jobs } from './jobs.ts';
import { HISTORY_LIMITS } from './limits.ts';

const room: Room = {
  ...{ roomId: roomIdSchema.parse(`r_${'0'.repeat(22)}`), slug: 'lobby', title: 'Lobby', topic: '' },
};
const asker = { address: 'here', authorId: ann.authorId };
const request = { spec: { format: 'jsonl' } } as const;

/** Its files lie in the folder; what is written goes to a device that is always full. */
class FullStore extends JobStore {
  removed = 0;
  override fileOf(): string {
    return '/dev/full';
  }
  override async removeFile(): Promise<void> {
    this.removed += 1;
  }
  override async remove(): Promise<void> {
    this.removed += 1;
  }
}

const AT_ONCE = { epoch: epochSchema.parse('epoch'), until: 2 };

function given(
  store = new JobStore(temporaryFolder()),
  cut?: Download['cut'],
  inPieces?: (Buffer | Promise<Buffer>)[],
  begun: Begun | Promise<Begun> = AT_ONCE,
) {
  let nowMs = 1_000;
  const download = () => {
    const pieces = inPieces ?? [Buffer.from('one'), Buffer.from('two')];
    const fake: Partial<Download> = {
      begun: Promise.resolve(begun),
      next: async () => pieces.shift(),
      giveBack: () => {},
      stop: () => {},
      progress: { bytes: 6, records: 2 },
      ...(cut !== undefined && { cut }),
    };
    return fake as Download;
  };
  const jobs = new Jobs({
    store,
    history: { admit: async () => room, begin: async () => download() },
    wallClock: () => nowMs,
    onError: (error) => {
      throw error;
    },
  });
  const pass = (ms: number): void => {
    nowMs += ms;
  };
  return { jobs, store, pass };
}

const stateOf = async (jobs: Jobs, id: string) => {
  await expect.poll(async () => (await jobs.find(asker, id)).state).not.toBe('running');
  return jobs.find(asker, id);
};

describe('a download that is made to be fetched', () => {
  it.skipIf(!existsSync('/dev/full'))(
    '[H3.7] fails on a full disk with a sentence, and its file is removed',
    async () => {
      const store = new FullStore(temporaryFolder());
      const { jobs } = given(store);
      const { id } = await jobs.begin(asker, room, request);
      expect(await stateOf(jobs, id)).toMatchObject({ state: 'failed', error: { code: 'disk-full' } });
      expect(store.removed).toBe(1);
      await expect(jobs.file(asker, id)).rejects.toMatchObject({ code: 'no-job' });
    },
  );

  it('[H3.7] that is cut has failed, and says why', async () => {
    const { jobs, store } = given(undefined, { code: 'not-joined', message: 'Gone.' });
    const { id } = await jobs.begin(asker, room, request);
    expect(await stateOf(jobs, id)).toMatchObject({ state: 'failed', error: { code: 'not-joined' } });
    expect(existsSync(store.fileOf(id))).toBe(false);
  });

  it('[H3.7] is one of few, is for its asker alone, and goes when its time is over', async () => {
    const { jobs, store, pass } = given();
    const ids: string[] = [];
    for (let count = 0; count < HISTORY_LIMITS.jobsPerAuthorMax; count++)
      ids.push((await jobs.begin(asker, room, request)).id);
    await expect(jobs.begin(asker, room, request)).rejects.toMatchObject({ code: 'too-many-downloads' });
    for (const each of ids) await stateOf(jobs, each);
    const [id = ''] = ids;
    expect(await stateOf(jobs, id)).toMatchObject({ state: 'done', bytes: 6, records: 2 });
    await expect(jobs.find({ address: 'here', authorId: bob.authorId }, id)).rejects.toMatchObject({
      code: 'no-job',
    });
    await expect(jobs.find({ address: 'here' }, id)).rejects.toMatchObject({ code: 'bad-token' });
    pass(HISTORY_LIMITS.jobKeptMs);
    jobs.sweep();
    await expect(jobs.find(asker, id)).rejects.toMatchObject({ code: 'no-job' });
    for (const each of ids) await expect.poll(() => existsSync(store.fileOf(each))).toBe(false);
  });

  it('[H3.7] that is removed while it is made does not come back', async () => {
    let open = (_piece: Buffer): void => {};
    const gate = new Promise<Buffer>((resolve) => {
      open = resolve;
    });
    const pieces = [Promise.resolve(Buffer.from('one')), gate];
    const { jobs, store } = given(undefined, undefined, pieces);
    const { id } = await jobs.begin(asker, room, request);
    await expect.poll(async () => (await jobs.find(asker, id)).records).toBe(2);
    await jobs.remove(asker, id);
    open(Buffer.from('two'));
    await expect.poll(() => pieces.length).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await expect(jobs.find(asker, id)).rejects.toMatchObject({ code: 'no-job' });
    expect(await store.open()).toEqual([]);
    expect(existsSync(store.fileOf(id))).toBe(false);
  });

  it('[H3.7] that is removed before it has begun does not come back', async () => {
    let open = (_begun: Begun): void => {};
    const gate = new Promise<Begun>((resolve) => {
      open = resolve;
    });
    const { jobs, store } = given(undefined, undefined, [], gate);
    const { id } = await jobs.begin(asker, room, request);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await jobs.remove(asker, id);
    open(AT_ONCE);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await expect(jobs.find(asker, id)).rejects.toMatchObject({ code: 'no-job' });
    expect(existsSync(store.fileOf(id))).toBe(false);
  });
});
