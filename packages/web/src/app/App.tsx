// The whole page: picks the screen and mounts it. Knows no detail of any of them.
import { CSPProvider } from '@base-ui/react/csp-provider';
import { useChat } from '@wireroom/client/react';
import type { i18n } from 'i18next';
import { useState } from 'react';
import { I18nextProvider } from 'react-i18next';
import { Entrance } from '../entrance/Entrance.tsx';
import { Opening } from '../entrance/Opening.tsx';
import { useLearnPlace } from '../learn/use-learn-place.ts';
import { Room } from '../room/Room.tsx';
import { WirePlace } from '../room/WirePlace.tsx';
import { useWirePlace } from '../wire/use-wire-place.ts';
import { LearnPlace } from './LearnPlace.tsx';
import { type Page, PageProvider, usePage } from './page.ts';
import { screenOf } from './screen.ts';

/** The one room of this version. */
const ROOM = 'lobby';

interface Props {
  readonly page: Page;
  readonly i18n: i18n;
  /** A remembered name is already on its way in. */
  readonly isReturning: boolean;
}

export function App({ page, i18n, isReturning }: Props) {
  return (
    <CSPProvider disableStyleElements>
      <I18nextProvider i18n={i18n}>
        <PageProvider value={page}>
          <Screens isReturning={isReturning} />
        </PageProvider>
      </I18nextProvider>
    </CSPProvider>
  );
}

function Screens(props: { readonly isReturning: boolean }) {
  const { client } = usePage();
  const snapshot = useChat(client);
  const [isReturning, setReturning] = useState(props.isReturning);
  const chooseOther = (): void => {
    client.close();
    setReturning(false);
  };
  const learn = useLearnPlace();
  const wire = useWirePlace();
  const screen = screenOf(snapshot, isReturning);
  // The chat goes on behind it: the client is not of the screens.
  if (learn !== undefined) return <LearnPlace place={learn} />;
  // A capture can be looked at without being in the chat.
  if (wire.place.kind !== 'closed' && screen !== 'room')
    return <WirePlace place={wire.place} onClose={wire.close} isAlone />;
  switch (screen) {
    case 'entrance':
      return <Entrance snapshot={snapshot} onEnter={() => setReturning(false)} />;
    case 'opening':
      return <Opening connection={snapshot.connection} onOtherName={chooseOther} />;
    case 'unreachable':
      return <Opening connection={snapshot.connection} isStuck onOtherName={chooseOther} />;
    case 'room':
      return <Room snapshot={snapshot} slug={ROOM} />;
  }
}
