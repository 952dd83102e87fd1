// For somebody who comes back: the moment before the room, and what to do when nobody answers.
import type { ConnectionSnapshot } from '@wireroom/client';
import { useTranslation } from 'react-i18next';
import controls from '../app/controls.module.css';
import { usePage } from '../app/page.ts';
import styles from './Entrance.module.css';
import { EntranceFrame } from './EntranceFrame.tsx';

interface Props {
  readonly connection: ConnectionSnapshot;
  readonly isStuck?: boolean;
  onOtherName(): void;
}

export function Opening({ connection, isStuck = false, onOtherName }: Props) {
  const { t } = useTranslation();
  const { client } = usePage();
  return (
    <EntranceFrame>
      <div className={styles.line} data-state={isStuck ? 'cut' : 'busy'} aria-hidden="true">
        <span className={styles.name} />
      </div>
      {isStuck ? (
        <div className={styles.stuck} role="alert">
          <h2 className={styles.stuckTitle}>{t('unreachable.title')}</h2>
          <p>{connection.state === 'stopped' ? connection.reason : t('unreachable.body')}</p>
          <div className={styles.actions}>
            <button type="button" className={controls.primary} onClick={() => client.reconnectNow()}>
              {t('unreachable.now')}
            </button>
            <button type="button" className={controls.secondary} onClick={onOtherName}>
              {t('unreachable.other')}
            </button>
          </div>
        </div>
      ) : (
        <p className={styles.opening} role="status">
          {t('app.opening')}
        </p>
      )}
    </EntranceFrame>
  );
}
