// What the time was spent on, as one wire whose pieces are as long as they took: browser, network, server, disk.
import { durationText } from '../durations.ts';
import { useSay } from '../words/words.ts';
import styles from './PhaseBar.module.css';
import { type Phase, phasesOf, type Step } from './receipt-steps.ts';

const PHASES: readonly Phase[] = ['browser', 'network', 'server', 'disk'];

export function PhaseBar({ steps }: { readonly steps: readonly Step[] }) {
  const say = useSay();
  const phases = phasesOf(steps);
  const total = phases.reduce((sum, { took }) => sum + took, 0);
  const sums = PHASES.map((phase) => ({
    phase,
    took: phases.reduce((sum, piece) => (piece.phase === phase ? sum + piece.took : sum), 0),
  })).filter(({ took }) => took > 0);
  return (
    <div className={styles.bar}>
      <div className={styles.wire} aria-hidden="true">
        {phases.map(({ phase, took }, at) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: a piece is its place
            key={at}
            className={styles.piece}
            data-phase={phase}
            style={{ flexGrow: total === 0 ? 1 : took / total }}
            title={`${say(`phase.${phase}`)}: ${durationText(took)}`}
          />
        ))}
      </div>
      <dl className={styles.legend}>
        {sums.map(({ phase, took }) => (
          <div key={phase} className={styles.entry} data-phase={phase}>
            <dt>{say(`phase.${phase}`)}</dt>
            <dd>{durationText(took)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
