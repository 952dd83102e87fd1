// The page's entry: makes the chat client over this browser's storage and draws the app. Everything else is imported.
import { createChat } from '@wireroom/client';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { createRecording } from './app/recording.ts';
import { followKeyboard } from './browser/keyboard-inset.ts';
import { forgivingStorage, webStorage } from './browser/page-storage.ts';
import { tellVisibility } from './browser/visibility.ts';
import { createDownloadFront } from './download/download-front.ts';
import { createPageI18n } from './i18n/i18n.ts';
import './theme/tokens.css';
import './theme/base.css';
import { createTheme } from './theme/theme.ts';

const shared = webStorage(() => window.localStorage);
const ofThisTab = webStorage(() => window.sessionStorage);
const settings = forgivingStorage(shared);

/** The page's own host and port: the policy allows no other. */
const url = new URL('/ws', window.location.href);
url.protocol = url.protocol.replace('http', 'ws');

const recording = createRecording(settings, () => window.location.reload());
const client = createChat({
  ...{ url: url.href, storage: shared, entersByItself: false },
  record: recording.isOn,
});
const page = {
  client,
  theme: createTheme(settings),
  tabStorage: forgivingStorage(ofThisTab),
  settings,
  recording,
  downloads: createDownloadFront(settings, async (remember) =>
    (await import('./download/downloads.ts')).createDownloads(client, remember),
  ),
};
const i18n = createPageI18n(settings);
followKeyboard(document.documentElement);
tellVisibility(client.tap);
const isReturning = client.resume();

const root = document.getElementById('app');
if (root === null) throw new Error('index.html has no #app');
createRoot(root).render(<App page={page} i18n={i18n} isReturning={isReturning} />);
