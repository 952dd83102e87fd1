// Who came and who went, in the voice of the system.
import type { NoticeItem } from '@wireroom/client';
import { useTranslation } from 'react-i18next';
import styles from './MessageRow.module.css';
import { clockText, fullText } from './time-text.ts';

export function NoticeRow({ notice, locale }: { readonly notice: NoticeItem; readonly locale: string }) {
  const { t } = useTranslation();
  const { what, author, at, seq } = notice;
  return (
    <p className={styles.row} data-row data-kind="notice" data-seq={seq} tabIndex={-1}>
      <span className={styles.text} data-text dir="auto">
        <span className={styles.system}>{t('notice.system')}</span>
        {t(what === 'join' ? 'notice.join' : 'notice.leave', { name: author.name })}
      </span>
      <time className={styles.time} dateTime={at} title={fullText(locale, at)}>
        {clockText(locale, at)}
      </time>
      <span className={styles.seq} aria-hidden="true">
        #{seq}
      </span>
    </p>
  );
}
