// A message's receipt: the way that it took through both ends, as a wire from the keyboard over the disk to the screen, with the
// time at every station. Proportional above; station by station below.
import type { CaptureRecord, Decoded, Direction } from '@wireroom/capture';
import { durationText } from '../durations.ts';
import { problemText } from '../problem-text.ts';
import { useSay } from '../words/words.ts';
import { changesIn } from './changes-of.ts';
import { PhaseBar } from './PhaseBar.tsx';
import styles from './ReceiptView.module.css';
import { Since, WhatItIs } from './Related.tsx';
import { wayOf } from './receipt-steps.ts';
import { StationRow } from './StationRow.tsx';

export interface ReceiptMessage {
  readonly seq: number;
  readonly roomId: string | undefined;
  /** Absent: its row is not in the room's list any more. */
  readonly text?: string | undefined;
  readonly author?: string | undefined;
  /** The text is not the one that went this way, or there is none any more. */
  readonly fate?: 'edited' | 'deleted' | undefined;
}

interface Props {
  /** Absent: no message was chosen. */
  readonly message: ReceiptMessage | undefined;
  /** Absent: not answered yet. */
  readonly records: readonly CaptureRecord[] | undefined;
  /** Why there are none, where somebody said so. */
  readonly refusal?: Error | undefined;
  readonly decoded: Decoded;
  onFrame(direction: Direction, index: number): void;
}

export function ReceiptView({ message, records, refusal, decoded, onFrame }: Props) {
  const say = useSay();
  if (message === undefined)
    return (
      <div className={styles.empty}>
        <p className={styles.lead}>{say('receipt.choose')}</p>
        <p>{say('receipt.what')}</p>
      </div>
    );
  const changes = changesIn(decoded.messages);
  const itself = changes.find(({ seq }) => seq === message.seq);
  const way = records === undefined ? undefined : wayOf(records, message.seq, decoded);
  return (
    <div className={styles.view}>
      <header className={styles.message}>
        <p className={styles.number}>#{message.seq}</p>
        <div className={styles.said}>
          {message.author !== undefined && <p className={styles.author}>{message.author}</p>}
          {message.text !== undefined && message.text !== '' && (
            <p className={styles.text} dir="auto">
              {message.text}
            </p>
          )}
          {message.fate !== undefined && <p className={styles.since}>{say(`receipt.${message.fate}`)}</p>}
          {itself !== undefined && <WhatItIs change={itself} />}
          <Since changes={changes.filter(({ target }) => target === message.seq)} />
        </div>
      </header>
      {way === undefined && refusal === undefined && <p role="status">{say('receipt.waiting')}</p>}
      {refusal !== undefined && <p className={styles.none}>{problemText(refusal, say)}</p>}
      {way !== undefined && way.steps.length === 0 && refusal === undefined && (
        <p className={styles.none}>{say('receipt.none')}</p>
      )}
      {way !== undefined && way.steps.length > 0 && (
        <>
          <p className={styles.total}>
            <strong>{durationText(way.total)}</strong> {say('receipt.total')}
          </p>
          <PhaseBar steps={way.steps} />
          <div className={styles.lanes} aria-hidden="true">
            <span>{say('lane.browser')}</span>
            <span>{say('lane.server')}</span>
          </div>
          <ol className={styles.stations}>
            {way.steps.map((step, at) => (
              <StationRow
                key={step.name}
                step={step}
                before={way.steps[at - 1]}
                isLast={at === way.steps.length - 1}
                start={way.steps[0]?.at ?? 0}
                uncertainty={way.clock?.uncertainty}
                onFrame={onFrame}
              />
            ))}
          </ol>
          {way.clock !== undefined && (
            <p className={styles.clock}>
              {say('receipt.clock', {
                offset: durationText(Math.abs(way.clock.offset)),
                uncertainty: durationText(way.clock.uncertainty),
              })}
            </p>
          )}
        </>
      )}
    </div>
  );
}
