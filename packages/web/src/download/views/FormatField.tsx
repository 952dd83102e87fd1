// In which form: five choices, each with a sentence on what it is good for. The line at the left shows which one is taken.
import { HISTORY_FORMATS, type HistoryFormat } from '@wireroom/history';
import { useId } from 'react';
import { useWords } from '../words/words.ts';
import styles from './Panel.module.css';

interface Props {
  readonly format: HistoryFormat;
  onChange(format: HistoryFormat): void;
}

export function FormatField({ format, onChange }: Props) {
  const { t } = useWords();
  const id = useId();
  return (
    <fieldset className={styles.field}>
      <legend className={styles.legend}>{t('format')}</legend>
      <div className={styles.formats}>
        {HISTORY_FORMATS.map((each) => (
          <label key={each} className={styles.format} data-chosen={each === format}>
            <input
              type="radio"
              name={id}
              className={styles.radio}
              data-first={each === format || undefined}
              checked={each === format}
              aria-describedby={`${id}-${each}`}
              onChange={() => onChange(each)}
            />
            <span className={styles.formatName}>{t(`format.${each}`)}</span>
            <span id={`${id}-${each}`} className={styles.formatUse}>
              {t(`format.${each}.for`)}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
