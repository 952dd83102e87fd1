// One station of a receipt: how long the way to it was, when it was reached, on which end; what happens there, on demand; its
// frame; and of the delivery, every reader.
import type { Direction, Micros } from '@wireroom/capture';
import { useId, useState } from 'react';
import controls from '../../app/controls.module.css';
import { Icon } from '../../icons/Icon.tsx';
import { bytesText, durationText } from '../durations.ts';
import { type Say, useSay } from '../words/words.ts';
import styles from './ReceiptView.module.css';
import { gapPx, type Lane, type ReaderStep, type Step } from './receipt-steps.ts';

interface Props {
  readonly step: Step;
  readonly before: Step | undefined;
  readonly isLast: boolean;
  readonly start: Micros;
  /** Of the two clocks. */
  readonly uncertainty: Micros | undefined;
  onFrame(direction: Direction, index: number): void;
}

export function StationRow({ step, before, isLast, start, uncertainty, onFrame }: Props) {
  const say = useSay();
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const { name, lane, frame, took } = step;
  return (
    <li className={styles.station} data-lane={lane} data-phase={step.phase} data-last={isLast}>
      {before !== undefined && took !== undefined && (
        <Way from={before.lane} to={lane} took={took} uncertainty={uncertainty} say={say} />
      )}
      <div className={styles.row}>
        <span className={styles.time}>+{durationText(Math.max(0, step.at - start))}</span>
        <span className={styles.stop} aria-hidden="true" />
        <div className={styles.what}>
          <p className={styles.head}>
            <button
              type="button"
              className={styles.name}
              aria-expanded={isOpen}
              aria-controls={id}
              onClick={() => setOpen(!isOpen)}
            >
              {say(`step.${name}`)}
              <span className={styles.chevron} data-open={isOpen}>
                <Icon name="chevron" size={14} />
              </span>
            </button>
            <span className="visually-hidden">{say(`lane.${lane}`)}</span>
            {frame !== undefined && (
              <button
                type="button"
                className={controls.inline}
                onClick={() => onFrame(frame.direction, frame.index)}
              >
                {say('receipt.toFrame')}
              </button>
            )}
          </p>
          {isOpen && (
            <p className={styles.about} id={id}>
              {say(`step.${name}.about`)}
            </p>
          )}
          <Facts step={step} say={say} />
          {step.readers.length > 0 && <Readers readers={step.readers} say={say} />}
        </div>
      </div>
    </li>
  );
}

function Facts({ step, say }: { readonly step: Step; readonly say: Say }) {
  const facts = [
    step.bufferedAmount !== undefined && step.bufferedAmount > 0
      ? say('receipt.buffered', { size: bytesText(step.bufferedAmount) })
      : undefined,
    step.batchSize !== undefined && step.batchSize > 1 && step.name === 'committed'
      ? say('receipt.batch', { count: step.batchSize - 1 })
      : undefined,
  ].filter((fact) => fact !== undefined);
  if (facts.length === 0) return null;
  return <p className={styles.fact}>{facts.join(' ')}</p>;
}

function Readers({ readers, say }: { readonly readers: readonly ReaderStep[]; readonly say: Say }) {
  const first = readers[0]?.at ?? 0;
  return (
    <ul className={styles.readers} aria-label={say('receipt.readers')}>
      {readers.map((reader, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: readers have no other name that is sure to be there
        <li key={at} className={styles.reader} data-behind={reader.isBehind}>
          <bdi>{reader.name ?? say('receipt.someone')}</bdi>
          <span className={styles.readerFacts}>
            {reader.gateway === 'socketio' && 'Socket.IO · '}
            {at > 0 && `+${durationText(reader.at - first)}`}
            {reader.bufferedBytes > 0 &&
              ` · ${say('receipt.waits', { size: bytesText(reader.bufferedBytes) })}`}
          </span>
          {reader.isBehind && <span className={styles.behind}>{say('receipt.behind')}</span>}
        </li>
      ))}
    </ul>
  );
}

interface WayProps {
  readonly from: Lane;
  readonly to: Lane;
  readonly took: Micros;
  readonly uncertainty: Micros | undefined;
  readonly say: Say;
}

/** The piece of wire to this station: straight on one end, slanting from one end to the other. */
function Way({ from, to, took, uncertainty, say }: WayProps) {
  const isCrossing = from !== to;
  const height = isCrossing ? Math.max(34, gapPx(took)) : gapPx(took);
  const x = { browser: 11, server: 61 } as const;
  const text = durationText(Math.max(0, took));
  return (
    <div className={styles.gap} style={{ height }}>
      <svg className={styles.path} width="72" height={height} aria-hidden="true" focusable="false">
        <line x1={x[from]} y1="0" x2={x[to]} y2={height} data-crossing={isCrossing} />
      </svg>
      <span className={styles.took}>
        {isCrossing && uncertainty !== undefined
          ? say('receipt.about', { time: text, uncertainty: durationText(uncertainty) })
          : text}
      </span>
    </div>
  );
}
