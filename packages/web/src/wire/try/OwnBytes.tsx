// Bytes of one's own: typed in hex, drawn as the frames that they are while one types, and sent to the sandbox.
import type { Scene } from '@wireroom/sandbox/texts';
import { useDeferredValue, useMemo, useState } from 'react';
import controls from '../../app/controls.module.css';
import { bytesText } from '../durations.ts';
import { FaultList } from '../FaultList.tsx';
import { BitGrid } from '../frame/BitGrid.tsx';
import { bytesOf } from '../stream-bytes.ts';
import { type Say, useSay } from '../words/words.ts';
import { type OwnBytes as Read, readOwnBytes } from './own-bytes.ts';
import styles from './TryView.module.css';

interface Props {
  readonly scene: Scene;
  onPlay(hex: string): void;
}

/** “Hi”, masked with 37 fa 21 3d. */
const FIRST = '81 82 37 fa 21 3d 7f 93';

export function OwnBytes({ scene, onPlay }: Props) {
  const say = useSay();
  const [hex, setHex] = useState(FIRST);
  const shown = useDeferredValue(hex);
  const read = useMemo(() => readOwnBytes(shown), [shown]);
  const isReady = read !== undefined && read.bytes.length > 0;
  return (
    <section className={styles.own}>
      <h3 className={styles.title}>{say.of(scene.title)}</h3>
      <p className={styles.summary}>{say.of(scene.summary)}</p>
      <textarea
        className={styles.hex}
        rows={3}
        value={hex}
        spellCheck={false}
        aria-label={say('try.hex')}
        aria-invalid={read === undefined}
        aria-describedby="own-bytes-state"
        onChange={(event) => setHex(event.target.value)}
      />
      <p id="own-bytes-state" className={styles.state}>
        {read === undefined ? say('try.noHex') : <Found read={read} say={say} />}
      </p>
      {isReady && <FirstFrame read={read} />}
      <p className={styles.actions}>
        <button
          type="button"
          className={controls.primary}
          disabled={!isReady}
          onClick={() => onPlay(hex.replaceAll(/0x|,/gi, ' '))}
        >
          {say('try.send')}
        </button>
      </p>
    </section>
  );
}

function Found({ read, say }: { readonly read: Read; readonly say: Say }) {
  const { frames, unfinished } = read.decoded;
  const rest = unfinished.in === undefined ? 0 : unfinished.in.to - unfinished.in.from;
  return (
    <>
      {bytesText(read.bytes.length)}: {say('try.frames', { count: frames.length })}{' '}
      {rest > 0 && say('try.rest', { count: rest })}
    </>
  );
}

function FirstFrame({ read }: { readonly read: Read }) {
  const [active, setActive] = useState<string>();
  const [frame] = read.decoded.frames;
  if (frame === undefined) return <FaultList faults={read.decoded.unfinished.in?.frame?.faults ?? []} />;
  return (
    <>
      <FaultList faults={frame.faults} />
      <BitGrid
        frame={frame}
        bytes={bytesOf(read.decoded, 'in', frame.span)}
        active={active}
        onActive={(field) => setActive(field?.id)}
      />
    </>
  );
}
