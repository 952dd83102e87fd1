import { memoryStorage } from '@wireroom/client';
import { describe, expect, it } from 'vitest';
import { FakeKeep, FakeSource, FakeTabs } from './download-fakes.fixture.ts';
import { createDownloadFront, type LoadedDownloads } from './download-front.ts';
import { DownloadStore } from './download-store.ts';

const nothing = (): null => null;

function world() {
  const settings = memoryStorage();
  const loads: string[] = [];
  let isServerAway = false;
  const load = async (remember: (isSomethingKept: boolean) => void): Promise<LoadedDownloads> => {
    loads.push('load');
    if (isServerAway) throw new Error('away');
    const parts = { source: new FakeSource({}), keep: new FakeKeep(), tabs: new FakeTabs() };
    const store = new DownloadStore({ ...parts, now: () => 0, newId: () => 'd_1', remember });
    return { store, Panel: nothing, Sign: nothing, Offer: nothing };
  };
  const front = createDownloadFront(settings, load);
  return { settings, front, loads, leave: (isAway: boolean) => (isServerAway = isAway) };
}

describe('createDownloadFront', () => {
  it('loads nothing on a visit that has nothing to look for', () => {
    const { front, loads } = world();
    front.lookBack();
    expect(loads).toEqual([]);
  });

  it('loads once, for the dialog or for what was left behind, and forgets the mark when nothing was', async () => {
    const { front, loads, settings } = world();
    settings.set('wireroom.download', 'kept');
    front.lookBack();
    front.open();
    await expect.poll(() => front.view.get().loaded).toBeDefined();
    await expect.poll(() => settings.get('wireroom.download')).toBeUndefined();
    front.open();
    expect(loads.length).toBe(1);
    expect(front.view.get()).toMatchObject({ isOpen: true, hasFailed: false });
  });

  it('says that it could not load, and tries again when it is opened again', async () => {
    const { front, leave } = world();
    leave(true);
    front.open();
    await expect.poll(() => front.view.get().hasFailed).toBe(true);
    leave(false);
    front.open();
    await expect.poll(() => front.view.get().loaded).toBeDefined();
    front.close();
    expect(front.view.get().isOpen).toBe(false);
  });
});
