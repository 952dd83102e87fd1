// Above the message field while there is no connection: when the next try is, and what becomes of what was written and is written now.
// Says that something is kept only where the browser keeps it.
import type { ConnectionSnapshot } from '@wireroom/client';
import type { TFunction } from 'i18next';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import controls from '../app/controls.module.css';
import { usePage } from '../app/page.ts';
import styles from './ConnectionNote.module.css';

interface Props {
  readonly connection: ConnectionSnapshot;
  readonly isStorageWorking: boolean;
  /** What of one's own waits to be sent. */
  readonly waiting: number;
}

export function ConnectionNote({ connection, isStorageWorking, waiting }: Props) {
  const { t } = useTranslation();
  const { client } = usePage();
  const seconds = useSecondsUntil(connection.state === 'waiting' ? connection.retryAt : undefined);
  if (connection.state === 'open') return null;
  const isStopped = connection.state === 'stopped';
  return (
    <div className={styles.note} data-tone={isStopped ? 'danger' : 'wait'}>
      <p className={styles.head}>
        <strong className={styles.title}>{titleText(t, connection, seconds)}</strong>
        {(isStopped || connection.state === 'waiting') && (
          <button
            type="button"
            className={`${controls.inline} ${controls.flush}`}
            onClick={() => client.reconnectNow()}
          >
            {t('connection.now')}
          </button>
        )}
      </p>
      {isStopped && <p className={styles.detail}>{connection.reason}</p>}
      {(!isStopped || waiting > 0) && (
        <p className={styles.detail}>{keptText(t, isStorageWorking ? 'kept' : 'unkept', waiting)}</p>
      )}
    </div>
  );
}

function titleText(t: TFunction, connection: ConnectionSnapshot, count: number): string {
  switch (connection.state) {
    case 'stopped':
      return t('connection.stopped.title');
    case 'waiting':
      return t(connection.isRestart ? 'connection.restart' : 'connection.waiting', { count });
    case 'idle':
      return t('connection.idle');
    case 'connecting':
    case 'open':
      return t('connection.connecting');
  }
}

const keptText = (t: TFunction, kept: 'kept' | 'unkept', count: number): string =>
  count === 0 ? t(`connection.${kept}`) : t(`connection.${kept}.count`, { count });

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
