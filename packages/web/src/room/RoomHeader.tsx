// The room's name, the state of the connection, who is here, and the menu. Its lower edge is a wire that shows the state too.
import { AlertDialog } from '@base-ui/react/alert-dialog';
import type { ChatSnapshot, RoomSnapshot } from '@wireroom/client';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { RoomAbout } from '../about/RoomAbout.tsx';
import controls from '../app/controls.module.css';
import { MenuFrame } from '../app/MenuFrame.tsx';
import { usePage } from '../app/page.ts';
import { DownloadPlace } from '../download/DownloadPlace.tsx';
import { Icon } from '../icons/Icon.tsx';
import { ConnectionState } from './ConnectionState.tsx';
import { LeaveDialog } from './LeaveDialog.tsx';
import { PeopleButton } from './People.tsx';
import styles from './RoomHeader.module.css';
import { RoomMenuItems } from './RoomMenuItems.tsx';
import { unsentCount } from './unsent-count.ts';

interface Props {
  readonly snapshot: ChatSnapshot;
  readonly room: RoomSnapshot;
  readonly title: string;
  /** Opens the inspector on this connection, or closes it. */
  onWire(): void;
}

export function RoomHeader({ snapshot, room, title, onWire }: Props) {
  const { t } = useTranslation();
  const { client } = usePage();
  const [isAsking, setAsking] = useState(false);
  const [isAbout, setAbout] = useState(false);
  const unsent = unsentCount(room);
  const leave = (): void => {
    if (unsent > 0) setAsking(true);
    else void client.exit();
  };
  const { state } = snapshot.connection;
  return (
    <header className={styles.header}>
      <div className={styles.bar}>
        <span className={styles.mark}>
          <Icon name="mark" size={24} />
        </span>
        <RoomAbout {...{ room, title, isOpen: isAbout, onOpenChange: setAbout }} />
        <ConnectionState connection={snapshot.connection} isCatchingUp={room.status === 'catching-up'} />
        <button
          type="button"
          className={controls.iconButton}
          aria-label={t('wire.watch')}
          title={t('wire.watch')}
          onClick={onWire}
        >
          <Icon name="wire" />
        </button>
        <PeopleButton room={room} you={snapshot.you} />
        <DownloadPlace room={room} title={title} />
        <MenuFrame label={t('menu.open')} icon="menu">
          <RoomMenuItems onAbout={() => setAbout(true)} onLeave={leave} />
        </MenuFrame>
      </div>
      <div className={styles.wire} data-state={state} aria-hidden="true" />
      <AlertDialog.Root open={isAsking} onOpenChange={setAsking}>
        <LeaveDialog unsent={unsent} onLeave={() => void client.exit()} />
      </AlertDialog.Root>
    </header>
  );
}
