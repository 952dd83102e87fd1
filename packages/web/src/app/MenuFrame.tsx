// A button that opens a menu: trigger, popup and their places. What is in it, the caller says.
import { Menu } from '@base-ui/react/menu';
import type { ReactNode } from 'react';
import { Icon, type IconName } from '../icons/Icon.tsx';
import controls from './controls.module.css';
import styles from './menu.module.css';

interface Props {
  readonly label: string;
  readonly icon: IconName;
  readonly children: ReactNode;
}

export function MenuFrame({ label, icon, children }: Props) {
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger className={controls.iconButton} aria-label={label} title={label}>
        <Icon name={icon} />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className={styles.positioner} align="end" sideOffset={6} collisionPadding={8}>
          <Menu.Popup className={styles.popup}>{children}</Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
