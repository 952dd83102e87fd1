// A message, or a draft on its way to becoming one. Its piece of wire tells which: whole in its author's colour once it is
// in the log, dashed while it waits, red where it was refused.
import type { MessageItem, PendingItem } from '@wireroom/client';
import type { MouseEvent } from 'react';
import { useTranslation } from 'react-i18next';
import controls from '../app/controls.module.css';
import { usePage } from '../app/page.ts';
import { refusalText } from '../i18n/refusal-text.ts';
import { Icon } from '../icons/Icon.tsx';
import { MessageText } from '../text/MessageText.tsx';
import { useReceiptOpener } from '../wire/message-opener.ts';
import styles from './MessageRow.module.css';
import type { Layout } from './message-layout.ts';
import { clockText, fullText } from './time-text.ts';
import { wireOf } from './wire-colour.ts';

interface Props {
  readonly item: MessageItem | PendingItem;
  readonly layout: Layout;
  readonly slug: string;
  readonly locale: string;
}

export function MessageRow({ item, layout, slug, locale }: Props) {
  const { t } = useTranslation();
  const openReceipt = useReceiptOpener();
  const isMine = item.kind === 'pending' || item.isMine;
  const open = item.kind === 'message' ? () => openReceipt(item.seq) : undefined;
  return (
    <article
      className={styles.row}
      data-row
      data-kind={item.kind === 'pending' ? item.state : 'message'}
      data-wire={isMine ? 'mine' : wireOf(item.author.authorId)}
      data-seq={item.kind === 'message' ? item.seq : undefined}
      data-head={layout.isHead}
      data-tail={layout.isTail}
      tabIndex={-1}
      onClick={(event) => isPlainClick(event) && open?.()}
      onKeyDown={(event) => event.key === 'Enter' && event.target === event.currentTarget && open?.()}
    >
      <span className={layout.isHead ? styles.name : 'visually-hidden'} data-name>
        {isMine ? t('author.me') : <bdi>{item.author.name}</bdi>}
      </span>
      {item.kind === 'message' && (
        <time
          className={layout.isHead ? styles.time : 'visually-hidden'}
          dateTime={item.at}
          title={fullText(locale, item.at)}
        >
          {clockText(locale, item.at)}
        </time>
      )}
      <div className={styles.text}>
        <MessageText text={item.text} />
      </div>
      {item.kind === 'message' ? (
        <button
          type="button"
          className={styles.seq}
          tabIndex={-1}
          title={t('message.receipt', { seq: item.seq })}
          aria-label={t('message.receipt', { seq: item.seq })}
          onClick={open}
        >
          #{item.seq}
        </button>
      ) : (
        <Progress item={item} slug={slug} />
      )}
    </article>
  );
}

/** Neither the end of selecting text nor a click on something that acts by itself. */
function isPlainClick({ target }: MouseEvent): boolean {
  const isControl = target instanceof Element && target.closest('a, button') !== null;
  return !isControl && (window.getSelection()?.isCollapsed ?? true);
}

function Progress({ item, slug }: { readonly item: PendingItem; readonly slug: string }) {
  const { t } = useTranslation();
  const { client } = usePage();
  const isFailed = item.state === 'failed';
  const state = t(`message.${item.state}`);
  return (
    <>
      <span className={styles.progress} title={state}>
        <Icon name={isFailed ? 'failed' : 'clock'} size={16} />
        {!isFailed && <span className="visually-hidden">{state}</span>}
      </span>
      {(isFailed || item.error !== undefined) && (
        <div className={styles.fate} data-failed={isFailed}>
          {isFailed && <strong className={styles.fateTitle}>{state}</strong>}
          {item.error !== undefined && <span>{refusalText(t, item.error)}</span>}
          {isFailed && (
            <span className={`${styles.fateActions} ${controls.flush}`}>
              <button
                type="button"
                className={controls.inline}
                onClick={() => client.retry(slug, item.draftId)}
              >
                {t('message.retry')}
              </button>
              <button
                type="button"
                className={controls.inline}
                onClick={() => client.discard(slug, item.draftId)}
              >
                {t('message.discard')}
              </button>
            </span>
          )}
        </div>
      )}
    </>
  );
}
