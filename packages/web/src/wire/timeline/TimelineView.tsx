// Both ends on one axis of time: the browser's moments above, the server's stations below, the frames slanting between them; what
// waited; and the same as a list, for reading and for the keyboard.
import type { CaptureRecord, Decoded, Micros } from '@wireroom/capture';
import { type KeyboardEvent, useMemo, useState } from 'react';
import controls from '../../app/controls.module.css';
import { Icon, type IconName } from '../../icons/Icon.tsx';
import { durationText, sinceText } from '../durations.ts';
import { opcodeName } from '../frame/field-text.ts';
import { resumeText } from '../frames/FrameRowView.tsx';
import { type Say, useSay } from '../words/words.ts';
import { momentName } from './moment-name.ts';
import { TimeFigure } from './TimeFigure.tsx';
import styles from './TimelineView.module.css';
import { around, lengthOf, moved, stretchesOf, type TimeWindow, zoomed } from './time-window.ts';
import { type TimelineEvents, timelineEvents } from './timeline-events.ts';
import { WaitingFigure } from './WaitingFigure.tsx';

interface Props {
  readonly decoded: Decoded;
  readonly records: readonly CaptureRecord[];
  onFrame(key: string): void;
}

const ZOOM = { near: 0.5, far: 2 } as const;
const MOVE = 0.25;
/** Rows of the list below the figure. */
const LISTED_MAX = 200;

export function TimelineView({ decoded, records, onFrame }: Props) {
  const say = useSay();
  const start = records[0]?.at ?? 0;
  const events = useMemo(() => timelineEvents(decoded, records), [decoded, records]);
  const stretches = useMemo(() => stretchesOf(timesOf(decoded, events)), [decoded, events]);
  const [at, setAt] = useState<number>();
  const [own, setOwn] = useState<TimeWindow>();
  const place = Math.min(at ?? busiest(events, stretches), stretches.length - 1);
  const stretch = stretches[place];
  if (stretch === undefined) return <p className={styles.empty}>{say('frames.empty')}</p>;
  const window = own ?? around(stretch);
  const middle = (window.from + window.to) / 2;
  const go = (to: number): void => {
    setAt(to);
    setOwn(undefined);
  };
  const press = (event: KeyboardEvent): void => {
    const next = windowAfter(event.key, window, middle);
    if (next === undefined || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    setOwn(next);
  };
  return (
    <div className={styles.view}>
      <p className={styles.lead}>{say('timeline.lead')}</p>
      <Tools
        stretches={stretches}
        place={place}
        window={window}
        start={start}
        onStretch={go}
        onWindow={setOwn}
      />
      <div
        className={styles.figure}
        role="application"
        aria-label={say('timeline.figure')}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a figure that is moved by keys
        tabIndex={0}
        onKeyDown={press}
      >
        <TimeFigure events={events} window={window} start={start} onWindow={setOwn} onFrame={onFrame} />
      </div>
      <WaitingFigure waiting={events.waiting} window={window} start={start} />
      <Remarks events={events} say={say} />
      <EventList events={events} window={window} start={start} say={say} onFrame={onFrame} />
    </div>
  );
}

const timesOf = ({ frames }: Decoded, { moments }: TimelineEvents): readonly Micros[] =>
  [...moments.map(({ at }) => at), ...frames.map(({ at }) => at)].sort((a, b) => a - b);

/** The stretch with the most stations in it: most likely a message. */
function busiest({ moments }: TimelineEvents, stretches: readonly TimeWindow[]): number {
  const counts = stretches.map(({ from, to }) => moments.filter(({ at }) => at >= from && at <= to).length);
  return Math.max(0, counts.lastIndexOf(Math.max(...counts)));
}

function windowAfter(key: string, window: TimeWindow, middle: Micros): TimeWindow | undefined {
  switch (key) {
    case '+':
    case '=':
      return zoomed(window, ZOOM.near, middle);
    case '-':
      return zoomed(window, ZOOM.far, middle);
    case 'ArrowLeft':
      return moved(window, -MOVE);
    case 'ArrowRight':
      return moved(window, MOVE);
    default:
      return undefined;
  }
}

interface ToolsProps {
  readonly stretches: readonly TimeWindow[];
  readonly place: number;
  readonly window: TimeWindow;
  readonly start: Micros;
  onStretch(place: number): void;
  onWindow(window: TimeWindow): void;
}

function Tools({ stretches, place, window, start, onStretch, onWindow }: ToolsProps) {
  const say = useSay();
  const middle = (window.from + window.to) / 2;
  const whole = { from: stretches[0]?.from ?? 0, to: stretches.at(-1)?.to ?? 0 };
  const isLast = place >= stretches.length - 1;
  const time = sinceText(stretches[place]?.from ?? start, start);
  return (
    <div className={styles.tools} role="toolbar" aria-label={say('timeline.tools')}>
      <Tool
        icon="left"
        text={say('timeline.earlier')}
        onClick={place > 0 ? () => onStretch(place - 1) : undefined}
      />
      <span className={styles.place}>
        {say('timeline.stretch', { at: place + 1, count: stretches.length, time })}
      </span>
      <Tool
        icon="right"
        text={say('timeline.later')}
        onClick={isLast ? undefined : () => onStretch(place + 1)}
      />
      <span className={styles.space} />
      <span className={styles.place}>{durationText(lengthOf(window))}</span>
      <Tool
        icon="minus"
        text={say('timeline.far')}
        onClick={() => onWindow(zoomed(window, ZOOM.far, middle))}
      />
      <Tool
        icon="plus"
        text={say('timeline.near')}
        onClick={() => onWindow(zoomed(window, ZOOM.near, middle))}
      />
      <button type="button" className={controls.inline} onClick={() => onWindow(around(whole))}>
        {say('timeline.all')}
      </button>
    </div>
  );
}

interface ToolProps {
  readonly icon: IconName;
  readonly text: string;
  readonly onClick: (() => void) | undefined;
}

function Tool({ icon, text, onClick }: ToolProps) {
  return (
    <button
      type="button"
      className={controls.iconButton}
      aria-label={text}
      title={text}
      disabled={onClick === undefined}
      onClick={onClick}
    >
      <Icon name={icon} size={18} />
    </button>
  );
}

function Remarks({ events, say }: { readonly events: TimelineEvents; readonly say: Say }) {
  return (
    <ul className={styles.remarks}>
      {events.moments.map(
        ({ record, key }) =>
          record.kind === 'resume' && (
            <li key={key}>
              {resumeText(record, say)}{' '}
              {events.duplicates === 0
                ? say('timeline.noDuplicates')
                : say('timeline.duplicates', { count: events.duplicates })}
            </li>
          ),
      )}
      {events.uncertainty !== undefined && (
        <li>{say('timeline.uncertainty', { time: durationText(events.uncertainty) })}</li>
      )}
    </ul>
  );
}

interface ListProps {
  readonly events: TimelineEvents;
  readonly window: TimeWindow;
  readonly start: Micros;
  readonly say: Say;
  onFrame(key: string): void;
}

function EventList({ events, window, start, say, onFrame }: ListProps) {
  const isSeen = ({ at }: { readonly at: Micros }): boolean => at >= window.from && at <= window.to;
  const rows = [
    ...events.moments
      .filter(isSeen)
      .map((moment) => ({ ...moment, text: momentName(moment, say), frame: undefined })),
    ...events.frames.filter(isSeen).map((mark) => ({
      ...{ key: mark.key, at: mark.at, end: 'frame' as const, frame: mark.key },
      text: `${opcodeName(say, mark.opcode)} ${say(`way.${mark.direction}`)}`,
    })),
  ].sort((a, b) => a.at - b.at);
  return (
    <table className={styles.list}>
      <caption className="visually-hidden">{say('timeline.list')}</caption>
      <thead className="visually-hidden">
        <tr>
          <th scope="col">{say('timeline.time')}</th>
          <th scope="col">{say('timeline.end')}</th>
          <th scope="col">{say('timeline.what')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.slice(0, LISTED_MAX).map(({ key, at, end, text, frame }) => (
          <tr key={`${end}${key}`} data-end={end}>
            <td className={styles.time}>{sinceText(at, start)}</td>
            <td className={styles.end}>{end === 'frame' ? say('frame.label') : say(`lane.${end}`)}</td>
            <td>
              {frame === undefined ? (
                text
              ) : (
                <button type="button" className={controls.inline} onClick={() => onFrame(frame)}>
                  {text}
                </button>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
