// The frames of a connection and the one that is looked at: list with its filters, and detail. Beside each other where there is
// room, one after the other on a phone.
import type { CaptureRecord, Decoded, Direction } from '@wireroom/capture';
import { useDeferredValue, useMemo, useState } from 'react';
import controls from '../../app/controls.module.css';
import { Icon } from '../../icons/Icon.tsx';
import { FrameDetail } from '../frame/FrameDetail.tsx';
import { useSay } from '../words/words.ts';
import { FrameFilter } from './FrameFilter.tsx';
import { FrameList } from './FrameList.tsx';
import styles from './FramesView.module.css';
import { filterRows, NO_FILTER, type WireRow, wireRows } from './wire-rows.ts';

export interface FramesProps {
  readonly decoded: Decoded;
  readonly records: readonly CaptureRecord[];
  /** Records come in as they happen. */
  readonly isLive: boolean;
  /** The frame that is open: `in3`, `out0`. */
  readonly selected: string | undefined;
  onSelect(key: string | undefined): void;
  onHandshake(): void;
  onMessage?: ((seq: number) => void) | undefined;
}

export function FramesView(props: FramesProps) {
  const { isLive, selected, onSelect, onHandshake } = props;
  const say = useSay();
  const [filter, setFilter] = useState(NO_FILTER);
  const [paused, setPaused] = useState<Pick<FramesProps, 'decoded' | 'records'>>();
  const shown = useDeferredValue(paused ?? props);
  const { decoded, records } = shown;
  const start = records[0]?.at ?? 0;
  const rows = useMemo(() => wireRows(decoded, records), [decoded, records]);
  const filtered = useMemo(() => filterRows(rows, filter), [rows, filter]);
  const frames = filtered.filter((row) => row.kind === 'frame');
  const at = frames.findIndex(({ key }) => key === selected);
  const open = rows.find((row) => row.kind === 'frame' && row.key === selected);
  const onRow = (row: WireRow): void => {
    if (row.kind === 'frame') onSelect(row.key);
    else if (row.kind !== 'record') onHandshake();
  };
  return (
    <div className={styles.view} data-open={open !== undefined}>
      <div className={styles.list}>
        <FrameFilter
          filter={filter}
          onFilter={setFilter}
          isLive={isLive}
          isPaused={paused !== undefined}
          onPause={() =>
            setPaused(paused === undefined ? { decoded: props.decoded, records: props.records } : undefined)
          }
        />
        {filtered.length === 0 ? (
          <p className={styles.empty}>{say(rows.length === 0 ? 'frames.empty' : 'frames.noneFound')}</p>
        ) : (
          <FrameList
            rows={filtered}
            decoded={decoded}
            start={start}
            selected={selected}
            isLive={isLive && paused === undefined}
            onRow={onRow}
          />
        )}
      </div>
      {open?.kind === 'frame' && (
        <section className={styles.detail} aria-label={say('frame.label')}>
          <nav className={styles.steps} aria-label={say('frames.steps')}>
            <button
              type="button"
              className={`${controls.iconButton} ${styles.toList}`}
              onClick={() => onSelect(undefined)}
            >
              <Icon name="back" size={18} />
              {say('frames.toList')}
            </button>
            <span className={styles.place}>{say('frames.place', { at: at + 1, count: frames.length })}</span>
            <Step label={say('frames.previous')} icon="left" to={frames[at - 1]?.key} onSelect={onSelect} />
            <Step label={say('frames.next')} icon="right" to={frames[at + 1]?.key} onSelect={onSelect} />
          </nav>
          <FrameDetail
            key={open.key}
            decoded={decoded}
            frame={open.frame}
            start={start}
            onFrame={(direction: Direction, index) => onSelect(`${direction}${index}`)}
            onMessage={props.onMessage}
          />
        </section>
      )}
    </div>
  );
}

interface StepProps {
  readonly label: string;
  readonly icon: 'left' | 'right';
  readonly to: string | undefined;
  onSelect(key: string): void;
}

function Step({ label, icon, to, onSelect }: StepProps) {
  return (
    <button
      type="button"
      className={controls.iconButton}
      aria-label={label}
      title={label}
      disabled={to === undefined}
      onClick={() => to !== undefined && onSelect(to)}
    >
      <Icon name={icon} size={18} />
    </button>
  );
}
