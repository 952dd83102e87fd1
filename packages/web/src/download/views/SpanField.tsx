// Which days: everything, two quick choices, or from one day to another.
import { useId } from 'react';
import { isBackwards, SPAN_KINDS, type Span } from '../span.ts';
import { useWords } from '../words/words.ts';
import { zoneName } from './ChooseView.tsx';
import styles from './Panel.module.css';

interface Props {
  readonly span: Span;
  onChange(span: Span): void;
}

export function SpanField({ span, onChange }: Props) {
  const { t } = useWords();
  const id = useId();
  const isWrong = isBackwards(span);
  return (
    <fieldset className={styles.field}>
      <legend className={styles.legend}>{t('span')}</legend>
      <div className={styles.spans}>
        {SPAN_KINDS.map((kind) => (
          <label key={kind} className={styles.span} data-chosen={kind === span.kind}>
            <input
              type="radio"
              name={id}
              className="visually-hidden"
              checked={kind === span.kind}
              onChange={() => onChange({ ...span, kind })}
            />
            {t(`span.${kind}`)}
          </label>
        ))}
      </div>
      {span.kind === 'days' && (
        <>
          <div className={styles.days}>
            {(['first', 'last'] as const).map((which) => (
              <label key={which} className={styles.day}>
                {t(`span.${which}`)}
                <input
                  type="date"
                  className={styles.input}
                  value={span[which]}
                  aria-invalid={isWrong}
                  aria-describedby={`${id}-hint`}
                  onChange={(event) => onChange({ ...span, [which]: event.target.value })}
                />
              </label>
            ))}
          </div>
          <p id={`${id}-hint`} className={styles.hint} data-tone={isWrong ? 'danger' : 'hint'}>
            {isWrong ? t('span.backwards') : t('span.zone', { zone: zoneName() })}
          </p>
        </>
      )}
    </fieldset>
  );
}
