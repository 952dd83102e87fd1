// What can be done with a message, beside it: a few reactions, and the menu with everything. The button of the menu is always there, for
// screen readers; the rest comes with the pointer or the focus.
import type { MessageItem } from '@wireroom/client';
import type { MouseEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useCell } from '../browser/cell.ts';
import { QUICK_EMOJI, QUICK_IN_BAR } from '../emoji/quick-emoji.ts';
import { Icon, type IconName } from '../icons/Icon.tsx';
import { abilitiesOf, hasReacted } from './message-abilities.ts';
import styles from './RowBar.module.css';
import { useThisRoom } from './this-room.ts';
import { useToggleReaction } from './use-toggle-reaction.ts';

interface Props {
  readonly item: MessageItem;
  readonly isNear: boolean;
  /** 0 while the focus is in the row: Tab goes from the row to these and not through all rows. */
  readonly tabIndex: 0 | -1;
}

export function RowBar({ item, isNear, tabIndex }: Props) {
  const { t } = useTranslation();
  const { opened, edited } = useThisRoom();
  const toggle = useToggleReaction();
  const openKind = useCell(opened, (open) => (open?.seq === item.seq ? open.kind : undefined));
  const isEdited = useCell(edited, (edit) => edit?.seq === item.seq);
  const { canReact, canEdit } = abilitiesOf(item);
  const { seq } = item;
  const open = (kind: 'menu' | 'picker') => (event: MouseEvent<HTMLElement>) =>
    opened.set({ kind, seq, anchor: event.currentTarget });
  // Its field is in this place.
  if (isEdited) return null;
  const isShown = isNear || openKind !== undefined;
  return (
    <div className={styles.bar} data-shown={isShown}>
      {isShown && canReact && (
        <>
          {QUICK_EMOJI.slice(0, QUICK_IN_BAR).map((emoji) => (
            <button
              key={emoji}
              type="button"
              className={styles.button}
              data-control
              tabIndex={tabIndex}
              aria-pressed={hasReacted(item, emoji)}
              aria-label={t('react.with', { emoji })}
              onClick={() => toggle(item, emoji)}
            >
              <span className={styles.emoji}>{emoji}</span>
            </button>
          ))}
          <BarButton
            label={t('react.more')}
            icon="react"
            tabIndex={tabIndex}
            isOpen={openKind === 'picker'}
            onClick={open('picker')}
          />
        </>
      )}
      {isShown && canEdit && (
        <BarButton
          label={t('action.edit')}
          icon="edit"
          tabIndex={tabIndex}
          onClick={() => edited.set({ seq, text: item.text, from: 'row', isSettled: false })}
        />
      )}
      <BarButton
        label={t('action.open', { seq })}
        icon="more"
        tabIndex={tabIndex}
        isOpen={openKind === 'menu'}
        onClick={open('menu')}
      />
    </div>
  );
}

interface BarButtonProps {
  readonly label: string;
  readonly icon: IconName;
  readonly tabIndex: 0 | -1;
  /** Whether what it opens is open. Absent: it opens nothing. */
  readonly isOpen?: boolean;
  onClick(event: MouseEvent<HTMLElement>): void;
}

function BarButton({ label, icon, tabIndex, isOpen, onClick }: BarButtonProps) {
  return (
    <button
      type="button"
      className={styles.button}
      data-control
      data-actions={icon === 'more' || undefined}
      tabIndex={tabIndex}
      aria-label={label}
      title={label}
      aria-haspopup={isOpen === undefined ? undefined : icon === 'more' ? 'menu' : 'dialog'}
      aria-expanded={isOpen}
      onClick={onClick}
    >
      <Icon name={icon} size={18} />
    </button>
  );
}
