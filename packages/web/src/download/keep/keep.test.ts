// What is kept in the browser's store, over a real enough IndexedDB: it is there after a reload, cut to where its position says, and gone
// when it is removed. And the tabs, over a real channel.
import 'fake-indexeddb/auto';
import { afterEach, describe, expect, it } from 'vitest';
import { choice } from '../download-fakes.fixture.ts';
import { DownloadError, type KeptDownload, type Sink } from '../download-port.ts';
import { START } from '../download-run.ts';
import { BrowserTabs } from './browser-tabs.ts';
import { DatabaseSink } from './database-sink.ts';
import { DownloadDatabase, storeError } from './download-database.ts';

const text = (words: string): Uint8Array => new TextEncoder().encode(words);
let names = 0;
const database = (): DownloadDatabase => {
  names += 1;
  return new DownloadDatabase(indexedDB, `downloads-${names}`);
};
let time = 0;
const open = (of: DownloadDatabase, bytes: number): Promise<DatabaseSink> =>
  DatabaseSink.open(of, { id: 'd_1', bytes, now: () => time });

async function textIn(sink: Sink, bytes: number): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of sink.read(bytes)) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

const kept: KeptDownload = {
  plan: { ...choice({ format: 'text' }), id: 'd_1', fileName: 'lobby-history.txt', place: 'browser' },
  position: START,
  isComplete: false,
};

describe('DatabaseSink', () => {
  it('puts down what came in a while, and large pieces at once', async () => {
    const store = database();
    const sink = await open(store, 0);
    await sink.write(text('one '));
    expect(sink.isDue()).toBe(false);
    time += 2_000;
    expect(sink.isDue()).toBe(true);
    await sink.settle();
    await sink.write(new Uint8Array(1024 * 1024));
    expect(sink.isDue()).toBe(true);
    await sink.write(text('end'));
    const file = await sink.finish();
    expect(file.size).toBe(4 + 1024 * 1024 + 3);
    expect((await store.chunks('d_1')).map(({ size }) => size)).toEqual([4, 1024 * 1024, 3]);
  });

  it('goes on behind a position, in the middle of a chunk as well, and drops the rest', async () => {
    const store = database();
    const first = await open(store, 0);
    for (const words of ['alpha ', 'beta ', 'gamma ']) {
      await first.write(text(words));
      await first.settle();
    }
    const second = await open(store, 8);
    expect(await textIn(second, 8)).toBe('alpha be');
    await second.write(text('!'));
    expect(await (await second.finish()).text()).toBe('alpha be!');
    const third = await open(store, 0);
    expect(await (await third.finish()).text()).toBe('');
  });

  it('says when the browser has thrown away what was there', async () => {
    await expect(open(database(), 5)).rejects.toThrow(
      '5 bytes of the download are not in the store any more.',
    );
  });
});

describe('DownloadDatabase', () => {
  it('keeps what was begun until it is removed, with its bytes', async () => {
    const store = database();
    await store.put(kept);
    await store.put({ ...kept, position: { ...START, fileBytes: 4 } });
    await store.putChunk('d_1', 0, new Blob(['abcd']));
    await store.putChunk('d_2', 0, new Blob(['of another']));
    expect((await store.downloads()).map(({ position }) => position.fileBytes)).toEqual([4]);
    await store.remove('d_1');
    expect([await store.downloads(), await store.chunks('d_1')]).toEqual([[], []]);
    expect((await store.chunks('d_2')).length).toBe(1);
  });

  it('tells a full disk from a store that does not work', async () => {
    const none = new DownloadDatabase(undefined);
    await expect(none.downloads()).rejects.toMatchObject({ code: 'store-failed' });
    await expect(database().putChunk('d_1', Number.NaN, new Blob([]))).rejects.toBeInstanceOf(DownloadError);
    const full = new DOMException('The quota has been exceeded.', 'QuotaExceededError');
    expect(storeError(full)).toMatchObject({ code: 'disk-full', cause: full });
  });
});

describe('BrowserTabs', () => {
  const tabs: BrowserTabs[] = [];
  const tab = (): BrowserTabs => {
    const made = new BrowserTabs((name) => new BroadcastChannel(name));
    tabs.push(made);
    return made;
  };
  afterEach(() => {
    for (const each of tabs.splice(0)) each.close();
  });

  it('hear of each other who is fetching what, for as long as it lasts', async () => {
    const [one, two] = [tab(), tab()];
    const release = one.claim('d_1');
    expect([
      await two.isElsewhere('d_1'),
      await two.isElsewhere('d_2'),
      await one.isElsewhere('d_1'),
    ]).toEqual([true, false, false]);
    release();
    expect(await two.isElsewhere('d_1')).toBe(false);
  });

  it('are alone where there is no channel', async () => {
    expect(await new BrowserTabs(undefined).isElsewhere('d_1')).toBe(false);
  });
});
