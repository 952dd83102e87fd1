// The opening handshake: request and answer line by line, who may set what, the accept value worked out, the server's verdicts,
// and the layers below.
import type { CaptureRecord, Decoded, VerdictRecord } from '@wireroom/capture';
import { useState } from 'react';
import { Icon } from '../../icons/Icon.tsx';
import { bytesText, sinceText } from '../durations.ts';
import { FaultList } from '../FaultList.tsx';
import { HexDump } from '../frame/HexDump.tsx';
import { payloadHex } from '../frame/hex-rows.ts';
import { bytesOf } from '../stream-bytes.ts';
import { isWordKey, type Say, useSay } from '../words/words.ts';
import { AcceptSteps } from './AcceptSteps.tsx';
import styles from './HandshakeView.module.css';
import { HeaderLines } from './HeaderLines.tsx';
import { Layers } from './Layers.tsx';

interface Props {
  readonly decoded: Decoded;
  readonly records: readonly CaptureRecord[];
}

export function HandshakeView({ decoded, records }: Props) {
  const say = useSay();
  const [form, setForm] = useState<'text' | 'bytes'>('text');
  const { handshake } = decoded;
  const { request, response } = handshake;
  const verdicts = records.filter((record) => record.kind === 'verdict');
  const open = records.find((record) => record.kind === 'open');
  if (request === undefined) return <p className={styles.empty}>{say('handshake.none')}</p>;
  return (
    <div className={styles.view}>
      <p className={styles.lead}>{say('handshake.lead')}</p>
      <fieldset className={styles.forms}>
        <legend className="visually-hidden">{say('handshake.form')}</legend>
        {(['text', 'bytes'] as const).map((choice) => (
          <label key={choice} className={styles.form}>
            <input
              type="radio"
              name="handshake-form"
              checked={form === choice}
              onChange={() => setForm(choice)}
            />
            {say(`handshake.form.${choice}`)}
          </label>
        ))}
      </fieldset>
      <div className={styles.heads}>
        {(
          [
            ['in', request],
            ['out', response],
          ] as const
        ).map(
          ([direction, head]) =>
            head !== undefined && (
              <section className={styles.head} data-direction={direction} key={direction}>
                <h3 className={styles.title}>
                  {say(`handshake.${direction}`)}{' '}
                  <small>
                    {bytesText(head.span.to - head.span.from)} · {sinceText(head.at, open?.at ?? head.at)} s
                  </small>
                </h3>
                {form === 'bytes' ? (
                  <HexDump
                    label={say(`handshake.${direction}`)}
                    bytes={payloadHex(bytesOf(decoded, direction, head.span), 'apart')}
                    perRow={8}
                  />
                ) : (
                  <HeaderLines head={head} direction={direction} />
                )}
              </section>
            ),
        )}
      </div>
      <FaultList faults={handshake.faults} />
      {handshake.body !== undefined && handshake.body !== '' && (
        <pre className={styles.body}>{handshake.body}</pre>
      )}
      {verdicts.length > 0 && <Verdicts verdicts={verdicts} say={say} />}
      {handshake.accept !== undefined && (
        <AcceptSteps sentKey={handshake.accept.key} sentAccept={handshake.sentAccept} />
      )}
      <Layers open={open} />
    </div>
  );
}

function Verdicts({ verdicts, say }: { readonly verdicts: readonly VerdictRecord[]; readonly say: Say }) {
  return (
    <section className={styles.section}>
      <h3 className={styles.title}>{say('verdict.title')}</h3>
      <ul className={styles.verdicts}>
        {verdicts.map((verdict) => (
          <li key={verdict.about} className={styles.verdict} data-allowed={verdict.isAllowed}>
            <Icon name={verdict.isAllowed ? 'check' : 'minus'} size={18} />
            <span>
              <strong>{say(`verdict.${verdict.about}`)}</strong>{' '}
              {verdict.value !== undefined && <code className={styles.value}>{verdict.value}</code>}
              <span className={styles.reason}>
                {verdictText(verdict, say)} <span className={styles.rule}>{verdict.rule}</span>
              </span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Our sentence for the rule, in the reader's language; else what the server said. */
function verdictText({ about, rule, reason }: VerdictRecord, say: Say): string {
  const key = `rule.${about}.${rule}`;
  return isWordKey(key) ? say(key) : reason;
}
