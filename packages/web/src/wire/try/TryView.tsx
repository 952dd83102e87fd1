// Scenes to try: each plays on a connection of its own in the server's sandbox, and is shown in the same list of frames, with how
// it ended and the rule behind it. And one's own connection, which can be cut.
import { SCENES, type Scene } from '@wireroom/sandbox/texts';
import { useState } from 'react';
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
}

/** The scene in which one writes the bytes oneself. */
const OWN_BYTES = 'own-bytes';

export function TryView({ wire, live }: Props) {
  const say = useSay();
  const [chosen, setChosen] = useState<Scene>();
  if (wire === undefined || live === undefined || live.state !== 'watching')
    return (
      <div className={styles.empty}>
        <p>{say(live === undefined || live.state === 'off' ? 'try.enter' : 'try.waiting')}</p>
      </div>
    );
  const scenes = SCENES.filter(({ name, group }) => group === 'try' && live.scenes.includes(name));
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
        onAgain={chosen.name === OWN_BYTES ? undefined : () => wire.play(chosen.name)}
        onStop={() => wire.stop()}
        onBack={() => setChosen(undefined)}
      />
    );
  const { ownId } = live;
  return (
    <div className={styles.view}>
      <p className={styles.lead}>{say('try.lead')}</p>
      <ul className={styles.cards}>
        {scenes
          .filter(({ name }) => name !== OWN_BYTES)
          .map((scene) => (
            <li key={scene.name} className={styles.card}>
              <h3 className={styles.title}>{say.of(scene.title)}</h3>
              <p className={styles.summary}>{say.of(scene.summary)}</p>
              <button type="button" className={styles.play} onClick={() => play(scene)}>
                <Icon name="play" size={16} />
                {say('try.play')}
                <span className="visually-hidden">: {say.of(scene.title)}</span>
              </button>
            </li>
          ))}
      </ul>
      {scenes
        .filter(({ name }) => name === OWN_BYTES)
        .map((scene) => (
          <OwnBytes key={scene.name} scene={scene} onPlay={(hex) => play(scene, hex)} />
        ))}
      {ownId !== undefined && <OwnConnection say={say} onDisturb={(how) => wire.disturb(ownId, how)} />}
    </div>
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
