// Beside a receipt: what the entry is where it is no message but a change of one, and what has changed this message since. Each has a
// receipt of its own, one press away.
import controls from '../../app/controls.module.css';
import { useReceiptOpener } from '../message-opener.ts';
import { useSay } from '../words/words.ts';
import type { Change } from './changes-of.ts';
import styles from './ReceiptView.module.css';

/** `#12 is an edit of message #7.` */
export function WhatItIs({ change }: { readonly change: Change }) {
  const say = useSay();
  const open = useReceiptOpener();
  const { kind, target } = change;
  return (
    <p className={styles.text}>
      {say(`receipt.is.${kind}`)}
      {target !== undefined && (
        <>
          {' '}
          <button type="button" className={controls.inline} onClick={() => open(target)}>
            #{target}
          </button>
        </>
      )}
    </p>
  );
}

/** Later entries about this message, as far as this connection has heard of them. */
export function Since({ changes }: { readonly changes: readonly Change[] }) {
  const say = useSay();
  const open = useReceiptOpener();
  if (changes.length === 0) return null;
  return (
    <p className={styles.since}>
      {say('receipt.since')}{' '}
      {changes.map(({ kind, seq }) => (
        <button key={seq} type="button" className={controls.inline} onClick={() => open(seq)}>
          {say(`receipt.since.${kind}`)} #{seq}
        </button>
      ))}
    </p>
  );
}
