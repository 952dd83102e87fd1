// How Sec-WebSocket-Accept comes about, step by step, with a key that can be changed: key, GUID, both together, SHA-1, Base64, and
// whether it is what the server answered.
import { acceptSteps } from '@wireroom/capture';
import { useMemo, useState } from 'react';
import controls from '../../app/controls.module.css';
import { Icon } from '../../icons/Icon.tsx';
import { hexByte } from '../frame/mask-player.ts';
import { useSay } from '../words/words.ts';
import styles from './AcceptSteps.module.css';

interface Props {
  readonly sentKey: string;
  readonly sentAccept: string | undefined;
}

/** A real key has 24 characters; who tries things out may write more. */
const KEY_CHARS_MAX = 200;

export function AcceptSteps({ sentKey, sentAccept }: Props) {
  const say = useSay();
  const [key, setKey] = useState(sentKey);
  const steps = useMemo(() => acceptSteps(key), [key]);
  const isEqual = steps.accept === sentAccept;
  return (
    <section className={styles.section}>
      <h3 className={styles.title}>{say('accept.title')}</h3>
      <p className={styles.lead}>{say('accept.lead')}</p>
      <ol className={styles.steps}>
        <li className={styles.step}>
          <label className={styles.label} htmlFor="accept-key">
            {say('accept.key')}
          </label>
          <span className={styles.keyRow}>
            <input
              id="accept-key"
              className={styles.key}
              value={key}
              maxLength={KEY_CHARS_MAX}
              spellCheck={false}
              autoComplete="off"
              onChange={(event) => setKey(event.target.value)}
            />
            {key !== sentKey && (
              <button type="button" className={controls.inline} onClick={() => setKey(sentKey)}>
                {say('accept.reset')}
              </button>
            )}
          </span>
        </li>
        <li className={styles.step}>
          <span className={styles.label}>{say('accept.guid')}</span>
          <code className={styles.code}>
            <mark className={styles.keyPart}>{steps.key}</mark>
            {steps.guid}
          </code>
          <span className={styles.hint}>{say('accept.guid.why')}</span>
        </li>
        <li className={styles.step}>
          <span className={styles.label}>{say('accept.sha1')}</span>
          <code className={styles.digest}>
            {Array.from(steps.sha1, (byte, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a byte is its place
              <span key={at}>{hexByte(byte)}</span>
            ))}
          </code>
        </li>
        <li className={styles.step}>
          <span className={styles.label}>{say('accept.base64')}</span>
          <code className={styles.code}>{steps.accept}</code>
        </li>
        <li className={styles.step} data-equal={isEqual}>
          <span className={styles.label}>{say('accept.answer')}</span>
          <code className={styles.code}>{sentAccept ?? say('accept.noAnswer')}</code>
          <p className={styles.verdict} role="status">
            <Icon name={isEqual ? 'check' : 'close'} size={18} />
            {say(isEqual ? 'accept.equal' : key === sentKey ? 'accept.wrong' : 'accept.otherKey')}
          </p>
        </li>
      </ol>
    </section>
  );
}
