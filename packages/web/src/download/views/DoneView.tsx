// It is whole, and that is proven: how many records, the digest, the file's name, and how anybody can check it again. Where something is
// missing in the history itself, that is told as well.
import { useRef } from 'react';
import controls from '../../app/controls.module.css';
import { CopyButton } from '../../learn/CopyButton.tsx';
import type { DownloadState } from '../download-state.ts';
import type { DownloadStore } from '../download-store.ts';
import { useWords } from '../words/words.ts';
import styles from './Panel.module.css';

interface Props {
  readonly store: DownloadStore;
  readonly state: Extract<DownloadState, { kind: 'done' }>;
  onClose(): void;
}

export function DoneView({ store, state, onClose }: Props) {
  const { t } = useWords();
  const { plan, proof } = state;
  return (
    <div className={styles.view}>
      <div className={styles.body}>
        <p className={styles.proof}>{t('done.verified', { count: proof.count })}</p>
        {proof.cut !== undefined && (
          <p className={styles.failure}>{t('done.cut', { message: proof.cut.message })}</p>
        )}
        {proof.broken > 0 && <p className={styles.warning}>{t('done.broken', { count: proof.broken })}</p>}
        {proof.missing > 0 && <p className={styles.warning}>{t('done.missing', { count: proof.missing })}</p>}
        <dl className={styles.facts}>
          <dt>{t('done.file')}</dt>
          <dd className={styles.fileName}>{plan.fileName}</dd>
          {proof.sha256 !== undefined && (
            <>
              <dt>{t('done.sha')}</dt>
              <dd className={styles.sha}>{proof.sha256}</dd>
            </>
          )}
        </dl>
        {proof.sha256 === undefined && (
          <p className={styles.hint}>{t('done.parts', { count: proof.parts })}</p>
        )}
        <Check fileName={plan.fileName} isPacked={proof.sha256 === undefined} />
      </div>
      <div className={styles.foot}>
        <div className={styles.actions}>
          <button
            type="button"
            className={`${controls.inline} ${styles.aside}`}
            onClick={() => store.acknowledge()}
          >
            {t('done.another')}
          </button>
          {plan.place === 'browser' && (
            <button type="button" className={controls.secondary} onClick={() => void store.handOver()}>
              {t('done.again')}
            </button>
          )}
          <button type="button" className={controls.primary} data-first onClick={onClose}>
            {t('done.close')}
          </button>
        </div>
      </div>
    </div>
  );
}

function Check({ fileName, isPacked }: { readonly fileName: string; readonly isPacked: boolean }) {
  const { t } = useWords();
  const code = useRef<HTMLElement>(null);
  const commands = isPacked
    ? [`unzip ${fileName} -d history`, 'wireroom history verify history/*.html']
    : [`wireroom history verify ${fileName}`, `head -n -1 ${fileName} | sha256sum`];
  return (
    <figure className={styles.check}>
      <figcaption className={styles.legend}>{t('done.check')}</figcaption>
      <pre className={styles.commands}>
        <code ref={code}>{commands.join('\n')}</code>
      </pre>
      <CopyButton text={commands.join('\n')} />
    </figure>
  );
}
