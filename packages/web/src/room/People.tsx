// Who is here: a list, in the rail of wide screens, and behind a button on narrow ones.
import { Popover } from '@base-ui/react/popover';
import type { RoomSnapshot } from '@wireroom/client';
import type { Author } from '@wireroom/protocol';
import { useTranslation } from 'react-i18next';
import controls from '../app/controls.module.css';
import menu from '../app/menu.module.css';
import { Icon } from '../icons/Icon.tsx';
import styles from './People.module.css';
import { wireOf } from './wire-colour.ts';

interface Props {
  readonly room: RoomSnapshot;
  readonly you: Author | undefined;
}

export function PeopleButton({ room, you }: Props) {
  const { t } = useTranslation();
  const count = t('people.count', { count: room.memberCount });
  return (
    <Popover.Root>
      <Popover.Trigger
        className={`${controls.iconButton} ${styles.button}`}
        aria-label={`${t('people.title')}: ${count}`}
        title={t('people.title')}
      >
        <Icon name="people" />
        <span className={styles.number}>{room.memberCount}</span>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner className={menu.positioner} align="end" sideOffset={6} collisionPadding={8}>
          <Popover.Popup className={`${menu.popup} ${styles.popup}`} aria-label={t('people.title')}>
            <PeopleList room={room} you={you} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

export function PeopleList({ room, you }: Props) {
  const { t, i18n } = useTranslation();
  const order = new Intl.Collator(i18n.language, { numeric: true });
  const isYou = (author: Author): boolean => author.authorId === you?.authorId;
  const people = [...room.members].sort(
    (one, other) => Number(isYou(other)) - Number(isYou(one)) || order.compare(one.name, other.name),
  );
  const unlisted = room.memberCount - room.members.length;
  return (
    <>
      <h2 className={styles.title}>
        {t('people.title')}
        <span className={styles.count}>{room.memberCount}</span>
      </h2>
      <ul className={styles.list}>
        {people.map((author) => (
          <li
            key={author.authorId}
            className={styles.person}
            data-wire={isYou(author) ? 'mine' : wireOf(author.authorId)}
          >
            <bdi className={styles.name}>{author.name}</bdi>
            {isYou(author) && <span className={styles.you}>{t('people.you')}</span>}
          </li>
        ))}
        {unlisted > 0 && <li className={styles.more}>{t('people.more', { count: unlisted })}</li>}
      </ul>
    </>
  );
}
