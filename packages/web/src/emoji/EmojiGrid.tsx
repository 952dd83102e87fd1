// The picker's inside: groups of emoji in a grid, one Tab stop, arrow keys between them. Loaded when somebody first wants more than the
// quick ones. Where it stands and what becomes of the choice: EmojiPicker.tsx.
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './EmojiPicker.module.css';
import { COLUMNS, EMOJI_GROUPS, GROUP_NAMES } from './emoji-groups.ts';
import { pickerStep } from './picker-keys.ts';

const FIRST = EMOJI_GROUPS.faces[0];

export function EmojiGrid({ onPick }: { onPick(emoji: string): void }) {
  const { t } = useTranslation();
  const grid = useRef<HTMLDivElement>(null);
  /** The one that Tab leads to. */
  const [current, setCurrent] = useState<string>(FIRST);
  useEffect(() => {
    buttonsOf(grid.current)[0]?.focus({ preventScroll: true });
  }, []);
  const move = (event: KeyboardEvent): void => {
    const buttons = buttonsOf(grid.current);
    const from = buttons.findIndex((button) => button === document.activeElement);
    const to = pickerStep(event.key, { from, count: buttons.length, columns: COLUMNS });
    if (from < 0 || to === undefined) return;
    event.preventDefault();
    buttons[to]?.focus();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the arrow keys are a convenience for those who are in the grid already
    <div ref={grid} className={styles.groups} onKeyDown={move}>
      {GROUP_NAMES.map((name) => (
        <fieldset key={name} className={styles.group}>
          <legend className={styles.groupName}>{t(`emoji.${name}`)}</legend>
          <div className={styles.grid}>
            {EMOJI_GROUPS[name].map((emoji) => (
              <button
                key={emoji}
                type="button"
                className={styles.emoji}
                tabIndex={emoji === current ? 0 : -1}
                onFocus={() => setCurrent(emoji)}
                onClick={() => onPick(emoji)}
              >
                {emoji}
              </button>
            ))}
          </div>
        </fieldset>
      ))}
    </div>
  );
}

const buttonsOf = (grid: HTMLElement | null): readonly HTMLElement[] => [
  ...(grid?.querySelectorAll('button') ?? []),
];
