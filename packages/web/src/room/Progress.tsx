// Of a message that is not in the log yet: whether it waits, is on its way or was refused, and what can be done about it.
import type { PendingItem } from '@wireroom/client';
import { useConnection } from '@wireroom/client/react';
import { useTranslation } from 'react-i18next';
import { useThisRoom } from '../actions/this-room.ts';
import controls from '../app/controls.module.css';
import { usePage } from '../app/page.ts';
import { refusalText } from '../i18n/refusal-text.ts';
import { Icon } from '../icons/Icon.tsx';
import styles from './MessageRow.module.css';

export function Progress({ item }: { readonly item: PendingItem }) {
  const { t } = useTranslation();
  const { room } = useThisRoom();
  const { draftId, error } = item;
  const isFailed = item.state === 'failed';
  const state = useStateText(item);
  return (
    <>
      <span className={styles.progress} title={state}>
        <Icon name={isFailed ? 'failed' : 'clock'} size={16} />
        {item.state === 'sending' && <span className="visually-hidden">{state}</span>}
      </span>
      {item.state !== 'sending' && (
        <div className={styles.fate} data-failed={isFailed}>
          <span className={styles.fateTitle}>{state}</span>
          {error !== undefined && <span>{refusalText(t, error)}</span>}
          <span className={`${styles.fateActions} ${controls.flush}`}>
            {isFailed && (
              <button type="button" className={controls.inline} onClick={() => room.retry(draftId)}>
                {t('message.retry')}
              </button>
            )}
            <button type="button" className={controls.inline} onClick={() => room.cancel(draftId)}>
              {t(isFailed ? 'message.discard' : 'message.cancel')}
            </button>
          </span>
        </div>
      )}
    </>
  );
}

function useStateText({ state }: PendingItem): string {
  const { t } = useTranslation();
  const { client } = usePage();
  const connection = useConnection(client);
  if (state === 'queued' && connection.state !== 'open') return t('message.queued.offline');
  return t(`message.${state}`);
}
