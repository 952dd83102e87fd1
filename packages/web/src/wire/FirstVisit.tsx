// Three sentences for who knows HTTP and sees a WebSocket for the first time. Once closed they stay away.
import { useState } from 'react';
import controls from '../app/controls.module.css';
import { usePage } from '../app/page.ts';
import { Icon } from '../icons/Icon.tsx';
import styles from './FirstVisit.module.css';
import { useSay } from './words/words.ts';

const KEY = 'wireroom.wire.seen';

export function FirstVisit() {
  const say = useSay();
  const { settings } = usePage();
  const [isSeen, setSeen] = useState(() => settings.get(KEY) !== null && settings.get(KEY) !== undefined);
  if (isSeen) return null;
  const close = (): void => {
    settings.set(KEY, 'yes');
    setSeen(true);
  };
  return (
    <aside className={styles.note} aria-label={say('first.title')}>
      <ol className={styles.sentences}>
        <li>{say('first.handshake')}</li>
        <li>{say('first.frames')}</li>
        <li>{say('first.here')}</li>
      </ol>
      <button
        type="button"
        className={controls.iconButton}
        aria-label={say('first.close')}
        title={say('first.close')}
        onClick={close}
      >
        <Icon name="close" size={16} />
      </button>
    </aside>
  );
}
