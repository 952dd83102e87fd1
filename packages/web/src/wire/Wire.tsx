// The inspector: which connection is looked at, and the views on it. What happens comes from outside: a live wire, or captures from
// files and links. The page loads this file and all below it when somebody opens it.
import { type ReactNode, useState } from 'react';
import { FirstVisit } from './FirstVisit.tsx';
import { FramesView } from './frames/FramesView.tsx';
import { HandshakeView } from './handshake/HandshakeView.tsx';
import type { LiveWire } from './live/live-wire.ts';
import { type ReceiptMessage, ReceiptView } from './receipt/ReceiptView.tsx';
import { SourceBar } from './SourceBar.tsx';
import { panelId, Tabs, tabId } from './Tabs.tsx';
import { TimelineView } from './timeline/TimelineView.tsx';
import { useDecoded } from './use-decoded.ts';
import { useReceipt } from './receipt/use-receipt.ts';
import { type NamedCapture, useSources } from './use-sources.ts';
import styles from './Wire.module.css';
import { useSay } from './words/words.ts';

export const VIEWS = ['receipt', 'frames', 'handshake', 'timeline'] as const;
export type View = (typeof VIEWS)[number];

export interface WireProps {
  /** Absent: nobody is in the chat; captures can still be opened. */
  readonly live?: LiveWire | undefined;
  readonly captures?: readonly NamedCapture[];
  /** The message whose receipt is asked for. */
  readonly message?: ReceiptMessage | undefined;
  readonly firstView?: View;
  /** A frame that is open from the start: `in3`. */
  readonly firstFrame?: string;
  onClose(): void;
  onMessage?: ((seq: number) => void) | undefined;
}

const NONE: readonly NamedCapture[] = [];

export function Wire(props: WireProps) {
  const { live, captures = NONE, message, onClose, onMessage } = props;
  const say = useSay();
  const sources = useSources(live, captures);
  const { records, chosen } = sources;
  const decoded = useDecoded(records);
  const [view, setView] = useState<View>(props.firstView ?? (message === undefined ? 'frames' : 'receipt'));
  const [frame, setFrame] = useState(props.firstFrame);
  const receipt = useReceipt(live, message, records);
  const [shownSeq, setShownSeq] = useState(message?.seq);
  if (message !== undefined && message.seq !== shownSeq) {
    setShownSeq(message.seq);
    setView('receipt');
  }
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
      case 'receipt':
        return (
          <ReceiptView
            message={message}
            records={receipt.records}
            refusal={receipt.refusal}
            decoded={decoded}
            onFrame={(direction, index) => {
              setFrame(`${direction}${index}`);
              setView('frames');
            }}
          />
        );
      case 'handshake':
        return <HandshakeView decoded={decoded} records={records} />;
      case 'timeline':
        return (
          <TimelineView
            decoded={decoded}
            records={records}
            onFrame={(key) => {
              setFrame(key);
              setView('frames');
            }}
          />
        );
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
      {frame === undefined && <FirstVisit view={view} />}
      <div className={styles.panel} id={panelId} role="tabpanel" aria-labelledby={tabId(view)}>
        {show()}
      </div>
    </section>
  );
}
