// The room's name, the state of the connection, who is here, and the menu. Its lower edge is a wire that shows the state too.
import { AlertDialog } from '@base-ui/react/alert-dialog';
import { Menu } from '@base-ui/react/menu';
import type { ChatSnapshot, RoomSnapshot } from '@wireroom/client';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import controls from '../app/controls.module.css';
import { MenuFrame } from '../app/MenuFrame.tsx';
import menu from '../app/menu.module.css';
import { usePage } from '../app/page.ts';
import { SettingsItems } from '../app/SettingsItems.tsx';
import { Icon } from '../icons/Icon.tsx';
import { ConnectionState } from './ConnectionState.tsx';
import { LeaveDialog } from './LeaveDialog.tsx';
import { PeopleButton } from './People.tsx';
import styles from './RoomHeader.module.css';

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
  const unsent = room.items.filter((item) => item.kind === 'pending').length;
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
        <h1 className={styles.title}>{title}</h1>
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
        <MenuFrame label={t('menu.open')} icon="menu">
          <Menu.LinkItem
            className={menu.item}
            closeOnClick
            href={room.historyUrl}
            download={`wireroom-${room.slug}.ndjson`}
          >
            <span className={menu.mark}>
              <Icon name="download" size={18} />
            </span>
            {t('menu.history')}
          </Menu.LinkItem>
          <Menu.LinkItem className={menu.item} closeOnClick href="#learn">
            <span className={menu.mark}>
              <Icon name="learn" size={18} />
            </span>
            {t('learn.open')}
          </Menu.LinkItem>
          <Menu.Separator className={menu.separator} />
          <SettingsItems />
          <Menu.Separator className={menu.separator} />
          <Menu.Item className={menu.item} onClick={leave}>
            <span className={menu.mark}>
              <Icon name="leave" size={18} />
            </span>
            {t('menu.leave')}
          </Menu.Item>
        </MenuFrame>
      </div>
      <div className={styles.wire} data-state={state} aria-hidden="true" />
      <AlertDialog.Root open={isAsking} onOpenChange={setAsking}>
        <LeaveDialog unsent={unsent} onLeave={() => void client.exit()} />
      </AlertDialog.Root>
    </header>
  );
}
