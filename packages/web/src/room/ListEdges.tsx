// What stands where there are no messages: at the beginning of the log, before older ones are loaded, in an empty room.
import type { RoomSnapshot } from '@wireroom/client';
import { useTranslation } from 'react-i18next';
import { useThisRoom } from '../actions/this-room.ts';
import controls from '../app/controls.module.css';
import { usePage } from '../app/page.ts';
import { refusalText } from '../i18n/refusal-text.ts';
import styles from './ListEdges.module.css';

/** Above the first row, while there are older ones. As high when they come, so that nothing jumps. */
export function ListStart({ room }: { readonly room: RoomSnapshot }) {
  const { t } = useTranslation();
  const { room: thisRoom } = useThisRoom();
  if (!room.hasOlder) return null;
  if (room.isLoadingOlder) return <div className={styles.start}>{t('room.older.loading')}</div>;
  return (
    <div className={styles.start}>
      <button
        type="button"
        className={`${controls.inline} ${controls.flush}`}
        onClick={() => thisRoom.loadOlder()}
      >
        {t('room.older')}
      </button>
    </div>
  );
}

/** Above the first entry of all. */
export function LogBeginning() {
  const { t } = useTranslation();
  return (
    <div className={styles.start} data-kind="beginning">
      {t('room.beginning')}
    </div>
  );
}

export function ListEmpty({ room }: { readonly room: RoomSnapshot }) {
  const { t } = useTranslation();
  const { client } = usePage();
  if (room.status === 'refused') {
    return (
      <div className={styles.empty} role="alert">
        {room.refusal !== undefined && <p>{refusalText(t, room.refusal)}</p>}
        <button type="button" className={controls.secondary} onClick={() => client.room(room.slug)}>
          {t('room.retry')}
        </button>
      </div>
    );
  }
  if (room.status !== 'live') {
    return (
      <div className={styles.empty} data-kind="joining" role="status">
        <p>{t('room.joining')}</p>
      </div>
    );
  }
  return (
    <div className={styles.empty}>
      <span className={styles.terminal} aria-hidden="true" />
      <h2 className={styles.emptyTitle}>{t('room.empty.title')}</h2>
      <p>{t('room.empty.body', { seq: 1 })}</p>
    </div>
  );
}
