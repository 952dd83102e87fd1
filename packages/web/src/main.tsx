// The page's entry: makes the chat client over this browser's storage and draws the app. Everything else is imported.
import { createChatClient } from '@wireroom/client';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { createRecording } from './app/recording.ts';
import { followKeyboard } from './browser/keyboard-inset.ts';
import { forgivingStorage, webStorage } from './browser/page-storage.ts';
import { tellVisibility } from './browser/visibility.ts';
import { reconnectOnWake } from './browser/wake.ts';
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
const client = createChatClient({
  ...{ url: url.href, storage: shared, outboxStorage: ofThisTab },
  record: recording.isOn,
});
const page = {
  client,
  theme: createTheme(settings),
  tabStorage: forgivingStorage(ofThisTab),
  settings,
  recording,
};
const i18n = createPageI18n(settings);
followKeyboard(document.documentElement);
reconnectOnWake(client);
tellVisibility(client.tap);
const isReturning = client.resume();

const root = document.getElementById('app');
if (root === null) throw new Error('index.html has no #app');
createRoot(root).render(<App page={page} i18n={i18n} isReturning={isReturning} />);
