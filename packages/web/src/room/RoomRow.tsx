// One row of the log: a message, a notice, a gap, or a draft that waits; with the day above it where it is the first of its day.
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { dateLocale } from '../i18n/language.ts';
import { GapRow } from './GapRow.tsx';
import { LogBeginning } from './ListEdges.tsx';
import styles from './MessageRow.module.css';
import { MessageRow } from './MessageRow.tsx';
import { NoticeRow } from './NoticeRow.tsx';
import type { Row } from './rows.ts';
import { dayText } from './time-text.ts';

interface Props {
  readonly row: Row;
  readonly today: Date;
  /** The room's log begins with this row. */
  readonly isFirst: boolean;
}

export const RoomRow = memo(function RoomRow({ row: { item, layout }, today, isFirst }: Props) {
  const { i18n } = useTranslation();
  const locale = dateLocale(i18n.language === 'zh-CN' ? 'zh-CN' : 'en', navigator.languages);
  if (item.kind === 'gap') return <GapRow gap={item} />;
  return (
    <>
      {isFirst && <LogBeginning />}
      {layout.opensDay && item.kind !== 'pending' && (
        <div className={styles.day}>
          <span className={styles.dayText}>{dayText(locale, item.at, today)}</span>
        </div>
      )}
      {item.kind === 'notice' ? (
        <NoticeRow notice={item} locale={locale} />
      ) : (
        <MessageRow item={item} layout={layout} locale={locale} />
      )}
    </>
  );
});
