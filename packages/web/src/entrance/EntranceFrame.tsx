// The ground of the screens before the room: the mark, the settings, the sentence that says what this is.
import type { TimelineItem } from '@wireroom/client';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import controls from '../app/controls.module.css';
import { MenuFrame } from '../app/MenuFrame.tsx';
import { SettingsItems } from '../app/SettingsItems.tsx';
import { usePageTitle } from '../browser/use-page-title.ts';
import { Icon } from '../icons/Icon.tsx';
import styles from './Entrance.module.css';

const NOTHING: readonly TimelineItem[] = [];

export function EntranceFrame({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation();
  usePageTitle(undefined, NOTHING, false);
  return (
    <div className={styles.screen}>
      <header className={styles.bar}>
        <h1 className={styles.mark}>
          <Icon name="mark" size={24} />
          Wireroom
        </h1>
        <a className={`${controls.iconButton} ${styles.learn}`} href="#learn">
          <Icon name="learn" size={18} />
          {t('learn.open')}
        </a>
        <MenuFrame label={`${t('menu.language')} / ${t('menu.theme')}`} icon="settings">
          <SettingsItems />
        </MenuFrame>
      </header>
      <main className={styles.stage}>
        <p className={styles.lead}>{t('app.lead')}</p>
        {children}
      </main>
    </div>
  );
}
