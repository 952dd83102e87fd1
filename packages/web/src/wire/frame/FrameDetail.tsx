// One frame, taken apart: the figure of its bits, its bytes raw, unmasked and inflated, the mask coming off, what it says, and how
// it travelled. Everything shown is read off the bytes.
import type { Decoded, DecodedFrame, Direction, Micros } from '@wireroom/capture';
import { useMemo, useState } from 'react';
import { bytesText, sinceText } from '../durations.ts';
import { FaultList } from '../FaultList.tsx';
import { bytesOf } from '../stream-bytes.ts';
import { type Say, useSay } from '../words/words.ts';
import { BitGrid } from './BitGrid.tsx';
import { type Field, fieldsOf } from './bit-layout.ts';
import styles from './FrameDetail.module.css';
import { FrameFacts } from './FrameFacts.tsx';
import { lookOf } from './field-look.ts';
import { fieldExplanation, fieldName, fieldValue, opcodeName } from './field-text.ts';
import { MaskPlayer } from './MaskPlayer.tsx';
import { Meaning } from './Meaning.tsx';
import { Panes } from './Panes.tsx';

export interface FrameDetailProps {
  readonly decoded: Decoded;
  readonly frame: DecodedFrame;
  /** When the connection began. */
  readonly start: Micros;
  onFrame(direction: Direction, index: number): void;
  /** Shows the message with this number in the chat; absent where there is no chat. */
  onMessage?: ((seq: number) => void) | undefined;
}

export function FrameDetail(props: FrameDetailProps) {
  const { decoded, frame, start } = props;
  const say = useSay();
  const bytes = useMemo(() => bytesOf(decoded, frame.direction, frame.span), [decoded, frame]);
  const fields = useMemo(() => fieldsOf(frame, frame.raw.length), [frame]);
  const [active, setActive] = useState<string>();
  const field = fields.find(({ id }) => id === active);
  const message = decoded.messages.find(
    ({ direction, index }) => direction === frame.direction && index === frame.messageIndex,
  );
  const head = frame.span.to - frame.span.from - frame.payloadLength;
  return (
    <article className={styles.detail} aria-label={say('frame.label')}>
      <header className={styles.header}>
        <h3 className={styles.title}>
          <span className={styles.opcode}>{opcodeName(say, frame.opcode)}</span>
          <span className={styles.way}>{say(`way.${frame.direction}`)}</span>
        </h3>
        <p className={styles.sizes}>
          <span>{sinceText(frame.at, start)} s</span>
          <span>
            {say('frame.sizes', {
              all: bytesText(head + frame.payloadLength),
              head,
              payload: frame.payloadLength,
            })}
          </span>
        </p>
      </header>
      <FaultList faults={frame.faults} />
      <section className={styles.section} aria-label={say('grid.label')}>
        <Caption field={field} frame={frame} say={say} />
        <BitGrid frame={frame} bytes={bytes} active={active} onActive={(next) => setActive(next?.id)} />
      </section>
      <Panes frame={frame} message={message} bytes={bytes} active={active} onActive={setActive} />
      {message !== undefined && <Meaning message={message} onMessage={props.onMessage} />}
      {frame.masked && frame.raw.length > 0 && (
        <section className={styles.section}>
          <h4 className={styles.subtitle}>{say('mask.title')}</h4>
          <p className={styles.lead}>{say('mask.lead')}</p>
          <MaskPlayer frame={frame} key={`${frame.direction}${frame.index}`} />
          <details className={styles.why}>
            <summary>{say('mask.why')}</summary>
            <p>{say('mask.because')}</p>
          </details>
        </section>
      )}
      <FrameFacts {...props} message={message} />
    </article>
  );
}

interface CaptionProps {
  readonly field: Field | undefined;
  readonly frame: DecodedFrame;
  readonly say: Say;
}

/** The field that is pointed at, in words. It stays in sight above the figure, and its height does not change. */
function Caption({ field, frame, say }: CaptionProps) {
  if (field === undefined)
    return (
      <p className={styles.caption}>
        <span className={styles.hint}>{say('grid.hint')}</span>
      </p>
    );
  return (
    <p className={styles.caption} data-look={lookOf(field.name)}>
      <strong className={styles.captionName}>{fieldName(say, field)}</strong>
      <span className={styles.captionValue}>{fieldValue(say, field, frame).shown}</span>
      <span className={styles.captionText}>{fieldExplanation(say, field, frame)}</span>
    </p>
  );
}
