// How the mask comes off a payload, byte by byte: byte XOR key[i mod 4], in hex and in bits, played, stepped or pulled along.
import type { DecodedFrame } from '@wireroom/capture';
import { useEffect, useReducer, useRef } from 'react';
import controls from '../../app/controls.module.css';
import { Icon } from '../../icons/Icon.tsx';
import { useWidth } from '../use-width.ts';
import { type Say, useSay } from '../words/words.ts';
import styles from './MaskPlayer.module.css';
import {
  binary,
  charOf,
  hexByte,
  type MaskAction,
  type MaskPlayer as MaskPlayerState,
  maskPlayer,
  playMask,
} from './mask-player.ts';
import './field-look.css';

/** Bytes that the player goes through. The rest goes on in the same way. */
const PLAYED_BYTES_MAX = 256;
/** Between two bytes while it plays. */
const TICK_MS = 450;
const COLUMN_PX = 36;

export function MaskPlayer({ frame }: { readonly frame: DecodedFrame }) {
  const say = useSay();
  const length = Math.min(frame.raw.length, PLAYED_BYTES_MAX);
  const [player, act] = useReducer(playMask, length, maskPlayer);
  const strip = useRef<HTMLDivElement>(null);
  const columns = Math.max(6, Math.floor((useWidth(strip, 576) - 72) / COLUMN_PX));
  useEffect(() => {
    if (!player.isPlaying) return;
    const timer = setInterval(() => act({ type: 'tick' }), TICK_MS);
    return () => clearInterval(timer);
  }, [player.isPlaying]);

  const at = Math.min(player.done, length - 1);
  const first = Math.max(0, Math.min(at - Math.floor(columns / 2), length - columns));
  const window = Array.from({ length: Math.min(columns, length) }, (_, column) => first + column);
  const { done } = player;
  return (
    <div className={styles.player}>
      <Controls player={player} act={act} say={say} />
      <div className={styles.strip} ref={strip} aria-hidden="true">
        <Strip
          title={say('mask.wire')}
          look="payload"
          cells={window.map((i) => [i, hexByte(frame.raw[i] ?? 0)])}
          at={at}
        />
        <Strip
          title={say('mask.key')}
          look="key"
          sign="⊕"
          cells={window.map((i) => [i, hexByte(keyByte(frame, i))])}
          at={at}
        />
        <Strip
          title={say('mask.bare')}
          look="flag"
          sign="="
          cells={window.map((i) => [i, i < done ? charOf(frame.payload[i] ?? 0) : ' '])}
          at={at}
        />
      </div>
      {length > 0 && <Sum frame={frame} at={at} isDone={done > at} say={say} />}
    </div>
  );
}

interface ControlsProps {
  readonly player: MaskPlayerState;
  readonly say: Say;
  act(action: MaskAction): void;
}

function Controls({ player: { done, length, isPlaying }, say, act }: ControlsProps) {
  return (
    <div className={styles.controls}>
      <button
        type="button"
        className={controls.iconButton}
        aria-label={say(isPlaying ? 'mask.pause' : 'mask.play')}
        title={say(isPlaying ? 'mask.pause' : 'mask.play')}
        onClick={() => act({ type: isPlaying ? 'pause' : 'play' })}
      >
        <Icon name={isPlaying ? 'pause' : 'play'} />
      </button>
      <button
        type="button"
        className={controls.iconButton}
        aria-label={say('mask.back')}
        title={say('mask.back')}
        onClick={() => act({ type: 'step', by: -1 })}
      >
        <Icon name="stepBack" />
      </button>
      <button
        type="button"
        className={controls.iconButton}
        aria-label={say('mask.forth')}
        title={say('mask.forth')}
        onClick={() => act({ type: 'step', by: 1 })}
      >
        <Icon name="stepForth" />
      </button>
      <input
        className={styles.slider}
        type="range"
        min={0}
        max={length}
        value={done}
        aria-label={say('mask.slider')}
        aria-valuetext={say('mask.done', { done, length })}
        onChange={(event) => act({ type: 'seek', to: event.target.valueAsNumber })}
      />
      <span className={styles.count} aria-hidden="true">
        {done}/{length}
      </span>
    </div>
  );
}

const keyByte = (frame: DecodedFrame, at: number): number => frame.maskingKey?.[at % 4] ?? 0;

interface StripProps {
  readonly title: string;
  readonly look: string;
  readonly sign?: string;
  /** [which byte, what stands in its cell] */
  readonly cells: readonly (readonly [number, string])[];
  readonly at: number;
}

function Strip({ title, look, sign = '', cells, at }: StripProps) {
  return (
    <div className={styles.line} data-look={look}>
      <span className={styles.title}>
        {title} <b>{sign}</b>
      </span>
      {cells.map(([byte, text]) => (
        <span className={styles.cell} key={byte} data-current={byte === at} data-slot={byte % 4}>
          {text}
        </span>
      ))}
    </div>
  );
}

interface SumProps {
  readonly frame: DecodedFrame;
  readonly at: number;
  readonly isDone: boolean;
  readonly say: Say;
}

/** The byte that is being unmasked, bit under bit. */
function Sum({ frame, at, isDone, say }: SumProps) {
  const raw = frame.raw[at] ?? 0;
  const key = keyByte(frame, at);
  const bare = frame.payload[at] ?? 0;
  const lines = [
    { look: 'payload', sign: '', byte: raw, name: say('mask.byte', { at }) },
    { look: 'key', sign: '⊕', byte: key, name: say('mask.keyByte', { at, slot: at % 4 }) },
    { look: 'flag', sign: '=', byte: bare, name: isDone ? `${charOf(bare)}` : '' },
  ];
  return (
    <div className={styles.sum}>
      <p className="visually-hidden">
        {say('mask.spoken', {
          ...{
            at,
            slot: at % 4,
            raw: hexByte(raw),
            key: hexByte(key),
            bare: hexByte(bare),
            char: charOf(bare),
          },
        })}
      </p>
      {lines.map(({ look, sign, byte, name }) => (
        <div
          className={styles.sumLine}
          key={look}
          data-look={look}
          data-hidden={look === 'flag' && !isDone}
          aria-hidden="true"
        >
          <span className={styles.sign}>{sign}</span>
          <span className={styles.sumHex}>{hexByte(byte)}</span>
          <span className={styles.sumBits}>
            {[...binary(byte)].map((bit, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a bit is its place
              <span key={place} data-flipped={look === 'flag' && ((key >> (7 - place)) & 1) === 1}>
                {bit}
              </span>
            ))}
          </span>
          <span className={styles.sumName}>{name}</span>
        </div>
      ))}
    </div>
  );
}
