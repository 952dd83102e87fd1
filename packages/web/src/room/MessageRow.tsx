// A message, or a draft on its way to becoming one. Its piece of wire tells which: whole in its author's colour once it is
// in the log, dashed while it waits, red where it was refused, dotted where its text is gone.
import type { MessageItem, PendingItem } from '@wireroom/client';
import { useTranslation } from 'react-i18next';
import { MessageChanges } from '../actions/Changes.tsx';
import { EditField } from '../actions/EditField.tsx';
import { Reactions } from '../actions/Reactions.tsx';
import { RowBar } from '../actions/RowBar.tsx';
import { useThisRoom } from '../actions/this-room.ts';
import { useNear } from '../actions/use-near.ts';
import { useRowPresses } from '../actions/use-row-presses.ts';
import { useCell } from '../browser/cell.ts';
import { MessageText } from '../text/MessageText.tsx';
import { useReceiptOpener } from '../wire/message-opener.ts';
import styles from './MessageRow.module.css';
import type { Layout } from './message-layout.ts';
import { Progress } from './Progress.tsx';
import { clockText, fullText } from './time-text.ts';
import { wireOf } from './wire-colour.ts';

interface Props {
  readonly item: MessageItem | PendingItem;
  readonly layout: Layout;
  readonly locale: string;
}

export function MessageRow({ item, layout, locale }: Props) {
  const { t } = useTranslation();
  const isMine = item.kind === 'pending' || item.isMine;
  const message = item.kind === 'message' ? item : undefined;
  const presses = useRowPresses(message);
  const { isHovered, hasFocus, handlers } = useNear();
  const tabIndex = hasFocus ? 0 : -1;
  return (
    <article
      className={styles.row}
      data-row
      data-kind={item.kind === 'pending' ? item.state : 'message'}
      data-wire={isMine ? 'mine' : wireOf(item.author.authorId)}
      data-seq={message?.seq}
      data-deleted={message?.isDeleted}
      data-head={layout.isHead}
      data-tail={layout.isTail}
      tabIndex={-1}
      {...presses}
      {...handlers}
    >
      <span className={layout.isHead ? styles.name : 'visually-hidden'} data-name>
        {isMine ? t('author.me') : <bdi>{item.author.name}</bdi>}
      </span>
      {message && (
        <time
          className={layout.isHead ? styles.time : 'visually-hidden'}
          dateTime={message.at}
          title={fullText(locale, message.at)}
        >
          {clockText(locale, message.at)}
        </time>
      )}
      {message ? (
        <>
          <Words item={message} locale={locale} />
          <NumberButton seq={message.seq} />
          <Below item={message} tabIndex={tabIndex} />
          <RowBar item={message} isNear={isHovered || hasFocus} tabIndex={tabIndex} />
        </>
      ) : (
        <>
          <div className={styles.text}>{item.kind === 'pending' && <MessageText text={item.text} />}</div>
          {item.kind === 'pending' && <Progress item={item} />}
        </>
      )}
    </article>
  );
}

/** What was said: as it stands now, as a field while it is edited, or that it is gone. */
function Words({ item, locale }: { readonly item: MessageItem; readonly locale: string }) {
  const { t } = useTranslation();
  const { edited } = useThisRoom();
  const edit = useCell(edited, (now) => (now?.seq === item.seq ? now : undefined));
  const { editedAt } = item;
  const mark = editedAt !== undefined && (
    <time
      className={styles.edited}
      dateTime={editedAt}
      title={t('message.editedAt', { at: fullText(locale, editedAt) })}
    >
      {t('message.edited')}
    </time>
  );
  return (
    <div className={styles.text}>
      {item.isDeleted ? (
        <p className={styles.gone} data-text>
          {t('message.deleted')}
        </p>
      ) : edit !== undefined ? (
        <EditField item={item} edit={edit} />
      ) : (
        <MessageText text={item.text} mark={mark} />
      )}
    </div>
  );
}

/** Reactions, and what becomes of one's own changes. */
function Below({ item, tabIndex }: { readonly item: MessageItem; readonly tabIndex: 0 | -1 }) {
  if (item.reactions.length === 0 && item.changes.length === 0) return null;
  return (
    <div className={styles.below}>
      <Reactions item={item} tabIndex={tabIndex} />
      <MessageChanges item={item} />
    </div>
  );
}

/** The number opens the receipt. */
function NumberButton({ seq }: { readonly seq: number }) {
  const { t } = useTranslation();
  const openReceipt = useReceiptOpener();
  const label = t('message.receipt', { seq });
  return (
    <button
      type="button"
      className={styles.seq}
      tabIndex={-1}
      title={label}
      aria-label={label}
      onClick={() => openReceipt(seq)}
    >
      #{seq}
    </button>
  );
}
