// A download that was begun and is not done: how far it is, what it does or waits for, and what can be done about it.
import controls from '../../app/controls.module.css';
import { Icon } from '../../icons/Icon.tsx';
import { countText, durationText, sizeText, speedText } from '../amounts.ts';
import { type BegunState, canContinue, percentOf } from '../download-state.ts';
import type { DownloadStore } from '../download-store.ts';
import { useWords, type Words } from '../words/words.ts';
import { FailureNote } from './FailureNote.tsx';
import styles from './Panel.module.css';
import { useCalmText } from './use-calm-text.ts';

interface Props {
  readonly store: DownloadStore;
  readonly state: Exclude<BegunState, { kind: 'done' }>;
  onClose(): void;
}

export function RunView({ store, state, onClose }: Props) {
  const { t } = useWords();
  return (
    <div className={styles.view}>
      <div className={styles.body}>
        <Bar state={state} />
        <Figures state={state} />
        {state.kind === 'failed' ? (
          <FailureNote failure={state.failure} />
        ) : (
          <p className={styles.about}>{aboutText(t, state)}</p>
        )}
      </div>
      <div className={styles.foot}>
        <Acts store={store} state={state} onClose={onClose} />
      </div>
    </div>
  );
}

/** The wire, as far as it is there. */
function Bar({ state }: { readonly state: BegunState }) {
  const { t } = useWords();
  const percent = percentOf(state);
  const said = useCalmText(state.kind === 'running' ? percent : undefined, (at) =>
    t('progress.told', { percent: at }),
  );
  return (
    <>
      <svg
        className={styles.bar}
        data-kind={state.kind}
        viewBox="0 0 100 4"
        preserveAspectRatio="none"
        role="progressbar"
        aria-label={t('progress.label')}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        aria-valuetext={t('progress.told', { percent })}
      >
        <line className={styles.barRest} x1="0" y1="2" x2="100" y2="2" pathLength="100" />
        <line className={styles.barDone} x1="0" y1="2" x2={percent} y2="2" />
      </svg>
      <p className="visually-hidden" role="status">
        {said}
      </p>
    </>
  );
}

function Figures({ state }: { readonly state: BegunState }) {
  const { t, locale } = useWords();
  const { plan, progress } = state;
  const { bytesPerSecond, secondsLeft } = progress;
  return (
    <div className={styles.figures}>
      <span className={styles.percent}>{t('progress.percent', { percent: percentOf(state) })}</span>
      <span>
        {t('progress.bytes', {
          bytes: sizeText(locale, progress.bytes),
          size: sizeText(locale, Math.max(plan.estimate.bytes, progress.bytes)),
        })}
      </span>
      {progress.records > 0 && (
        <span>
          {t('progress.records', {
            records: countText(locale, progress.records),
            count: Math.max(plan.estimate.records, progress.records),
          })}
        </span>
      )}
      {state.kind === 'running' && bytesPerSecond !== undefined && (
        <span>
          {speedText(locale, bytesPerSecond)}
          {secondsLeft !== undefined &&
            ` · ${t('progress.left', { time: durationText(locale, secondsLeft) })}`}
        </span>
      )}
    </div>
  );
}

function aboutText(t: Words, state: Props['state']): string {
  switch (state.kind) {
    case 'running':
      return t('running.about');
    case 'waiting':
      return t(`waiting.${state.reason}`);
    case 'paused':
      return t('paused.about');
    case 'interrupted':
      return t('interrupted.about');
    case 'finishing':
    case 'failed':
      return t('finishing.about');
  }
}

function Acts({ store, state, onClose }: Props) {
  const { t } = useWords();
  const isRunning = state.kind === 'running' || state.kind === 'waiting';
  const isOver = state.kind === 'failed' && !canContinue(state.failure);
  const discard = (): void => void store.discard();
  return (
    <div className={styles.actions}>
      {!isOver && (
        <button type="button" className={`${controls.inline} ${styles.aside}`} onClick={discard}>
          {t(isRunning || state.kind === 'finishing' ? 'cancel' : 'discard')}
        </button>
      )}
      <button type="button" className={controls.secondary} onClick={onClose}>
        {t('close')}
      </button>
      {isRunning && (
        <button type="button" className={controls.primary} data-first onClick={() => store.pause()}>
          <Icon name="pause" size={18} />
          {t('pause')}
        </button>
      )}
      {isOver && (
        <button type="button" className={controls.primary} data-first onClick={discard}>
          {t('failed.again')}
        </button>
      )}
      {!isRunning && !isOver && state.kind !== 'finishing' && (
        <button type="button" className={controls.primary} data-first onClick={() => void store.resume()}>
          <Icon name="download" size={18} />
          {t('resume')}
        </button>
      )}
    </div>
  );
}
