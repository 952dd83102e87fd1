// What the room's menu offers: its title and topic, its history, the course, the settings, and the way out.
import { Menu } from '@base-ui/react/menu';
import { useTranslation } from 'react-i18next';
import menu from '../app/menu.module.css';
import { usePage } from '../app/page.ts';
import { SettingsItems } from '../app/SettingsItems.tsx';
import { Icon } from '../icons/Icon.tsx';

interface Props {
  onAbout(): void;
  onLeave(): void;
}

export function RoomMenuItems({ onAbout, onLeave }: Props) {
  const { t } = useTranslation();
  const { downloads } = usePage();
  return (
    <>
      <Menu.Item className={menu.item} onClick={onAbout}>
        <span className={menu.mark}>
          <Icon name="edit" size={18} />
        </span>
        {t('room.about')}
      </Menu.Item>
      <Menu.Item className={menu.item} onClick={downloads.open}>
        <span className={menu.mark}>
          <Icon name="download" size={18} />
        </span>
        {t('menu.history')}
      </Menu.Item>
      <Menu.LinkItem className={menu.item} closeOnClick href="#learn">
        <span className={menu.mark}>
          <Icon name="learn" size={18} />
        </span>
        {t('learn.open')}
      </Menu.LinkItem>
      <Menu.Separator className={menu.separator} />
      <SettingsItems />
      <Menu.Separator className={menu.separator} />
      <Menu.Item className={menu.item} onClick={onLeave}>
        <span className={menu.mark}>
          <Icon name="leave" size={18} />
        </span>
        {t('menu.leave')}
      </Menu.Item>
    </>
  );
}
