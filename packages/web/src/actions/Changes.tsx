// What became of one's own changes to a message: quiet while they wait, plain where one was refused, with what can be done about it.
// What is only on its way says nothing.
import type { MessageItem, PendingChange } from '@wireroom/client';
import { useTranslation } from 'react-i18next';
import controls from '../app/controls.module.css';
import { refusalText } from '../i18n/refusal-text.ts';
import styles from './Changes.module.css';
import { useThisRoom } from './this-room.ts';

/** Reactions that wait show on themselves. */
const isTold = ({ state, content }: PendingChange): boolean =>
  state === 'failed' || (state === 'queued' && (content.type === 'edit' || content.type === 'delete'));

export function MessageChanges({ item }: { readonly item: MessageItem }) {
  const { edited } = useThisRoom();
  const again = ({ content }: PendingChange) =>
    content.type === 'edit'
      ? () => edited.set({ seq: item.seq, text: content.text, from: 'row', isSettled: false })
      : undefined;
  const told = item.changes.filter(isTold);
  return told.map((change) => <Change key={change.draftId} change={change} onEdit={again(change)} />);
}

interface Props {
  readonly change: PendingChange;
  /** Brings a refused text back into its field. */
  readonly onEdit?: (() => void) | undefined;
}

export function Change({ change, onEdit }: Props) {
  const { t } = useTranslation();
  const { room } = useThisRoom();
  const { draftId, content, state, error } = change;
  const isFailed = state === 'failed';
  const type = content.type === 'message' ? 'edit' : content.type;
  const words = { emoji: 'emoji' in content ? content.emoji : '' };
  return (
    <div className={styles.change} data-failed={isFailed} data-change={content.type}>
      <span className={styles.title}>
        {t(isFailed ? `change.${type}.failed` : `change.${type}.queued`, words)}
      </span>
      {error !== undefined && <span>{refusalText(t, error)}</span>}
      {isFailed && content.type === 'edit' && (
        <span className={styles.typed} dir="auto">
          {content.text}
        </span>
      )}
      <span className={styles.acts}>
        {isFailed && (
          <button
            type="button"
            className={`${controls.inline} ${controls.flush}`}
            onClick={() => room.retry(draftId)}
          >
            {t('message.retry')}
          </button>
        )}
        {isFailed && onEdit !== undefined && (
          <button type="button" className={controls.inline} onClick={onEdit}>
            {t('change.editAgain')}
          </button>
        )}
        <button
          type="button"
          className={`${controls.inline} ${isFailed ? '' : controls.flush}`}
          onClick={() => room.cancel(draftId)}
        >
          {t(isFailed ? 'message.discard' : 'message.cancel')}
        </button>
      </span>
    </div>
  );
}
