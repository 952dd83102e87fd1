// What every screen may need of the page around it: the chat, the settings, and the tab's own storage. One context, set once.
import type { Chat, KeyValueStorage } from '@wireroom/client';
import { createContext, useContext } from 'react';
import type { DownloadFront } from '../download/download-front.ts';
import type { Theme } from '../theme/theme.ts';
import type { LiveWire } from '../wire/live/live-wire.ts';
import type { Recording } from './recording.ts';

export interface Page {
  readonly client: Chat;
  readonly theme: Theme;
  /** This tab's, for what is typed and not sent. Never throws. */
  readonly tabStorage: KeyValueStorage;
  /** This browser's, for what was chosen. Never throws. */
  readonly settings: KeyValueStorage;
  /** What is recorded of this page's connections while it happens; absent where nothing is. */
  readonly live?: LiveWire;
  readonly recording: Recording;
  readonly downloads: DownloadFront;
}

const PageContext = createContext<Page | undefined>(undefined);

export const PageProvider = PageContext.Provider;

export function usePage(): Page {
  const page = useContext(PageContext);
  if (page === undefined) throw new Error('usePage outside of PageProvider');
  return page;
}
