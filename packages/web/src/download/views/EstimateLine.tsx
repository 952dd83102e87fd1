// How much it would be, in words; or why that cannot be said.
import type { HistoryFormat } from '@wireroom/history';
import controls from '../../app/controls.module.css';
import { sizeText } from '../amounts.ts';
import { useWords } from '../words/words.ts';
import { UncountedNote } from './FailureNote.tsx';
import styles from './Panel.module.css';
import type { Counted } from './use-estimate.ts';

interface Props {
  readonly counted: Counted;
  readonly format: HistoryFormat;
  onAgain(): void;
}

export function EstimateLine({ counted, format, onAgain }: Props) {
  const { t, locale } = useWords();
  switch (counted.kind) {
    case 'nothing':
      return null;
    case 'counting':
      return (
        <p className={styles.estimate} data-known="false" role="status">
          {t('estimate.counting')}
        </p>
      );
    case 'failed':
      return (
        <>
          <UncountedNote failure={counted.failure} />
          <button
            type="button"
            className={`${controls.inline} ${controls.flush} ${styles.again}`}
            onClick={onAgain}
          >
            {t('estimate.again')}
          </button>
        </>
      );
    case 'known': {
      const { records, bytes, parts } = counted.estimate;
      const size = sizeText(locale, bytes);
      return (
        <div role="status">
          <p className={styles.estimate} data-known="true">
            {records === 0 ? t('estimate.none') : t('estimate.records', { count: records, size })}
          </p>
          {format === 'html' && parts > 1 && (
            <p className={styles.hint}>{t('estimate.parts', { count: parts })}</p>
          )}
        </div>
      );
    }
  }
}
