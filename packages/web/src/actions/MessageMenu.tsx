// Everything that can be done with the message whose menu is open: one menu for the whole list, beside whatever opened it.
import { Menu } from '@base-ui/react/menu';
import type { MessageItem } from '@wireroom/client';
import { useTranslation } from 'react-i18next';
import menu from '../app/menu.module.css';
import { QUICK_EMOJI } from '../emoji/quick-emoji.ts';
import { Icon, type IconName } from '../icons/Icon.tsx';
import styles from './MessageMenu.module.css';
import { abilitiesOf, hasReacted } from './message-abilities.ts';

export type MenuChoice = 'picker' | 'edit' | 'copy' | 'receipt' | 'delete';

interface Props {
  readonly item: MessageItem | undefined;
  readonly isOpen: boolean;
  readonly anchor: Element | undefined;
  finalFocus(): HTMLElement | boolean;
  onReact(emoji: string): void;
  onChoose(choice: MenuChoice): void;
  onClose(): void;
}

export function MessageMenu({ item, isOpen, anchor, finalFocus, onClose, ...acts }: Props) {
  const { t } = useTranslation();
  return (
    <Menu.Root modal={false} open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Menu.Portal>
        <Menu.Positioner
          className={menu.positioner}
          anchor={anchor}
          align="end"
          sideOffset={6}
          collisionPadding={8}
        >
          <Menu.Popup
            className={menu.popup}
            finalFocus={finalFocus}
            aria-label={item && t('action.open', { seq: item.seq })}
          >
            {item !== undefined && <Choices item={item} {...acts} />}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

type ChoicesProps = Pick<Props, 'onReact' | 'onChoose'> & { readonly item: MessageItem };

function Choices({ item, onReact, onChoose }: ChoicesProps) {
  const { t } = useTranslation();
  const { canReact, canEdit, canCopy, canDelete } = abilitiesOf(item);
  const choice = (name: MenuChoice, icon: IconName, text: string) => (
    <Menu.Item className={menu.item} data-choice={name} onClick={() => onChoose(name)}>
      <span className={menu.mark}>
        <Icon name={icon} size={18} />
      </span>
      {text}
    </Menu.Item>
  );
  return (
    <>
      {canReact && (
        <>
          <Menu.Group className={styles.quick}>
            {QUICK_EMOJI.map((emoji) => (
              <Menu.CheckboxItem
                key={emoji}
                className={styles.emoji}
                checked={hasReacted(item, emoji)}
                closeOnClick
                aria-label={t('react.with', { emoji })}
                onCheckedChange={() => onReact(emoji)}
              >
                {emoji}
              </Menu.CheckboxItem>
            ))}
          </Menu.Group>
          {choice('picker', 'react', t('react.more'))}
          <Menu.Separator className={menu.separator} />
        </>
      )}
      {canEdit && choice('edit', 'edit', t('action.edit'))}
      {canCopy && choice('copy', 'copy', t('action.copy'))}
      {choice('receipt', 'wire', t('message.receipt', { seq: item.seq }))}
      {canDelete && (
        <>
          <Menu.Separator className={menu.separator} />
          <Menu.Item
            className={`${menu.item} ${styles.delete}`}
            data-choice="delete"
            onClick={() => onChoose('delete')}
          >
            <span className={`${menu.mark} ${styles.delete}`}>
              <Icon name="delete" size={18} />
            </span>
            {t('action.delete')}
          </Menu.Item>
        </>
      )}
    </>
  );
}
