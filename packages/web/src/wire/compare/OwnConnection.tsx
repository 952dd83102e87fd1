// The page's own connection beside the figures: its handshake and its last lines, while they happen.
import { useEffect, useSyncExternalStore } from 'react';
import type { LiveWire } from '../live/live-wire.ts';
import { useDecoded } from '../use-decoded.ts';
import styles from './CompareView.module.css';
import type { CompareWords } from './compare-words.ts';
import { ownFigures } from './own-figures.ts';

const NONE: readonly never[] = [];

export function OwnConnection({ live, words }: { readonly live: LiveWire; readonly words: CompareWords }) {
  const { ownId, records } = useSyncExternalStore(live.subscribe, live.snapshot, live.snapshot);
  useEffect(() => {
    if (ownId !== undefined) live.follow(ownId);
  }, [live, ownId]);
  const figures = ownFigures(useDecoded((ownId === undefined ? undefined : records[ownId]) ?? NONE));
  if (figures === undefined) return null;
  const { handshake, sent, received } = figures;
  return (
    <aside className={styles.own} aria-label={words.own}>
      <strong>{words.own}</strong>
      <span>{words.ownHandshake(handshake.up, handshake.down)}</span>
      {sent !== undefined && <span>{words.ownSent(sent)}</span>}
      {received !== undefined && <span>{words.ownReceived(received)}</span>}
      {sent === undefined && received === undefined && <span>{words.ownNothing}</span>}
    </aside>
  );
}
