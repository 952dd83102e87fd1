// What the page knows of downloads before it has loaded them: whether their dialog is open, and whether an earlier visit left one behind. The
// rest, store, views and words, comes with the first need.
import type { KeyValueStorage } from '@wireroom/client';
import type { ComponentType } from 'react';
import { type Cell, createCell } from '../browser/cell.ts';
import type { DownloadStore } from './download-store.ts';

export interface PanelProps {
  readonly store: DownloadStore;
  readonly room: string;
  readonly title: string;
  /** Who may be chosen as the only author. */
  readonly names: readonly string[];
  onClose(): void;
}

export interface LoadedDownloads {
  readonly store: DownloadStore;
  /** What the dialog holds. */
  readonly Panel: ComponentType<PanelProps>;
  /** How far it is, in the header. Nothing where nothing is going on. */
  readonly Sign: ComponentType<{ readonly store: DownloadStore; onOpen(): void }>;
  /** What an earlier visit left behind, above the messages. */
  readonly Offer: ComponentType<{ readonly store: DownloadStore }>;
}

export interface FrontView {
  readonly isOpen: boolean;
  readonly loaded?: LoadedDownloads;
  /** They could not be loaded: the server is away. Opening again tries again. */
  readonly hasFailed: boolean;
}

export interface DownloadFront {
  readonly view: Cell<FrontView>;
  open(): void;
  close(): void;
  /** Loads only if there is something to look for. */
  lookBack(): void;
}

const KEY = 'wireroom.download';

/** `load` is given what remembers, for later visits, whether something is kept. */
export function createDownloadFront(
  settings: KeyValueStorage,
  load: (remember: (isSomethingKept: boolean) => void) => Promise<LoadedDownloads>,
): DownloadFront {
  const view = createCell<FrontView>({ isOpen: false, hasFailed: false });
  let loading: Promise<LoadedDownloads> | undefined;
  const remember = (isSomethingKept: boolean): void =>
    isSomethingKept ? settings.set(KEY, 'kept') : settings.remove(KEY);
  const loadOnce = async (): Promise<void> => {
    loading ??= load(remember);
    try {
      const loaded = await loading;
      view.set({ ...view.get(), loaded, hasFailed: false });
      await loaded.store.lookBack();
    } catch {
      loading = undefined;
      view.set({ ...view.get(), hasFailed: true });
    }
  };
  return {
    view,
    open() {
      view.set({ ...view.get(), isOpen: true, hasFailed: false });
      if (view.get().loaded === undefined) void loadOnce();
    },
    close() {
      view.set({ ...view.get(), isOpen: false });
      view.get().loaded?.store.acknowledge();
    },
    lookBack() {
      const isSomethingKept = settings.get(KEY) !== null && settings.get(KEY) !== undefined;
      if (isSomethingKept && loading === undefined) void loadOnce();
    },
  };
}
