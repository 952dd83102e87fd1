// The inspector: which connection is looked at, and the views on it. What happens comes from outside: a live wire, or captures from
// files and links. The page loads this file and all below it when somebody opens it.
import { type ReactNode, useState } from 'react';
import { FirstVisit } from './FirstVisit.tsx';
import { FramesView } from './frames/FramesView.tsx';
import { HandshakeView } from './handshake/HandshakeView.tsx';
import type { LiveWire } from './live/live-wire.ts';
import { SourceBar } from './SourceBar.tsx';
import { panelId, Tabs, tabId } from './Tabs.tsx';
import { useDecoded } from './use-decoded.ts';
import { type NamedCapture, useSources } from './use-sources.ts';
import styles from './Wire.module.css';
import { useSay } from './words/words.ts';

export const VIEWS = ['frames', 'handshake'] as const;
export type View = (typeof VIEWS)[number];

export interface WireProps {
  /** Absent: nobody is in the chat; captures can still be opened. */
  readonly live?: LiveWire | undefined;
  readonly captures?: readonly NamedCapture[];
  readonly firstView?: View;
  /** A frame that is open from the start: `in3`. */
  readonly firstFrame?: string;
  onClose(): void;
  onMessage?: ((seq: number) => void) | undefined;
}

const NONE: readonly NamedCapture[] = [];

export function Wire({
  live,
  captures = NONE,
  firstView = 'frames',
  firstFrame,
  onClose,
  onMessage,
}: WireProps) {
  const say = useSay();
  const sources = useSources(live, captures);
  const { records, chosen } = sources;
  const decoded = useDecoded(records);
  const [view, setView] = useState<View>(firstView);
  const [frame, setFrame] = useState(firstFrame);
  const isLive = chosen?.kind === 'connection' && chosen.connection.isOpen;
  const show = (): ReactNode => {
    switch (view) {
      case 'frames':
        return (
          <FramesView
            key={chosen?.id}
            decoded={decoded}
            records={records}
            isLive={isLive}
            selected={frame}
            onSelect={setFrame}
            onHandshake={() => setView('handshake')}
            onMessage={onMessage}
          />
        );
      case 'handshake':
        return <HandshakeView decoded={decoded} records={records} />;
    }
  };
  return (
    <section className={styles.wire} aria-label={say('wire.title')}>
      <SourceBar sources={sources} onClose={onClose} />
      <Tabs<View>
        label={say('wire.views')}
        tabs={VIEWS.map((name) => ({ name, text: say(`view.${name}`) }))}
        chosen={view}
        onChoose={setView}
      />
      {frame === undefined && <FirstVisit />}
      <div className={styles.panel} id={panelId} role="tabpanel" aria-labelledby={tabId(view)}>
        {show()}
      </div>
    </section>
  );
}
