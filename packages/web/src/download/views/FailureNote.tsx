// Why it did not go on, and what can be done about it, in one place. Whoever failed said a code; what no code says is told as it was said.
import type { DownloadFailure } from '../download-state.ts';
import { useWords } from '../words/words.ts';
import styles from './Panel.module.css';

/** Why nothing could be counted: nothing was begun, and nothing is lost. */
export function UncountedNote({ failure }: { readonly failure: DownloadFailure }) {
  const { t } = useWords();
  const { code, message } = failure;
  const isKnown =
    code === 'unreachable' || code === 'bad-token' || code === 'not-joined' || code === 'too-many-downloads';
  return (
    <p className={styles.failure} role="alert">
      {isKnown ? t(`estimate.${code}`) : t('estimate.failed', { message })}
    </p>
  );
}

export function FailureNote({ failure }: { readonly failure: DownloadFailure }) {
  const { t } = useWords();
  return (
    <p className={styles.failure} role="alert">
      {t(`failure.${failure.code}`, { message: failure.message })}
    </p>
  );
}
