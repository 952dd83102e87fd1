// Above the message field while there is no connection: what becomes of what is written now, and when the next try is.
import type { ConnectionSnapshot } from '@wireroom/client';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import controls from '../app/controls.module.css';
import { usePage } from '../app/page.ts';
import styles from './ConnectionNote.module.css';

interface Props {
  readonly connection: ConnectionSnapshot;
  readonly isStorageWorking: boolean;
}

export function ConnectionNote({ connection, isStorageWorking }: Props) {
  const { t } = useTranslation();
  const { client } = usePage();
  const seconds = useSecondsUntil(connection.retryAt);
  if (connection.state === 'open') return null;
  const isStopped = connection.state === 'stopped';
  const title = (): string => {
    if (isStopped) return t('connection.stopped.title');
    return connection.state === 'waiting'
      ? t('connection.waiting', { count: seconds })
      : t('connection.connecting');
  };
  return (
    <div className={styles.note} data-tone={isStopped ? 'danger' : 'wait'}>
      <p>
        <strong className={styles.title}>{title()}</strong>
        {connection.state !== 'connecting' && connection.state !== 'idle' && (
          <button type="button" className={controls.inline} onClick={() => client.reconnectNow()}>
            {t('connection.now')}
          </button>
        )}
      </p>
      <p className={styles.detail}>
        {isStopped && connection.reason !== undefined
          ? connection.reason
          : isStorageWorking
            ? t('connection.kept')
            : t('connection.unkept')}
      </p>
    </div>
  );
}

/** Whole seconds until `at`, counted down; 0 once it has passed. */
function useSecondsUntil(at: number | undefined): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (at === undefined) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [at]);
  return at === undefined ? 0 : Math.max(0, Math.ceil((at - now) / 1000));
}
