// Bytes that waited on the connection, as a line in steps under the timeline, on the same axis; and the same in words.
import type { Micros } from '@wireroom/capture';
import { useRef } from 'react';
import { bytesText, sinceText } from '../durations.ts';
import { useWidth } from '../use-width.ts';
import { type Say, useSay } from '../words/words.ts';
import { type TimeWindow, xOf } from './time-window.ts';
import type { Waiting } from './timeline-events.ts';
import styles from './WaitingFigure.module.css';
import { curveOf, stepsIn, type WaitingSummary, waitingSummaries } from './waiting-curve.ts';

interface Props {
  readonly waiting: readonly Waiting[];
  readonly window: TimeWindow;
  readonly start: Micros;
}

const HEIGHT_PX = 64;
/** Between the line and the edges of the figure. */
const AIR_PX = { top: 20, bottom: 6 } as const;
/** A line of at most so many bytes is drawn no higher than it is. */
const SCALE_BYTES_MIN = 64;

export function WaitingFigure({ waiting, window, start }: Props) {
  const say = useSay();
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box, 640);
  const summaries = waitingSummaries(waiting);
  if (summaries.length === 0) return null;
  const most = Math.max(...summaries.map((summary) => summary.most.bytes));
  const height = HEIGHT_PX - AIR_PX.top - AIR_PX.bottom;
  const place = {
    x: (at: Micros): number => xOf(at, window, width),
    y: (bytes: number): number => AIR_PX.top + height - (height * bytes) / Math.max(SCALE_BYTES_MIN, most),
  };
  return (
    <figure className={styles.figure}>
      <div className={styles.box} ref={box}>
        <svg className={styles.drawing} width={width} height={HEIGHT_PX} aria-hidden="true">
          <line className={styles.ground} x2={width} y1={place.y(0)} y2={place.y(0)} />
          {summaries.map(({ where }) => (
            <path
              key={where}
              className={styles.curve}
              data-end={where}
              d={curveOf(stepsIn(waiting, where, window), width, place)}
            />
          ))}
        </svg>
        <span className={styles.title}>
          {say('waiting.title')}
          {most > 0 && `, ${say('waiting.scale', { size: bytesText(most) })}`}
        </span>
      </div>
      <figcaption className={styles.words}>
        {summaries.map((summary) => (
          <span key={summary.where} data-end={summary.where}>
            {wordsOf(summary, start, say)}{' '}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

function wordsOf({ where, most, last }: WaitingSummary, start: Micros, say: Say): string {
  if (most.bytes === 0) return say(`waiting.${where}.none`);
  return say(`waiting.${where}`, {
    most: bytesText(most.bytes),
    time: sinceText(most.at, start),
    last: bytesText(last.bytes),
  });
}
