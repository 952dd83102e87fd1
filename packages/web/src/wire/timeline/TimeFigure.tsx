// The timeline as a drawing: two wires, the frames slanting between them, marks and their names where there is room. It is pulled
// with the pointer and zoomed with the wheel; the list beside it says the same in words.
import type { Micros } from '@wireroom/capture';
import { type PointerEvent, useEffect, useRef } from 'react';
import { opcodeName } from '../frame/field-text.ts';
import { useWidth } from '../use-width.ts';
import { useSay } from '../words/words.ts';
import { momentName } from './moment-name.ts';
import styles from './TimelineView.module.css';
import { labelRows, lengthOf, moved, type TimeWindow, ticksOf, xOf, zoomed } from './time-window.ts';
import type { FrameMark, Moment, TimelineEvents } from './timeline-events.ts';

interface Props {
  readonly events: TimelineEvents;
  readonly window: TimeWindow;
  readonly start: Micros;
  onWindow(window: TimeWindow): void;
  onFrame(key: string): void;
}

const Y = { browser: 92, server: 196, bottom: 312, axis: 18 } as const;
const ROW_PX = 15;
/** Of names; a message has more stations at the server. */
const ROWS = { browser: 4, server: 7 } as const;
/** Between two ticks, about. */
const TICK_PX = 120;
/** A character of a name, about; Chinese ones are wider. */
const CHAR_PX = 7;

export function TimeFigure({ events, window, start, onWindow, onFrame }: Props) {
  const say = useSay();
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box, 640);
  const pulled = useRef<number>(undefined);
  useWheel(box, window, width, onWindow);
  const x = (at: Micros): number => xOf(at, window, width);
  const pull = (event: PointerEvent): void => {
    if (pulled.current === undefined) return;
    onWindow(moved(window, (pulled.current - event.clientX) / Math.max(1, width)));
    pulled.current = event.clientX;
  };
  const isSeen = (at: Micros): boolean => at >= window.from && at <= window.to;
  return (
    <div className={styles.box} ref={box}>
      <svg
        className={styles.drawing}
        width={width}
        height={Y.bottom}
        aria-hidden="true"
        onPointerDown={(event) => {
          pulled.current = event.clientX;
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={pull}
        onPointerUp={() => {
          pulled.current = undefined;
        }}
      >
        {ticksOf(window, start, width / TICK_PX).map(({ at, text }) => (
          <g key={at} transform={`translate(${x(at)} 0)`}>
            <line className={styles.tick} y1={Y.axis + 4} y2={Y.bottom} />
            <text className={styles.tickText} y={Y.axis - 4}>
              {text}
            </text>
          </g>
        ))}
        <line className={styles.lane} data-end="browser" x1="0" x2={width} y1={Y.browser} y2={Y.browser} />
        <line className={styles.lane} data-end="server" x1="0" x2={width} y1={Y.server} y2={Y.server} />
        {events.frames
          .filter(({ at, browserAt = at }) => isSeen(at) || isSeen(browserAt))
          .map((mark) => (
            <Rung key={mark.key} mark={mark} x={x} title={opcodeName(say, mark.opcode)} onFrame={onFrame} />
          ))}
        <Names
          moments={events.moments.filter(({ end, at }) => end === 'browser' && isSeen(at))}
          x={x}
          width={width}
          y={Y.browser}
          step={-ROW_PX}
          rows={ROWS.browser}
        />
        <Names
          moments={events.moments.filter(({ end, at }) => end === 'server' && isSeen(at))}
          x={x}
          width={width}
          y={Y.server}
          step={ROW_PX}
          rows={ROWS.server}
        />
      </svg>
      <span className={styles.laneName} style={{ top: Y.browser + 2 }}>
        {say('lane.browser')}
      </span>
      <span className={styles.laneName} style={{ top: Y.server - 18 }}>
        {say('lane.server')}
      </span>
    </div>
  );
}

interface RungProps {
  readonly mark: FrameMark;
  readonly title: string;
  x(at: Micros): number;
  onFrame(key: string): void;
}

function Rung({ mark, title, x, onFrame }: RungProps) {
  const { direction, at, browserAt, key, opcode } = mark;
  const top = x(browserAt ?? at);
  const bottom = x(at);
  const [from, to] = direction === 'in' ? [Y.browser, Y.server] : [Y.server, Y.browser];
  const [x1, x2] = direction === 'in' ? [top, bottom] : [bottom, top];
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the list below has the same as buttons
    <g
      className={styles.frame}
      data-direction={direction}
      data-control={opcode >= 8}
      onClick={() => onFrame(key)}
    >
      <title>{title}</title>
      <line x1={x1} y1={from} x2={x2} y2={to} />
      <line className={styles.reach} x1={x1} y1={from} x2={x2} y2={to} />
      <circle cx={x1} cy={from} r="3" />
      <path d={arrowAt(x1, from, x2, to)} />
    </g>
  );
}

/** The head of an arrow from the first point at the second. */
function arrowAt(x1: number, y1: number, x2: number, y2: number): string {
  const angle = Math.atan2(y2 - y1, x2 - x1);
  const [left, right] = [angle + 2.7, angle - 2.7].map(
    (side) => `${(x2 + 8 * Math.cos(side)).toFixed(1)} ${(y2 + 8 * Math.sin(side)).toFixed(1)}`,
  );
  return `M${left} L${x2} ${y2} L${right}`;
}

interface NamesProps {
  readonly moments: readonly Moment[];
  readonly width: number;
  readonly y: number;
  /** From row to row, away from the lane. */
  readonly step: number;
  readonly rows: number;
  x(at: Micros): number;
}

function Names({ moments, x, width, y, step, rows }: NamesProps) {
  const say = useSay();
  const names = moments.map((moment) => momentName(moment, say));
  // Where a name would leave the figure it stands to the left of its mark.
  const places = moments.map(({ at }, index) => {
    const size = widthOf(names[index] ?? '');
    const isLeft = x(at) + size > width;
    const from = isLeft ? x(at) - size : x(at);
    return { isLeft, place: { x: x(at), from, to: from + size } };
  });
  const written = labelRows(
    places.map(({ place }) => place),
    rows,
  );
  return moments.map(({ key, at, record }, index) => {
    const row = written[index];
    const end = y + step * ((row ?? 0) + 1.2);
    return (
      <g key={key} className={styles.moment} data-kind={record.kind} transform={`translate(${x(at)} 0)`}>
        <title>{names[index]}</title>
        <circle cy={y} r="3.5" />
        {row !== undefined && (
          <>
            <line y1={y} y2={end} />
            <text
              x={places[index]?.isLeft ? -4 : 4}
              y={step < 0 ? end + 4 : end}
              data-left={places[index]?.isLeft}
            >
              {names[index]}
            </text>
          </>
        )}
      </g>
    );
  });
}

const widthOf = (name: string): number =>
  14 + Array.from(name).reduce((sum, char) => sum + (char.charCodeAt(0) > 0x2e80 ? 13 : CHAR_PX), 0);

/** With Ctrl the wheel zooms where the pointer is, as in maps; without it the page scrolls. */
function useWheel(
  box: { readonly current: HTMLDivElement | null },
  window: TimeWindow,
  width: number,
  onWindow: (window: TimeWindow) => void,
): void {
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const zoom = (event: WheelEvent): void => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const at =
        window.from + ((event.clientX - element.getBoundingClientRect().left) / width) * lengthOf(window);
      onWindow(zoomed(window, event.deltaY > 0 ? 1.25 : 0.8, at));
    };
    element.addEventListener('wheel', zoom, { passive: false });
    return () => element.removeEventListener('wheel', zoom);
  }, [box, window, width, onWindow]);
}
