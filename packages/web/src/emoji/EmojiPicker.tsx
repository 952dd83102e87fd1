// The picker beside the message that is reacted to. Its inside is loaded when it is first opened; until then its place is held.
import { Popover } from '@base-ui/react/popover';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import menu from '../app/menu.module.css';
import styles from './EmojiPicker.module.css';

const EmojiGrid = lazy(async () => ({ default: (await import('./EmojiGrid.tsx')).EmojiGrid }));

interface Props {
  readonly isOpen: boolean;
  readonly anchor: Element | undefined;
  /** Where the focus goes afterwards. */
  finalFocus(): HTMLElement | boolean;
  onPick(emoji: string): void;
  onClose(): void;
}

export function EmojiPicker({ isOpen, anchor, finalFocus, onPick, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Popover.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Popover.Portal>
        <Popover.Positioner
          className={menu.positioner}
          anchor={anchor}
          align="end"
          sideOffset={6}
          collisionPadding={8}
        >
          <Popover.Popup
            className={`${menu.popup} ${styles.popup}`}
            aria-label={t('react.more')}
            finalFocus={finalFocus}
          >
            <Suspense fallback={<p className={styles.loading}>{t('emoji.loading')}</p>}>
              <EmojiGrid onPick={onPick} />
            </Suspense>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
