// A scene that plays or has played: what it is, its connections as frames, and how it ended with the rule that says so.
import {
  type Capture,
  type CaptureRecord,
  type CloseRecord,
  closeCodeText,
  decode,
  endText,
  refusalText,
  type WireFault,
} from '@wireroom/capture';
import type { Scene } from '@wireroom/sandbox/texts';
import { useEffect, useMemo, useState } from 'react';
import controls from '../../app/controls.module.css';
import { Icon } from '../../icons/Icon.tsx';
import { FaultList } from '../FaultList.tsx';
import { FramesView } from '../frames/FramesView.tsx';
import { HandshakeView } from '../handshake/HandshakeView.tsx';
import type { LiveSnapshot } from '../live/live-wire.ts';
import { useDecoded } from '../use-decoded.ts';
import { type Say, useSay } from '../words/words.ts';
import styles from './TryView.module.css';

interface Props {
  readonly scene: Scene;
  readonly live: LiveSnapshot;
  readonly onAgain: (() => void) | undefined;
  /** Its connections, the one in sight first; undefined when it is left. */
  onPlayed(captures: readonly Capture[] | undefined): void;
  onStop(): void;
  onBack(): void;
}

const NO_RECORDS: readonly CaptureRecord[] = [];
const NO_IDS: readonly string[] = [];

export function PlayedScene({ scene, live, onAgain, onPlayed, onStop, onBack }: Props) {
  const say = useSay();
  const play = live.play?.scene === scene.name ? live.play : undefined;
  const ids = play?.connectionIds ?? NO_IDS;
  const [wanted, setWanted] = useState<string>();
  const id = ids.find((known) => known === wanted) ?? ids[0];
  const records = (id === undefined ? undefined : live.records[id]) ?? NO_RECORDS;
  const isOver = play?.isOver ?? false;
  usePlayed(live, ids, id, onPlayed);
  return (
    <div className={styles.played}>
      <header className={styles.playedHead}>
        <p className={styles.actions}>
          <button type="button" className={controls.iconButton} onClick={onBack}>
            <Icon name="back" size={18} />
            {say('try.back')}
          </button>
          <span className={styles.space} />
          <span className={styles.state} role="status">
            {say(isOver ? 'try.over' : 'try.playing')}
          </span>
          {isOver
            ? onAgain !== undefined && (
                <button type="button" className={controls.iconButton} onClick={onAgain}>
                  <Icon name="again" size={18} />
                  {say('try.again')}
                </button>
              )
            : play !== undefined && (
                <button type="button" className={controls.iconButton} onClick={onStop}>
                  <Icon name="close" size={18} />
                  {say('try.stop')}
                </button>
              )}
        </p>
        <h3 className={styles.title}>{say.of(scene.title)}</h3>
        <p className={styles.summary}>{say.of(scene.summary)}</p>
        {play?.refusal !== undefined && <p className={styles.refusal}>{say.of(refusalText(play.refusal))}</p>}
        {isOver && <Outcome scene={scene} records={records} say={say} />}
        {ids.length > 1 && (
          <label className={styles.connection}>
            {say('try.connection', { count: ids.length })}
            <select value={id} onChange={(event) => setWanted(event.target.value)}>
              {ids.map((known, at) => (
                <option key={known} value={known}>
                  {at + 1}
                </option>
              ))}
            </select>
          </label>
        )}
      </header>
      <div className={styles.playedFrames}>
        {records.length > 0 && <Frames key={id} records={records} isLive={!isOver} />}
      </div>
    </div>
  );
}

/** Tells what of the scene is looked at, as it grows. */
function usePlayed(
  live: LiveSnapshot,
  ids: readonly string[],
  first: string | undefined,
  onPlayed: Props['onPlayed'],
): void {
  const { records } = live;
  const captures = useMemo(
    () =>
      [...ids]
        .sort((a, b) => Number(b === first) - Number(a === first))
        .map((id): Capture => ({ records: records[id] ?? NO_RECORDS }))
        .filter((capture) => capture.records.length > 0),
    [ids, first, records],
  );
  useEffect(() => onPlayed(captures), [onPlayed, captures]);
  useEffect(() => () => onPlayed(undefined), [onPlayed]);
}

function Frames({
  records,
  isLive,
}: {
  readonly records: readonly CaptureRecord[];
  readonly isLive: boolean;
}) {
  const say = useSay();
  const decoded = useDecoded(records);
  const [selected, setSelected] = useState<string>();
  const [isHandshake, setHandshake] = useState(false);
  if (isHandshake)
    return (
      <div className={styles.handshake}>
        <button type="button" className={controls.iconButton} onClick={() => setHandshake(false)}>
          <Icon name="back" size={18} />
          {say('frames.toList')}
        </button>
        <HandshakeView decoded={decoded} records={records} />
      </div>
    );
  return (
    <FramesView
      decoded={decoded}
      records={records}
      isLive={isLive}
      selected={selected}
      onSelect={setSelected}
      onHandshake={() => setHandshake(true)}
    />
  );
}

interface OutcomeProps {
  readonly scene: Scene;
  readonly records: readonly CaptureRecord[];
  readonly say: Say;
}

function Outcome({ scene, records, say }: OutcomeProps) {
  const close = records.findLast((record) => record.kind === 'close');
  const faults = useMemo(() => faultsIn(records), [records]);
  return (
    <div className={styles.outcome}>
      {close !== undefined && <Ending close={close} say={say} />}
      <FaultList faults={faults} />
      {scene.rule !== undefined && (
        <p className={styles.rule}>
          <span className={styles.section}>{scene.rule.section}</span> {say.of(scene.rule.text)}
        </p>
      )}
    </div>
  );
}

function Ending({ close, say }: { readonly close: CloseRecord; readonly say: Say }) {
  const text = closeCodeText(close.code);
  return (
    <p className={styles.ending}>
      <strong className={styles.code}>{close.code}</strong>
      <span>
        <strong>{say.of(text.name)}</strong> {say.of(text)}{' '}
        {close.begunBy !== undefined &&
          say(close.begunBy === 'client' ? 'facts.close.by.in' : 'facts.close.by.out')}
      </span>
      {close.error !== undefined && (
        <span className={styles.error}>
          <code>{close.error.code}</code> {say.of(endText(close.error))}
        </span>
      )}
    </p>
  );
}

/** Of the whole connection, each once. */
function faultsIn(records: readonly CaptureRecord[]): readonly WireFault[] {
  const { handshake, frames, messages, unfinished } = decode({ records });
  const all = [
    ...handshake.faults,
    ...frames.flatMap((frame) => frame.faults),
    ...messages.flatMap((message) => message.faults),
    ...(unfinished.in?.frame?.faults ?? []),
    ...(unfinished.out?.frame?.faults ?? []),
  ];
  return [...new Map(all.map((fault) => [fault.code, fault])).values()];
}
