// What happened to the room, in the voice of the system: who came and went, who named it, what it is about now.
import type { NoticeItem } from '@wireroom/client';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import styles from './MessageRow.module.css';
import { clockText, fullText } from './time-text.ts';

export function NoticeRow({ notice, locale }: { readonly notice: NoticeItem; readonly locale: string }) {
  const { t } = useTranslation();
  const { at, seq } = notice;
  return (
    <p className={styles.row} data-row data-kind="notice" data-seq={seq} tabIndex={-1}>
      <span className={styles.text} data-text dir="auto">
        <span className={styles.system}>{t('notice.system')}</span>
        {noticeText(t, notice)}
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

export function noticeText(t: TFunction, { what, author: { name }, text = '' }: NoticeItem): string {
  switch (what) {
    case 'join':
      return t('notice.join', { name });
    case 'leave':
      return t('notice.leave', { name });
    case 'rename':
      return t('notice.rename', { name, text });
    case 'topic':
      return text === '' ? t('notice.topic.none', { name }) : t('notice.topic', { name, text });
  }
}
