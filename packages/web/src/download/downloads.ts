// The download's own entry, loaded when somebody needs it: the store over this browser and the SDK, and the views.
import type { Chat } from '@wireroom/client';
import type { LoadedDownloads } from './download-front.ts';
import { DownloadStore } from './download-store.ts';
import { chatSource } from './history-source.ts';
import { BrowserKeep } from './keep/browser-keep.ts';
import { BrowserTabs } from './keep/browser-tabs.ts';
import { DownloadDatabase } from './keep/download-database.ts';
import { Offer } from './views/Offer.tsx';
import { Panel } from './views/Panel.tsx';
import { Sign } from './views/Sign.tsx';

const ID_BYTES = 12;

export function createDownloads(client: Chat, remember: (isSomethingKept: boolean) => void): LoadedDownloads {
  const canTalk = typeof BroadcastChannel === 'function';
  const store = new DownloadStore({
    source: chatSource(client),
    keep: new BrowserKeep(new DownloadDatabase(window.indexedDB), window),
    tabs: new BrowserTabs(canTalk ? (name) => new BroadcastChannel(name) : undefined),
    now: () => Date.now(),
    newId: () => hexOf(crypto.getRandomValues(new Uint8Array(ID_BYTES))),
    remember,
  });
  return { store, Panel, Sign, Offer };
}

const hexOf = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
