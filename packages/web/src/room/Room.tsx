// The room: header, messages, message field, and who is here. Holds what these have to tell each other, and no more.
import type { ChatSnapshot, RoomSnapshot } from '@wireroom/client';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePageTitle } from '../browser/use-page-title.ts';
import { ReceiptOpener } from '../wire/message-opener.ts';
import { useWirePlace } from '../wire/use-wire-place.ts';
import { Composer } from './Composer.tsx';
import { ConnectionNote } from './ConnectionNote.tsx';
import { LiveMessages } from './LiveMessages.tsx';
import { MessageList } from './MessageList.tsx';
import { PeopleList } from './People.tsx';
import styles from './Room.module.css';
import { RoomHeader } from './RoomHeader.tsx';
import type { Sought } from './use-sought-row.ts';
import { coversChat, WirePlace } from './WirePlace.tsx';

interface Props {
  readonly snapshot: ChatSnapshot;
  readonly slug: string;
}

export function Room({ snapshot, slug }: Props) {
  const { t } = useTranslation();
  const found = snapshot.rooms[slug];
  const room = useMemo(() => found ?? emptyRoom(slug), [found, slug]);
  const title = slug === 'lobby' ? t('room.lobby') : room.title;
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

  return (
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
        <ReceiptOpener value={openReceipt}>
          <MessageList
            room={room}
            postCount={postCount}
            sought={isOpen && coversChat() ? undefined : sought}
          />
        </ReceiptOpener>
        <LiveMessages room={room} />
        <div className={styles.foot}>
          <ConnectionNote connection={snapshot.connection} isStorageWorking={snapshot.isStorageWorking} />
          <Composer slug={slug} onPost={() => setPostCount((count) => count + 1)} />
        </div>
      </main>
      <aside className={styles.rail} aria-label={t('people.title')}>
        <PeopleList room={room} you={snapshot.you} />
      </aside>
      {place.kind !== 'closed' && (
        <WirePlace place={place} room={room} onClose={close} onMessage={showMessage} />
      )}
    </div>
  );
}

/** Until the SDK knows the room. */
const emptyRoom = (slug: string): RoomSnapshot => ({
  slug,
  title: slug,
  status: 'joining',
  items: [],
  firstItemIndex: 0,
  hasOlder: false,
  isLoadingOlder: false,
  members: [],
  memberCount: 0,
  historyUrl: `/api/rooms/${slug}/history`,
});
