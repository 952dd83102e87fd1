// Bytes in hex and as characters, in the colours and with the threads of their fields. Pointing at a byte points at its field in
// the bit grid, and the other way round.
import { useMemo } from 'react';
import { useSay } from '../words/words.ts';
import styles from './HexDump.module.css';
import { type HexByte, hexRows } from './hex-rows.ts';
import { charOf, hexByte } from './mask-player.ts';
import './field-look.css';

interface Props {
  readonly label: string;
  readonly bytes: readonly HexByte[];
  readonly perRow: 8 | 16;
  readonly active?: string | undefined;
  onActive?(fieldId: string | undefined): void;
}

/** Bytes in one dump. What is longer can be saved as a file. */
export const DUMP_BYTES_MAX = 512;

export function HexDump({ label, bytes, perRow, active, onActive }: Props) {
  const say = useSay();
  const rows = useMemo(() => hexRows(bytes.slice(0, DUMP_BYTES_MAX), perRow), [bytes, perRow]);
  const left = bytes.length - DUMP_BYTES_MAX;
  if (bytes.length === 0) return <p className={styles.empty}>{say('dump.empty')}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <figure className={styles.dump} aria-label={label} tabIndex={0} data-per-row={perRow}>
      {rows.map((row) => (
        <div className={styles.row} key={row[0]?.at}>
          <span className={styles.offset} aria-hidden="true">
            {(row[0]?.at ?? 0).toString(16).padStart(4, '0')}
          </span>
          <span className={styles.bytes} onPointerLeave={() => onActive?.(undefined)}>
            {row.map((byte) => (
              <Byte
                key={byte.at}
                byte={byte}
                isActive={active !== undefined && byte.fields.includes(active)}
                onPoint={() => onActive?.(byte.fields.at(-1))}
              />
            ))}
            {/* The last row is as wide as the others, so that the characters stand under one another. */}
            {Array.from({ length: perRow - row.length }, (_, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: an empty place is its number
              <span className={styles.byte} key={`empty-${at}`} aria-hidden="true">
                {'\u00a0\u00a0'}
              </span>
            ))}
          </span>
          <span className={styles.chars} aria-hidden="true">
            {row.map((byte) => (
              <span
                key={byte.at}
                data-active={active !== undefined && byte.fields.includes(active)}
                data-look={byte.looks?.[1]}
              >
                {charOf(byte.value)}
              </span>
            ))}
          </span>
        </div>
      ))}
      {left > 0 && <p className={styles.empty}>{say('dump.rest', { count: left })}</p>}
    </figure>
  );
}

interface ByteProps {
  readonly byte: HexByte;
  readonly isActive: boolean;
  onPoint(): void;
}

function Byte({ byte, isActive, onPoint }: ByteProps) {
  const digits = hexByte(byte.value);
  return (
    <span className={styles.byte} data-active={isActive} data-look={byte.looks?.[1]} onPointerEnter={onPoint}>
      {byte.looks === undefined ? (
        digits
      ) : (
        <>
          <span data-look={byte.looks[0]}>{digits[0]}</span>
          <span data-look={byte.looks[1]}>{digits[1]}</span>
        </>
      )}
    </span>
  );
}
