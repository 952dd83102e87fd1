// Language and appearance as items of a menu; used wherever a menu carries the settings.
import { Menu } from '@base-ui/react/menu';
import type { ReactNode } from 'react';
import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { LANGUAGE_NAMES, LANGUAGES } from '../i18n/language.ts';
import { Icon } from '../icons/Icon.tsx';
import { isThemeChoice, THEME_CHOICES } from '../theme/theme.ts';
import styles from './menu.module.css';
import { usePage } from './page.ts';

export function SettingsItems() {
  const { t, i18n } = useTranslation();
  const { theme, recording } = usePage();
  const choice = useSyncExternalStore(theme.subscribe, theme.choice);
  return (
    <>
      <Menu.Group>
        <Menu.GroupLabel className={styles.label}>{t('menu.language')}</Menu.GroupLabel>
        <Menu.RadioGroup
          value={i18n.language}
          onValueChange={(language: unknown) => void i18n.changeLanguage(String(language))}
        >
          {LANGUAGES.map((language) => (
            <Choice key={language} value={language}>
              <span lang={language}>{LANGUAGE_NAMES[language]}</span>
            </Choice>
          ))}
        </Menu.RadioGroup>
      </Menu.Group>
      <Menu.Separator className={styles.separator} />
      <Menu.Group>
        <Menu.GroupLabel className={styles.label}>{t('menu.theme')}</Menu.GroupLabel>
        <Menu.RadioGroup
          value={choice}
          onValueChange={(next: unknown) => isThemeChoice(next) && theme.choose(next)}
        >
          {THEME_CHOICES.map((name) => (
            <Choice key={name} value={name}>
              {t(`menu.theme.${name}`)}
            </Choice>
          ))}
        </Menu.RadioGroup>
      </Menu.Group>
      <Menu.Separator className={styles.separator} />
      <Menu.CheckboxItem
        className={styles.item}
        checked={recording.isOn}
        onCheckedChange={(isOn) => recording.turn(isOn ? 'on' : 'off')}
      >
        <span className={styles.mark}>
          <Menu.CheckboxItemIndicator>
            <Icon name="check" size={16} />
          </Menu.CheckboxItemIndicator>
        </span>
        {t('menu.record')}
      </Menu.CheckboxItem>
      <p className={styles.explained}>{t('menu.record.about')}</p>
    </>
  );
}

function Choice({ value, children }: { readonly value: string; readonly children: ReactNode }) {
  return (
    <Menu.RadioItem className={styles.item} value={value}>
      <span className={styles.mark}>
        <Menu.RadioItemIndicator>
          <Icon name="check" size={16} />
        </Menu.RadioItemIndicator>
      </span>
      {children}
    </Menu.RadioItem>
  );
}
