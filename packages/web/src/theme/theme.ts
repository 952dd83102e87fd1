// Light, dark, or as the system says: the choice, remembered, and applied to <html>. public/theme.js does the same once
// before the first paint; from then on it is done here.
import type { KeyValueStorage } from '@wireroom/client';

export const THEME_CHOICES = ['system', 'light', 'dark'] as const;
export type ThemeChoice = (typeof THEME_CHOICES)[number];

const KEY = 'wireroom.theme';
const DARK = '(prefers-color-scheme: dark)';

export const isThemeChoice = (value: unknown): value is ThemeChoice =>
  THEME_CHOICES.some((choice) => choice === value);

export function resolveTheme(choice: ThemeChoice, isSystemDark: boolean): 'light' | 'dark' {
  if (choice === 'system') return isSystemDark ? 'dark' : 'light';
  return choice;
}

export interface Theme {
  choice(): ThemeChoice;
  choose(choice: ThemeChoice): void;
  subscribe(listener: () => void): () => void;
}

/** One per page. Follows the system's setting while the choice is `system`. */
export function createTheme(storage: KeyValueStorage): Theme {
  const stored = storage.get(KEY);
  let choice: ThemeChoice = isThemeChoice(stored) ? stored : 'system';
  const listeners = new Set<() => void>();
  const system = window.matchMedia(DARK);
  const apply = (): void => paint(resolveTheme(choice, system.matches));
  system.addEventListener('change', apply);
  apply();
  return {
    choice: () => choice,
    choose(next) {
      choice = next;
      storage.set(KEY, next);
      apply();
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function paint(theme: 'light' | 'dark'): void {
  const root = document.documentElement;
  root.dataset.theme = theme;
  const paper = getComputedStyle(root).getPropertyValue('--paper').trim();
  const meta = document.querySelector<HTMLMetaElement>('meta[name="theme-color"]');
  if (meta !== null && paper !== '') meta.content = paper;
}
