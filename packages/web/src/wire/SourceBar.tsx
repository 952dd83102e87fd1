// The inspector's header: what is looked at, how the feed is, what can be done with a capture, and the way out.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import controls from '../app/controls.module.css';
import { Icon } from '../icons/Icon.tsx';
import type { Source, Sources } from './use-sources.ts';
import styles from './Wire.module.css';
import { type Say, useSay } from './words/words.ts';

interface Props {
  readonly sources: Sources;
  /** Saving, opening, sharing. */
  readonly children?: ReactNode;
  onClose(): void;
}

export function SourceBar({ sources, children, onClose }: Props) {
  const say = useSay();
  const { t } = useTranslation();
  const { list, chosen, choose } = sources;
  return (
    <header className={styles.bar}>
      <button
        type="button"
        className={`${controls.iconButton} ${styles.back}`}
        aria-label={say('wire.back')}
        onClick={onClose}
      >
        <Icon name="back" />
      </button>
      <h2 className={styles.title}>{say('wire.title')}</h2>
      {list.length > 0 && (
        <select
          className={styles.source}
          aria-label={say('wire.source')}
          value={chosen?.id}
          onChange={(event) => choose(event.target.value)}
        >
          {list.map((source) => (
            <option key={source.id} value={source.id}>
              {sourceName(source, say)}
            </option>
          ))}
        </select>
      )}
      <span className={styles.space} />
      {children}
      <a className={controls.iconButton} href="#learn" aria-label={t('learn.open')} title={t('learn.open')}>
        <Icon name="learn" />
      </a>
      <button
        type="button"
        className={`${controls.iconButton} ${styles.close}`}
        aria-label={say('wire.close')}
        title={say('wire.close')}
        onClick={onClose}
      >
        <Icon name="close" />
      </button>
    </header>
  );
}

function sourceName(source: Source, say: Say): string {
  if (source.kind === 'capture') return source.capture.name;
  const { connection, isOwn } = source;
  const time = new Date(connection.openedAt / 1000).toLocaleTimeString(undefined, { timeStyle: 'medium' });
  const name = isOwn ? say('source.own') : say(`source.${connection.gateway}`);
  return connection.isOpen ? `${name} · ${time}` : `${name} · ${time} · ${say('source.closed')}`;
}
