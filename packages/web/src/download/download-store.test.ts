// The download's states, with a source, a keep and tabs in memory: what is there after each end, and that it goes on byte for byte.
import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import {
  bytesOf,
  choice,
  endOf,
  FakeKeep,
  FakeSource,
  FakeTabs,
  sha256Of,
} from './download-fakes.fixture.ts';
import { type DownloadAsk, DownloadError } from './download-port.ts';
import type { DownloadState } from './download-state.ts';
import { DownloadStore } from './download-store.ts';

const TALK = 'a line of the talk in the room; '.repeat(8);
const JSONL = choice({ format: 'jsonl' }, { bytes: TALK.length });
const PAGES = choice({ format: 'html' }, { parts: 3, bytes: 90 });
const pages = () =>
  new FakeSource({
    0: { text: `<p>${'first'.repeat(9)}`, end: { next: 20, count: 20, gaps: [[4, 6]] } },
    20: { text: `<p>${'second'.repeat(9)}`, end: { next: 40, count: 20 } },
    40: { text: '<p>third', end: { count: 2, broken: 1 } },
  });

function world(source: FakeSource, keep = new FakeKeep()) {
  const tabs = new FakeTabs();
  let now = 0;
  let ids = 0;
  const remembered: boolean[] = [];
  const create = (): DownloadStore =>
    new DownloadStore({
      ...{ source, keep, tabs },
      now: () => {
        now += 300;
        return now;
      },
      newId: () => {
        ids += 1;
        return `d_${ids}`;
      },
      remember: (isSomethingKept) => remembered.push(isSomethingKept),
    });
  const store = create();
  const kinds: DownloadState['kind'][] = [];
  store.subscribe(() => {
    const { kind } = store.snapshot();
    if (kinds.at(-1) !== kind) kinds.push(kind);
  });
  /** Another visit of the same browser. */
  const reload = async (): Promise<DownloadStore> => {
    const next = create();
    await next.lookBack();
    return next;
  };
  return { store, kinds, keep, tabs, remembered, reload };
}

const handedText = async ({ handedOver }: FakeKeep): Promise<string | undefined> =>
  handedOver[0]?.file.text();

/** At the piece that begins there, once. */
const onceAt = (byte: number, act: (ask: DownloadAsk) => void) => {
  let isDone = false;
  return (at: number, ask: DownloadAsk): void => {
    if (isDone || at !== byte) return;
    isDone = true;
    act(ask);
  };
};

describe('DownloadStore', () => {
  it('fetches, hands the file over with its proof, and keeps it until the reader has seen that', async () => {
    const { store, kinds, keep, tabs, remembered, reload } = world(new FakeSource({ 0: { text: TALK } }));
    await store.start(JSONL);
    expect(kinds).toEqual(['running', 'finishing', 'done']);
    expect(store.snapshot()).toMatchObject({
      proof: { count: 3, parts: 1, missing: 0, sha256: sha256Of(bytesOf(TALK)) },
      plan: { fileName: 'lobby-history.jsonl', place: 'browser' },
    });
    expect(await handedText(keep)).toBe(TALK);
    expect((await reload()).snapshot()).toMatchObject({ kind: 'done', proof: { count: 3 } });
    store.acknowledge();
    await expect.poll(() => keep.kept).toBeUndefined();
    expect([store.snapshot().kind, keep.files.size, tabs.claimed.size]).toEqual(['choosing', 0, 0]);
    expect(remembered.at(-1)).toBe(false);
  });

  it('pauses with everything that has come, and goes on from there', async () => {
    const source = new FakeSource({ 0: { text: TALK } });
    const { store, kinds, keep } = world(source);
    source.beforePiece = onceAt(100, () => store.pause());
    await store.start(JSONL);
    expect(store.snapshot()).toMatchObject({ kind: 'paused', progress: { bytes: 100 } });
    expect(keep.kept?.position.fileBytes).toBe(100);
    await store.resume();
    expect(source.asks[1]?.kept).toMatchObject({ epoch: 'e_1', until: 3, bytes: 100 });
    expect(kinds).toEqual(['running', 'paused', 'running', 'finishing', 'done']);
    expect(await handedText(keep)).toBe(TALK);
  });

  it('is offered after a reload, with what was safe by then, and can be discarded', async () => {
    const source = new FakeSource({ 0: { text: TALK } });
    const { store, keep, reload } = world(source);
    // The page is gone in the middle of it: nothing of this run comes to an end.
    const gone = new Promise<void>((resolve) => {
      source.beforePiece = (at) => {
        if (at !== 110) return;
        resolve();
        return new Promise<void>(() => {});
      };
    });
    void store.start(JSONL);
    await gone;
    source.beforePiece = () => {};
    const next = await reload();
    expect(next.snapshot()).toMatchObject({ kind: 'interrupted', progress: { bytes: 90 } });
    await next.resume();
    expect(source.asks[1]?.kept?.bytes).toBe(90);
    expect(await handedText(keep)).toBe(TALK);
    await next.discard();
    expect((await reload()).snapshot()).toEqual({ kind: 'choosing' });
  });

  it('leaves alone what another tab is fetching', async () => {
    const { store, keep, tabs, reload } = world(new FakeSource({ 0: { text: TALK } }));
    await store.start(JSONL);
    tabs.elsewhere = true;
    expect((await reload()).snapshot()).toEqual({ kind: 'choosing' });
    expect(keep.kept).toBeDefined();
  });

  it('says that it waits, for what, and that it goes on', async () => {
    const source = new FakeSource({ 0: { text: TALK } });
    const { store, kinds } = world(source);
    source.beforePiece = onceAt(50, (ask) => {
      ask.onWait('network');
      expect(store.snapshot()).toMatchObject({ kind: 'waiting', reason: 'network' });
      ask.onWait(undefined);
    });
    await store.start(JSONL);
    expect(kinds).toEqual(['running', 'waiting', 'running', 'finishing', 'done']);
  });

  it('tells a full disk, keeps what fitted, and goes on once there is room', async () => {
    const { store, keep } = world(new FakeSource({ 0: { text: TALK } }));
    keep.writeError = new DownloadError('disk-full', 'full');
    await store.start(JSONL);
    expect(store.snapshot()).toMatchObject({ kind: 'failed', failure: { code: 'disk-full' } });
    keep.writeError = undefined;
    await store.resume();
    expect(await handedText(keep)).toBe(TALK);
  });

  it('does not go on from what would fail again', async () => {
    const source = new FakeSource({ 0: { text: TALK } });
    const { store } = world(source);
    source.beforePiece = () => {
      throw new DownloadError('history-changed', 'changed');
    };
    await store.start(JSONL);
    await store.resume();
    expect(store.snapshot()).toMatchObject({ kind: 'failed', failure: { code: 'history-changed' } });
    expect(source.asks.length).toBe(1);
    source.beforePiece = () => {
      throw new Error('odd');
    };
    await store.discard();
    await store.start(JSONL);
    expect(store.snapshot()).toMatchObject({ failure: { code: 'other', message: 'odd' } });
  });

  it('leaves nothing of what is cancelled, also when it is cancelled in the middle of a write', async () => {
    const source = new FakeSource({ 0: { text: TALK } });
    const { store, keep, remembered } = world(source);
    source.beforePiece = onceAt(50, () => void store.discard());
    await store.start(JSONL);
    await expect.poll(() => [keep.kept, keep.files.size]).toEqual([undefined, 0]);
    expect(store.snapshot()).toEqual({ kind: 'choosing' });
    expect(remembered.at(-1)).toBe(false);
  });

  it('counts speed and time left, and is never done before it is', async () => {
    const source = new FakeSource({ 0: { text: TALK } });
    const { store } = world(source);
    const seen: DownloadState[] = [];
    store.subscribe(() => seen.push(store.snapshot()));
    await store.start(JSONL);
    const speeds = seen.flatMap((state) =>
      state.kind === 'running' && state.progress.bytesPerSecond !== undefined ? [state.progress] : [],
    );
    expect(speeds.length).toBeGreaterThan(3);
    expect(speeds.every(({ secondsLeft = 1 }) => secondsLeft >= 1)).toBe(true);
  });
});

describe('a file of the reader’s choice', () => {
  /** As much of a handle as is looked at. */
  const handle: unknown = { kind: 'file', name: 'mine.jsonl' };
  const isHandle = (value: unknown): value is FileSystemFileHandle => value === handle;
  const asking = (source = new FakeSource({ 0: { text: TALK } })) => {
    const keep = new FakeKeep();
    keep.asksWhere = true;
    keep.chosen = isHandle(handle) ? handle : undefined;
    return world(source, keep);
  };

  it('is asked for first, and nothing begins if the reader thinks better of it', async () => {
    const { store, kinds, keep } = asking();
    keep.chosen = undefined;
    await store.start(JSONL);
    expect([kinds, keep.kept]).toEqual([['placing', 'choosing'], undefined]);
  });

  it('has the history at the end, under the reader’s name, and nothing is left to be handed over', async () => {
    const { store, keep, remembered } = asking();
    await store.start(JSONL);
    expect(store.snapshot()).toMatchObject({ kind: 'done', plan: { fileName: 'mine.jsonl', place: 'file' } });
    expect([keep.handedOver, keep.kept, remembered.at(-1)]).toEqual([[], undefined, false]);
    store.acknowledge();
    expect(keep.erased).toEqual([]);
  });

  it('is written to after a reload only if the browser may', async () => {
    const source = new FakeSource({ 0: { text: TALK } });
    const { store, keep, reload } = asking(source);
    source.beforePiece = onceAt(100, () => store.pause());
    await store.start(JSONL);
    const next = await reload();
    keep.isAllowed = false;
    await next.resume();
    expect(next.snapshot()).toMatchObject({ kind: 'failed', failure: { code: 'file-denied' } });
    keep.isAllowed = true;
    await next.resume();
    expect(next.snapshot().kind).toBe('done');
  });

  it('is removed with what is discarded', async () => {
    const source = new FakeSource({ 0: { text: TALK } });
    const { store, keep } = asking(source);
    source.beforePiece = onceAt(100, () => store.pause());
    await store.start(JSONL);
    await store.discard();
    expect(keep.erased.length).toBe(1);
  });
});

describe('a history in several documents', () => {
  const unzipped = async (keep: FakeKeep): Promise<Record<string, string>> => {
    const bytes = new Uint8Array((await keep.handedOver[0]?.file.arrayBuffer()) ?? new ArrayBuffer(0));
    return Object.fromEntries(
      Object.entries(unzipSync(bytes)).map(([name, data]) => [name, new TextDecoder().decode(data)]),
    );
  };

  it('is one zip, of one moment of the room, with the sum of the proofs', async () => {
    const source = pages();
    const { store, keep } = world(source);
    await store.start(PAGES);
    expect(store.snapshot()).toMatchObject({
      kind: 'done',
      plan: { fileName: 'lobby-history.zip' },
      proof: { count: 42, broken: 1, missing: 3, parts: 3 },
    });
    expect(source.asks.map(({ after, kept }) => [after, kept?.until])).toEqual([
      [undefined, 3],
      [20, 3],
      [40, 3],
    ]);
    const read = await unzipped(keep);
    expect(Object.keys(read)).toEqual(['lobby.html', 'lobby-after-20.html', 'lobby-after-40.html']);
    expect(read['lobby-after-40.html']).toBe('<p>third');
  });

  it('goes on after a pause with the document in which it stood', async () => {
    const source = pages();
    const { store, keep } = world(source);
    source.beforePiece = (at, { after }) => {
      if (at === 20 && after === 20 && source.asks.length === 2) store.pause();
    };
    await store.start(PAGES);
    expect(keep.kept?.position).toMatchObject({ part: { after: 20, bytes: 0 }, before: { records: 20 } });
    await store.resume();
    const read = await unzipped(keep);
    expect(read['lobby-after-20.html']).toBe(`<p>${'second'.repeat(9)}`);
    expect(Object.keys(read).length).toBe(3);
  });

  it('ends where the server ended it, and says so', async () => {
    const cut = { code: 'not-joined', message: 'gone' };
    const source = new FakeSource({ 0: { text: '<p>1', end: { next: 20, cut } } });
    const { store } = world(source);
    await store.start(PAGES);
    expect(store.snapshot()).toMatchObject({ kind: 'done', proof: { cut, parts: 1 } });
    expect(endOf(bytesOf(''), { cut }).cut).toEqual(cut);
  });
});
