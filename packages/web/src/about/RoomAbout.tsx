// The room's title and topic in the header; a press opens the dialog in which both are changed.
import { Dialog } from '@base-ui/react/dialog';
import type { RoomSnapshot } from '@wireroom/client';
import { useTranslation } from 'react-i18next';
import { AboutDialog } from './AboutDialog.tsx';
import styles from './RoomAbout.module.css';

interface Props {
  readonly room: RoomSnapshot;
  readonly title: string;
  readonly isOpen: boolean;
  onOpenChange(isOpen: boolean): void;
}

export function RoomAbout({ room, title, isOpen, onOpenChange }: Props) {
  const { t } = useTranslation();
  const { topic } = room;
  return (
    <div className={styles.about}>
      <h1 className={styles.title} title={title}>
        {title}
      </h1>
      {topic !== '' && (
        <p className={styles.topic} dir="auto" title={topic}>
          {topic}
        </p>
      )}
      <Dialog.Root open={isOpen} onOpenChange={onOpenChange}>
        <Dialog.Trigger
          className={styles.change}
          aria-label={t('room.about.change')}
          title={topic === '' ? t('room.about.change') : `${topic}\n\n${t('room.about.change')}`}
        />
        <AboutDialog title={title} topic={topic} onClose={() => onOpenChange(false)} />
      </Dialog.Root>
    </div>
  );
}
