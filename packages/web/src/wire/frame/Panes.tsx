// The same bytes three times: as they were on the wire, without their mask, and inflated; with their sizes, side by side.
import type { DecodedFrame, DecodedMessage } from '@wireroom/capture';
import { useMemo, useRef } from 'react';
import { bytesText } from '../durations.ts';
import { useWidth } from '../use-width.ts';
import { useSay } from '../words/words.ts';
import { HexDump } from './HexDump.tsx';
import { frameHex, payloadHex } from './hex-rows.ts';
import styles from './Panes.module.css';

interface Props {
  readonly frame: DecodedFrame;
  readonly message: DecodedMessage | undefined;
  readonly bytes: Uint8Array;
  readonly active: string | undefined;
  onActive(fieldId: string | undefined): void;
}

/** From this width on a dump has 16 bytes in a row, if it stands alone. In CSS pixels. */
const WIDE_PX = 600;

export function Panes({ frame, message, bytes, active, onActive }: Props) {
  const say = useSay();
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box, 640);
  const wire = useMemo(() => frameHex(frame, bytes), [frame, bytes]);
  const bare = useMemo(() => payloadHex(frame.payload, 'linked'), [frame]);
  const inflated = useMemo(
    () => (message?.isCompressed === true ? payloadHex(message.data, 'apart') : undefined),
    [message],
  );
  const panes = 1 + Number(frame.masked) + Number(inflated !== undefined);
  const perRow = panes === 1 && width >= WIDE_PX ? 16 : 8;
  const whole = frame.span.to - frame.span.from;
  return (
    <section className={styles.panes} ref={box} aria-label={say('panes.label')}>
      <div className={styles.pane}>
        <h4 className={styles.title}>
          {say('panes.wire')} <small>{bytesText(whole)}</small>
        </h4>
        <HexDump label={say('panes.wire')} bytes={wire} perRow={perRow} active={active} onActive={onActive} />
      </div>
      {frame.masked && (
        <div className={styles.pane}>
          <h4 className={styles.title}>
            {say('panes.bare')} <small>{bytesText(frame.payloadLength)}</small>
          </h4>
          <HexDump
            label={say('panes.bare')}
            bytes={bare}
            perRow={perRow}
            active={active}
            onActive={onActive}
          />
        </div>
      )}
      {inflated !== undefined && message !== undefined && (
        <div className={styles.pane}>
          <h4 className={styles.title}>
            {say('panes.inflated')} <small>{bytesText(message.data.length)}</small>{' '}
            <small>
              {say('panes.ratio', { percent: percent(message.carriedLength, message.data.length) })}
            </small>
          </h4>
          <HexDump label={say('panes.inflated')} bytes={inflated} perRow={perRow} />
        </div>
      )}
      {message !== undefined && inflated === undefined && (
        <p className={styles.note}>{say('panes.notCompressed')}</p>
      )}
    </section>
  );
}

const percent = (part: number, whole: number): number =>
  whole === 0 ? 100 : Math.round((100 * part) / whole);
