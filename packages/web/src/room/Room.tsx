// The room: header, messages, message field, and who is here. Holds what these have to tell each other, and no more.
import type { ChatSnapshot, RoomSnapshot } from '@wireroom/client';
import { useRoom } from '@wireroom/client/react';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { RoomChanges } from '../about/RoomChanges.tsx';
import { lastEditable } from '../actions/message-abilities.ts';
import { createThisRoom, ThisRoomProvider } from '../actions/this-room.ts';
import { usePage } from '../app/page.ts';
import { usePageTitle } from '../browser/use-page-title.ts';
import { DownloadOffer } from '../download/DownloadPlace.tsx';
import { ReceiptOpener } from '../wire/message-opener.ts';
import { useWirePlace } from '../wire/use-wire-place.ts';
import { Composer } from './Composer.tsx';
import { ConnectionNote } from './ConnectionNote.tsx';
import { LiveMessages } from './LiveMessages.tsx';
import { MessageList } from './MessageList.tsx';
import { PeopleList } from './People.tsx';
import styles from './Room.module.css';
import { RoomHeader } from './RoomHeader.tsx';
import { waitingCount } from './unsent-count.ts';
import type { Sought } from './use-sought-row.ts';
import { coversChat, WirePlace } from './WirePlace.tsx';

interface Props {
  readonly snapshot: ChatSnapshot;
  readonly slug: string;
}

/** What the server calls the lobby until somebody renames it. */
const DEFAULT_TITLE = 'Lobby';

export function Room({ snapshot, slug }: Props) {
  const { t } = useTranslation();
  const { client, tabStorage } = usePage();
  const { room: thisRoom, snapshot: room } = useRoom(client, slug);
  const common = useMemo(() => createThisRoom(thisRoom, tabStorage), [thisRoom, tabStorage]);
  // Until somebody gives it another, the lobby bears its name in the reader's language.
  const title = slug === 'lobby' && isUnnamed(room) ? t('room.lobby') : room.title;
  /** Counts one's own messages: each brings the list back to its end. */
  const [postCount, setPostCount] = useState(0);
  usePageTitle(title, room.items, room.status === 'live');
  const { place, open, close } = useWirePlace();
  const [sought, setSought] = useState<Sought>();
  const isOpen = place.kind !== 'closed';
  /** Where the inspector covers the chat it has to make way for what is to be seen there. */
  const showMessage = (seq: number): void => {
    setSought({ seq });
    if (coversChat()) close();
  };
  const openReceipt = useCallback((seq: number) => open({ kind: 'message', seq }), [open]);
  const editLast = (): boolean => {
    const last = lastEditable(room.items);
    if (last === undefined) return false;
    const isDrawn = document.querySelector(`[data-row][data-seq="${last.seq}"]`) !== null;
    common.edited.set({ seq: last.seq, text: last.text, from: 'composer', isSettled: false });
    if (!isDrawn) setSought({ seq: last.seq });
    return true;
  };

  return (
    <ThisRoomProvider value={common}>
      <ReceiptOpener value={openReceipt}>
        <div className={styles.room} data-wire-open={isOpen}>
          <a className={styles.skip} href="#composer">
            {t('app.skip')}
          </a>
          <RoomHeader
            snapshot={snapshot}
            room={room}
            title={title}
            onWire={() => (place.kind === 'closed' ? open({ kind: 'connection' }) : close())}
          />
          <main className={styles.main}>
            <DownloadOffer />
            <RoomChanges room={room} />
            <MessageList
              room={room}
              postCount={postCount}
              sought={isOpen && coversChat() ? undefined : sought}
            />
            <LiveMessages room={room} />
            <div className={styles.foot}>
              <ConnectionNote
                connection={snapshot.connection}
                isStorageWorking={snapshot.isStorageWorking}
                waiting={waitingCount(room)}
              />
              <Composer slug={slug} onPost={() => setPostCount((count) => count + 1)} onEditLast={editLast} />
            </div>
          </main>
          <aside className={styles.rail} aria-label={t('people.title')}>
            <PeopleList room={room} you={snapshot.you} />
          </aside>
          {place.kind !== 'closed' && (
            <WirePlace place={place} room={room} onClose={close} onMessage={showMessage} />
          )}
        </div>
      </ReceiptOpener>
    </ThisRoomProvider>
  );
}

const isUnnamed = ({ title, slug, status }: RoomSnapshot): boolean =>
  title === DEFAULT_TITLE || (status === 'joining' && title === slug);
