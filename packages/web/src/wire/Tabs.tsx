// The views of the inspector as a list of tabs: the arrow keys go from one to the next.
import { type KeyboardEvent, useEffect, useRef } from 'react';
import styles from './Tabs.module.css';
import { useHiddenEnds } from './use-hidden-ends.ts';

interface Props<Name extends string> {
  readonly label: string;
  readonly tabs: readonly { readonly name: Name; readonly text: string }[];
  readonly chosen: Name;
  onChoose(name: Name): void;
}

export const panelId = 'wire-panel';
export const tabId = (name: string): string => `wire-tab-${name}`;

export function Tabs<Name extends string>({ label, tabs, chosen, onChoose }: Props<Name>) {
  const list = useRef<HTMLDivElement>(null);
  const hidden = useHiddenEnds(list);
  useEffect(() => {
    list.current?.querySelector(`#${tabId(chosen)}`)?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [chosen]);
  const move = (event: KeyboardEvent<HTMLElement>): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const at = tabs.findIndex(({ name }) => name === chosen);
    const next = tabs[(at + step + tabs.length) % tabs.length];
    if (next === undefined) return;
    event.preventDefault();
    onChoose(next.name);
    event.currentTarget.querySelector<HTMLElement>(`#${tabId(next.name)}`)?.focus();
  };
  return (
    <div
      ref={list}
      className={styles.tabs}
      data-hidden={hidden}
      role="tablist"
      aria-label={label}
      onKeyDown={move}
    >
      {tabs.map(({ name, text }) => (
        <button
          type="button"
          role="tab"
          key={name}
          id={tabId(name)}
          className={styles.tab}
          aria-selected={name === chosen}
          aria-controls={panelId}
          tabIndex={name === chosen ? 0 : -1}
          onClick={() => onChoose(name)}
        >
          {text}
        </button>
      ))}
    </div>
  );
}
