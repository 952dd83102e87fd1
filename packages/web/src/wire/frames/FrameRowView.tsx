// One row of the ladder: when, which way, what it is, what it says, how long, and in which TCP read it came.
import { type CaptureRecord, type Decoded, endText, type Micros } from '@wireroom/capture';
import { noteIn } from '@wireroom/sandbox/texts';
import { memo, type ReactNode } from 'react';
import { bytesText, durationText, sinceText } from '../durations.ts';
import { opcodeName } from '../frame/field-text.ts';
import { charOf } from '../frame/mask-player.ts';
import { type Say, useSay } from '../words/words.ts';
import styles from './FrameList.module.css';
import { type FrameRow, isControl, type RecordRow, type WireRow } from './wire-rows.ts';

export interface RowProps {
  readonly row: WireRow;
  readonly decoded: Decoded;
  readonly start: Micros;
  readonly isSelected: boolean;
  readonly isTabStop: boolean;
  onRow(row: WireRow): void;
}

export const FrameRowView = memo(function FrameRowView(props: RowProps) {
  const { row, start, isSelected, isTabStop, onRow } = props;
  const say = useSay();
  if (row.kind === 'record') return <Remark row={row} start={start} say={say} />;
  const direction = row.kind === 'frame' ? row.frame.direction : row.direction;
  const bytes = row.kind === 'frame' ? row.frame.span.to - row.frame.span.from : row.bytes;
  const faults = row.kind === 'frame' ? row.frame.faults.length : 0;
  return (
    // biome-ignore lint/a11y/useSemanticElements: the list is Virtuoso's, whose items stand in elements of its own
    <div role="listitem" className={styles.item} data-bracket={row.kind === 'frame' ? row.bracket : 'none'}>
      <button
        type="button"
        className={styles.row}
        data-wire-row
        data-direction={direction}
        data-faulty={faults > 0}
        aria-current={isSelected}
        tabIndex={isTabStop ? 0 : -1}
        onClick={() => onRow(row)}
      >
        <span className={styles.time}>{sinceText(row.at, start)}</span>
        <Rung direction={direction} isDashed={row.kind === 'frame' && isControl(row.frame)} />
        <span className="visually-hidden">{say(`way.${direction}`)}</span>
        <span className={styles.kind}>
          {row.kind === 'frame' ? opcodeName(say, row.frame.opcode) : 'HTTP'}
        </span>
        <span className={styles.text}>
          {row.kind === 'frame' ? <FrameText {...props} row={row} say={say} /> : row.text}
        </span>
        <span className={styles.size}>{bytesText(bytes)}</span>
        {row.kind === 'frame' && <Tape row={row} say={say} />}
      </button>
    </div>
  );
});

function FrameText({
  row,
  decoded,
  say,
}: {
  readonly row: FrameRow;
  readonly decoded: Decoded;
  readonly say: Say;
}) {
  const { frame, message } = row;
  const { direction, index } = frame;
  if (frame.opcode === 0x8)
    return frame.close?.code === undefined
      ? say('facts.close.none')
      : `${frame.close.code} ${frame.close.reason}`;
  if (frame.opcode === 0xa) {
    const pair = decoded.pings.find((ping) => ping.direction !== direction && ping.pong === index);
    return pair?.roundTripMicros === undefined
      ? ''
      : say('row.roundTrip', { time: durationText(pair.roundTripMicros) });
  }
  if (isControl(frame)) return frame.payload.length === 0 ? say('row.control') : shownBytes(frame.payload);
  if (message === undefined) return say('row.noMessage');
  const part = message.frames.indexOf(index) + 1;
  const prefix =
    message.frames.length > 1 ? `${say('row.part', { part, parts: message.frames.length })} ` : '';
  if (message.frames.length > 1)
    return (
      <>
        {prefix}
        {message.isCompressed ? (
          // Only the whole can be inflated.
          part === message.frames.length && <MessageText message={message} say={say} />
        ) : (
          <span className={styles.raw}>{asText(frame.payload)}</span>
        )}
      </>
    );
  return <MessageText message={message} say={say} />;
}

const decoder = new TextDecoder();
/** A piece of a text: a character that the fragments cut in two is shown as a replacement character. */
const asText = (bytes: Uint8Array): string => decoder.decode(bytes.subarray(0, TEXT_SHOWN));

/** Bytes of a control frame: as characters, which they mostly are. At most 125. */
const shownBytes = (bytes: Uint8Array): ReactNode => (
  <span className={styles.raw}>{Array.from(bytes, charOf).join('')}</span>
);

/** Characters of a message that its row may show: the rest is in the detail. */
const TEXT_SHOWN = 160;

function MessageText({
  message,
  say,
}: {
  readonly message: NonNullable<FrameRow['message']>;
  readonly say: Say;
}): ReactNode {
  const { meaning, text, data } = message;
  if (meaning?.language === 'wireroom')
    return (
      <>
        <b>{meaning.type}</b>
        {meaning.seq !== undefined && ` #${meaning.seq}`}{' '}
        <span className={styles.raw}>{text?.slice(0, TEXT_SHOWN)}</span>
      </>
    );
  if (meaning?.language === 'socketio') {
    const [packet] = meaning.packets;
    return (
      <>
        <b>
          {packet?.type}
          {packet?.inner !== undefined && ` › ${packet.inner.type}`}
        </b>{' '}
        <span className={styles.raw}>{text?.slice(0, TEXT_SHOWN)}</span>
      </>
    );
  }
  return text?.slice(0, TEXT_SHOWN) ?? say('row.binary', { bytes: data.length });
}

/** The rung: an arrow from the end that sent to the end that read. Its ends sit on the wires, however wide it is. */
function Rung({ direction, isDashed }: { readonly direction: 'in' | 'out'; readonly isDashed: boolean }) {
  return (
    <svg className={styles.rung} data-to={direction} aria-hidden="true" focusable="false">
      <line x1="6" x2="100%" y1="50%" y2="50%" strokeDasharray={isDashed ? '3 2.5' : undefined} />
      <circle cx="6" cy="50%" r="2.5" />
      <svg x="100%" y="50%" overflow="visible" aria-hidden="true">
        <path d="M-11 -3.5 -6.5 0 -11 3.5" />
      </svg>
    </svg>
  );
}

/** The TCP read it came in: frames of one read hang together, a frame of several is counted. */
function Tape({ row, say }: { readonly row: FrameRow; readonly say: Say }) {
  const { chunks, direction } = row.frame;
  const number = (chunks[0] ?? 0) + 1;
  const verb = direction === 'in' ? 'read' : 'write';
  const label =
    chunks.length > 1
      ? say(`row.${verb}s`, { from: number, to: number + chunks.length - 1 })
      : say(row.sharesRead ? `row.${verb}.same` : `row.${verb}`, { number });
  return (
    <span className={styles.tape} data-shares={row.sharesRead} title={label}>
      <span aria-hidden="true">
        {row.sharesRead ? '〃' : chunks.length > 1 ? `${number}–${number + chunks.length - 1}` : number}
      </span>
      <span className="visually-hidden">{label}</span>
    </span>
  );
}

function Remark({ row, start, say }: { readonly row: RecordRow; readonly start: Micros; readonly say: Say }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: as above
    <div className={styles.remark} role="listitem" data-kind={row.record.kind}>
      <span className={styles.time}>{sinceText(row.at, start)}</span>
      <span className={styles.rung} aria-hidden="true" />
      <span>{remarkText(row.record, say)}</span>
    </div>
  );
}

function remarkText(record: RecordRow['record'], say: Say): string {
  switch (record.kind) {
    case 'note':
      return say.of({ en: noteIn('en', record), zh: noteIn('zh', record) });
    case 'dropped':
      return say('row.dropped', { records: record.records, size: bytesText(record.bytes) });
    case 'poll':
      return `${record.head.split('\r\n', 1)[0] ?? ''} ${record.body.slice(0, TEXT_SHOWN)}`;
    case 'resume':
      return resumeText(record, say);
    case 'close':
      return [
        say('row.closed', { code: record.code }),
        ...new Set([record.reason, record.error && say.of(endText(record.error))]),
      ]
        .filter((text) => text !== undefined && text !== '')
        .join(' ');
  }
}

export function resumeText(record: Extract<CaptureRecord, { kind: 'resume' }>, say: Say): string {
  return say(`resume.${record.answer}`, {
    cursor: record.cursor?.seq ?? '–',
    head: record.position.seq,
    count: record.entriesReplayed,
  });
}
