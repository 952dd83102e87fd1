// What is to be downloaded: format, days, author; how much that is, as the server counts it while one chooses; and the start.
import type { HistoryFormat, HistorySpec } from '@wireroom/history';
import { type FormEvent, useId, useMemo, useState } from 'react';
import controls from '../../app/controls.module.css';
import { learnHash } from '../../learn/learn-place.ts';
import type { PanelProps } from '../download-front.ts';
import type { DownloadFailure } from '../download-state.ts';
import { instantsOf, isBackwards, type Span, WHOLE } from '../span.ts';
import { useWords } from '../words/words.ts';
import { EstimateLine } from './EstimateLine.tsx';
import { FailureNote } from './FailureNote.tsx';
import { FormatField } from './FormatField.tsx';
import styles from './Panel.module.css';
import { SpanField } from './SpanField.tsx';
import { type Counted, useEstimate } from './use-estimate.ts';

const WHY = learnHash({ part: 'interview', slug: '14-head-of-line' });

type Props = PanelProps & { readonly failure: DownloadFailure | undefined; readonly isPlacing: boolean };

export function ChooseView({ store, room, title, names, onClose, failure, isPlacing }: Props) {
  const { t } = useWords();
  const [format, setFormat] = useState<HistoryFormat>('jsonl');
  const [span, setSpan] = useState<Span>(WHOLE);
  const [author, setAuthor] = useState('');
  const spec = useSpec(format, span, author.trim());
  const { counted, countAgain } = useEstimate(store, room, spec);
  const canStart = counted.kind === 'known' && counted.estimate.records > 0 && !isPlacing;
  const start = (event: FormEvent): void => {
    event.preventDefault();
    if (canStart && spec !== undefined) void store.start({ room, title, spec, estimate: counted.estimate });
  };
  return (
    <form className={styles.view} onSubmit={start}>
      <div className={styles.body}>
        <p className={styles.lead}>
          {t('lead')}{' '}
          <a href={WHY} onClick={onClose}>
            {t('why')}
          </a>
        </p>
        <FormatField format={format} onChange={setFormat} />
        <SpanField span={span} onChange={setSpan} />
        <AuthorField author={author} names={names} onChange={setAuthor} />
      </div>
      <div className={styles.foot}>
        <Summary
          {...{ counted, format, failure, isPlacing, asksWhere: store.asksWhere, onAgain: countAgain }}
        />
        <div className={styles.actions}>
          <button type="button" className={controls.secondary} onClick={onClose}>
            {t('close')}
          </button>
          <button type="submit" className={controls.primary} aria-disabled={!canStart}>
            {t('start')}
          </button>
        </div>
      </div>
    </form>
  );
}

/** Undefined: the days make no span. The same object until something was chosen otherwise. */
function useSpec(format: HistoryFormat, span: Span, author: string): HistorySpec | undefined {
  return useMemo(() => {
    if (isBackwards(span)) return undefined;
    // JSON Lines have the times as the log has them.
    const tz = format === 'jsonl' ? undefined : zoneName();
    return {
      format,
      ...instantsOf(span, new Date()),
      ...(author !== '' && { author }),
      ...(tz !== undefined && { tz }),
    };
  }, [format, span, author]);
}

export const zoneName = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

interface AuthorProps {
  readonly author: string;
  readonly names: readonly string[];
  onChange(author: string): void;
}

function AuthorField({ author, names, onChange }: AuthorProps) {
  const { t } = useWords();
  const id = useId();
  return (
    <div className={styles.field}>
      <label className={styles.legend} htmlFor={id}>
        {t('author')}
      </label>
      <input
        id={id}
        className={styles.input}
        value={author}
        list={`${id}-names`}
        placeholder={t('author.everyone')}
        aria-describedby={`${id}-hint`}
        autoComplete="off"
        dir="auto"
        onChange={(event) => onChange(event.target.value)}
      />
      <datalist id={`${id}-names`}>
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <p id={`${id}-hint`} className={styles.hint}>
        {t('author.hint')}
      </p>
    </div>
  );
}

interface SummaryProps {
  readonly counted: Counted;
  readonly format: HistoryFormat;
  readonly failure: DownloadFailure | undefined;
  readonly isPlacing: boolean;
  readonly asksWhere: boolean;
  onAgain(): void;
}

function Summary({ counted, format, failure, isPlacing, asksWhere, onAgain }: SummaryProps) {
  const { t } = useWords();
  if (failure !== undefined) return <FailureNote failure={failure} />;
  return (
    <div className={styles.summary}>
      <EstimateLine counted={counted} format={format} onAgain={onAgain} />
      <p className={styles.hint} role="status">
        {t(isPlacing ? 'placing' : asksWhere ? 'where.file' : 'where.browser')}
      </p>
    </div>
  );
}
