// Scenes to try: each plays on a connection of its own in the server's sandbox, and is shown in the same list of frames, with how
// it ended and the rule behind it. And one's own connection, which can be cut.
import type { Capture } from '@wireroom/capture';
import { SCENES, type Scene, sceneNamed } from '@wireroom/sandbox/texts';
import { useEffect, useState } from 'react';
import controls from '../../app/controls.module.css';
import { Icon } from '../../icons/Icon.tsx';
import type { LiveSnapshot, LiveWire } from '../live/live-wire.ts';
import { type Say, useSay } from '../words/words.ts';
import { OwnBytes } from './OwnBytes.tsx';
import { PlayedScene } from './PlayedScene.tsx';
import styles from './TryView.module.css';

interface Props {
  readonly wire: LiveWire | undefined;
  readonly live: LiveSnapshot | undefined;
  /** A scene that is to be played at once. */
  readonly asked: string | undefined;
  /** The connections of the scene that is looked at; undefined: none is. */
  onPlayed(captures: readonly Capture[] | undefined): void;
}

/** The scene in which one writes the bytes oneself. */
const OWN_BYTES = 'own-bytes';

export function TryView({ wire, live, asked, onPlayed }: Props) {
  const say = useSay();
  const [chosen, setChosen] = useState(() => sceneNamed(live?.play?.scene ?? ''));
  const isReady = live?.state === 'watching';
  useEffect(() => {
    const scene = asked === undefined ? undefined : sceneNamed(asked);
    if (scene === undefined || !isReady || wire === undefined) return;
    setChosen(scene);
    // It runs or has run already: somebody looked at another view meanwhile.
    if (scene.name !== OWN_BYTES && wire.snapshot().play?.scene !== scene.name) wire.play(scene.name);
  }, [asked, isReady, wire]);
  if (wire === undefined || live === undefined || live.state !== 'watching')
    return (
      <div className={styles.empty}>
        <p>{say(live === undefined || live.state === 'off' ? 'try.enter' : 'try.waiting')}</p>
      </div>
    );
  const scenes = SCENES.filter(({ name }) => live.scenes.includes(name));
  const play = (scene: Scene, hex?: string): void => {
    setChosen(scene);
    wire.play(scene.name, hex);
  };
  if (chosen !== undefined && (chosen.name !== OWN_BYTES || live.play?.scene === OWN_BYTES))
    return (
      <PlayedScene
        key={chosen.name}
        scene={chosen}
        live={live}
        onPlayed={onPlayed}
        onAgain={chosen.name === OWN_BYTES ? undefined : () => wire.play(chosen.name)}
        onStop={() => wire.stop()}
        onBack={() => setChosen(undefined)}
      />
    );
  const { ownId } = live;
  return (
    <div className={styles.view}>
      <p className={styles.lead}>{say('try.lead')}</p>
      <Cards
        scenes={scenes.filter(({ name, group }) => group === 'try' && name !== OWN_BYTES)}
        heading="h3"
        onPlay={play}
      />
      {scenes
        .filter(({ name }) => name === OWN_BYTES)
        .map((scene) => (
          <OwnBytes key={scene.name} scene={scene} onPlay={(hex) => play(scene, hex)} />
        ))}
      {ownId !== undefined && <OwnConnection say={say} onDisturb={(how) => wire.disturb(ownId, how)} />}
      <section className={styles.own}>
        <h3 className={styles.title}>{say('try.faults')}</h3>
        <p className={styles.summary}>{say('try.faults.about')}</p>
        <Cards scenes={scenes.filter(({ group }) => group === 'fault')} heading="h4" onPlay={play} />
      </section>
    </div>
  );
}

interface CardsProps {
  readonly scenes: readonly Scene[];
  /** One below what they stand under. */
  readonly heading: 'h3' | 'h4';
  onPlay(scene: Scene): void;
}

function Cards({ scenes, heading: Heading, onPlay }: CardsProps) {
  const say = useSay();
  return (
    <ul className={styles.cards}>
      {scenes.map((scene) => (
        <li key={scene.name} className={styles.card}>
          <Heading className={styles.title}>{say.of(scene.title)}</Heading>
          <p className={styles.summary}>{say.of(scene.summary)}</p>
          <button type="button" className={styles.play} onClick={() => onPlay(scene)}>
            <Icon name="play" size={16} />
            {say('try.play')}
            <span className="visually-hidden">: {say.of(scene.title)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

interface OwnProps {
  readonly say: Say;
  onDisturb(how: 'cut' | 'silence'): void;
}

function OwnConnection({ say, onDisturb }: OwnProps) {
  return (
    <section className={styles.own}>
      <h3 className={styles.title}>{say('try.own')}</h3>
      <p className={styles.summary}>{say('try.own.about')}</p>
      <p className={styles.actions}>
        <button type="button" className={controls.secondary} onClick={() => onDisturb('cut')}>
          <Icon name="cut" size={18} />
          {say('try.cut')}
        </button>
        <button type="button" className={controls.secondary} onClick={() => onDisturb('silence')}>
          <Icon name="pause" size={18} />
          {say('try.silence')}
        </button>
      </p>
    </section>
  );
}
