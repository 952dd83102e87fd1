// A message, or a draft on its way to becoming one. Its piece of wire tells which: whole in its author's colour once it is
// in the log, dashed while it waits, red where it was refused.
import type { MessageItem, PendingItem } from '@wireroom/client';
import { useTranslation } from 'react-i18next';
import controls from '../app/controls.module.css';
import { usePage } from '../app/page.ts';
import { refusalText } from '../i18n/refusal-text.ts';
import { Icon } from '../icons/Icon.tsx';
import { MessageText } from '../text/MessageText.tsx';
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
  const isMine = item.kind === 'pending' || item.isMine;
  return (
    <article
      className={styles.row}
      data-row
      data-kind={item.kind === 'pending' ? item.state : 'message'}
      data-wire={isMine ? 'mine' : wireOf(item.author.authorId)}
      data-head={layout.isHead}
      data-tail={layout.isTail}
      tabIndex={-1}
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
        <span className={styles.seq} title={fullText(locale, item.at)} aria-hidden="true">
          #{item.seq}
        </span>
      ) : (
        <Progress item={item} slug={slug} />
      )}
    </article>
  );
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
