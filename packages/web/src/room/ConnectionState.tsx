// How the connection is, in one sign and a few words. Calm: it says what is, the page does what is needed.
import type { ConnectionSnapshot } from '@wireroom/client';
import { useTranslation } from 'react-i18next';
import { Icon } from '../icons/Icon.tsx';
import styles from './RoomHeader.module.css';

interface Props {
  readonly connection: ConnectionSnapshot;
  readonly isCatchingUp: boolean;
}

export function ConnectionState({ connection, isCatchingUp }: Props) {
  const { t } = useTranslation();
  const { state } = connection;
  const text = (): string => {
    switch (connection.state) {
      case 'open':
        return isCatchingUp ? t('connection.catchingUp') : t('connection.open');
      case 'connecting':
        return t('connection.connecting');
      case 'waiting':
        return t(connection.isRestart ? 'connection.restartShort' : 'connection.waitingShort');
      case 'stopped':
        return t('connection.stopped');
      case 'idle':
        return t('connection.idle');
    }
  };
  return (
    <span className={styles.connection} data-state={state} role="status">
      <Icon name={state === 'open' ? 'joined' : 'parted'} size={18} />
      <span className={styles.connectionText}>{text()}</span>
    </span>
  );
}
