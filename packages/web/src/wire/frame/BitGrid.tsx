// A frame as the figure of RFC 6455 section 5.2, with the values of this one frame in it. A grid for the keyboard: one cell is
// in the order of tabs, the arrow keys go from field to field.
import type { DecodedFrame } from '@wireroom/capture';
import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import { useWidth } from '../use-width.ts';
import { useSay } from '../words/words.ts';
import styles from './BitGrid.module.css';
import { columnsFor, type Field, fieldsOf, rowsOf, type Segment } from './bit-layout.ts';
import { lookOf } from './field-look.ts';
import { fieldName, fieldValue } from './field-text.ts';
import { moveInGrid, type Place } from './grid-move.ts';
import './field-look.css';

interface Props {
  readonly frame: DecodedFrame;
  /** The whole frame as it was on the wire. */
  readonly bytes: Uint8Array;
  /** The id of the field that is looked at, here or in a dump of the bytes. */
  readonly active: string | undefined;
  onActive(field: Field | undefined): void;
}

/** Payload bytes in the figure before the reader asks for more, and after. */
const PAYLOAD_SHOWN = { few: 16, many: 256 } as const;

export function BitGrid({ frame, bytes, active, onActive }: Props) {
  const say = useSay();
  const figure = useRef<HTMLDivElement>(null);
  const columns = columnsFor(useWidth(figure, 640));
  const [amount, setAmount] = useState<'few' | 'many'>('few');
  const [place, setPlace] = useState<Place>({ row: 0, at: 0 });
  const shown = PAYLOAD_SHOWN[amount];
  const rows = useMemo(() => rowsOf(fieldsOf(frame, shown), bytes, columns), [frame, bytes, columns, shown]);
  const left = frame.raw.length - shown;

  const move = (event: KeyboardEvent<HTMLElement>): void => {
    const next = moveInGrid(rows, place, event.key);
    if (next === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    setPlace(next);
    figure.current?.querySelector<HTMLElement>(`[data-place="${next.row}.${next.at}"]`)?.focus();
  };

  return (
    <div className={styles.figure} ref={figure} data-columns={columns}>
      <Ruler columns={columns} />
      {/* biome-ignore lint/a11y/useSemanticElements: a table of bits has no header cells; the grid role has the arrow keys */}
      <div
        className={styles.grid}
        role="grid"
        tabIndex={-1}
        aria-label={say('grid.label')}
        aria-colcount={columns}
        onKeyDown={move}
        onPointerLeave={() => onActive(undefined)}
      >
        {rows.map((row, rowAt) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is its number
          // biome-ignore lint/a11y/useSemanticElements: as above
          // biome-ignore lint/a11y/useFocusableInteractive: its cells have the focus
          <div className={styles.row} role="row" key={rowAt}>
            {row.map((segment, at) => (
              <Cell
                key={`${segment.field.id}.${segment.column}`}
                segment={segment}
                frame={frame}
                place={`${rowAt}.${at}`}
                isTabStop={place.row === rowAt && place.at === at}
                isActive={segment.field.id === active}
                onActive={(field) => {
                  setPlace({ row: rowAt, at });
                  onActive(field);
                }}
                onHover={onActive}
              />
            ))}
          </div>
        ))}
      </div>
      {left > 0 && (
        <p className={styles.more}>
          {amount === 'few' ? (
            <button type="button" className={styles.moreButton} onClick={() => setAmount('many')}>
              {say('grid.more', { count: left })}
            </button>
          ) : (
            say('grid.rest', { count: left })
          )}
        </p>
      )}
    </div>
  );
}

interface CellProps {
  readonly segment: Segment;
  readonly frame: DecodedFrame;
  readonly place: string;
  readonly isTabStop: boolean;
  readonly isActive: boolean;
  onActive(field: Field): void;
  onHover(field: Field): void;
}

function Cell({ segment, frame, place, isTabStop, isActive, onActive, onHover }: CellProps) {
  const say = useSay();
  const { field, bits, column } = segment;
  const name = fieldName(say, field);
  const value = fieldValue(say, field, frame);
  const isFlag = field.bits === 1;
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the grid
    <div
      className={styles.cell}
      role="gridcell"
      tabIndex={isTabStop ? 0 : -1}
      aria-colindex={column + 1}
      aria-colspan={bits.length}
      aria-selected={isActive}
      data-place={place}
      data-look={lookOf(field.name)}
      data-active={isActive}
      data-starts={segment.startsField}
      data-ends={segment.endsField}
      style={{ gridColumn: `${column + 1} / span ${bits.length}` }}
      onFocus={() => onActive(field)}
      onPointerEnter={() => onHover(field)}
    >
      <span className="visually-hidden">
        {`${name}: ${value.spoken}. ${say('grid.bits', { count: field.bits, bits: bits.join('') })}`}
      </span>
      <span className={styles.bits} aria-hidden="true">
        {bits.map((bit, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a bit is its place
          <span key={at} data-bit={bit} data-byte-end={(column + at) % 8 === 7}>
            {bit}
          </span>
        ))}
      </span>
      <span className={isFlag ? styles.flag : styles.legend} aria-hidden="true">
        {segment.isNamed ? (
          <>
            <span className={styles.name}>{isFlag ? field.name.toUpperCase() : name}</span>
            {!isFlag && <span className={styles.value}>{value.shown}</span>}
          </>
        ) : (
          <span className={styles.name}>…</span>
        )}
      </span>
    </div>
  );
}

/** The numbers of the bits, in two lines as the RFC writes them. */
function Ruler({ columns }: { readonly columns: number }) {
  return (
    <div className={styles.ruler} aria-hidden="true">
      {Array.from({ length: columns }, (_, bit) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a column is its number
        <span key={bit} data-byte-end={bit % 8 === 7}>
          <span>{bit % 10 === 0 ? bit / 10 : ''}</span>
          <span>{bit % 10}</span>
        </span>
      ))}
    </div>
  );
}
