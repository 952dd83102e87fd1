// The view that is chosen, on the connection that is chosen.
import type { Capture, CaptureRecord, Decoded } from '@wireroom/capture';
import { lazy, Suspense } from 'react';
import { FramesView } from './frames/FramesView.tsx';
import { HandshakeView } from './handshake/HandshakeView.tsx';
import type { LiveSnapshot, LiveWire } from './live/live-wire.ts';
import { type ReceiptMessage, ReceiptView } from './receipt/ReceiptView.tsx';
import { useReceipt } from './receipt/use-receipt.ts';
import { TimelineView } from './timeline/TimelineView.tsx';
import { TryView } from './try/TryView.tsx';

export const VIEWS = ['receipt', 'frames', 'handshake', 'timeline', 'try', 'compare'] as const;
export type View = (typeof VIEWS)[number];

/** With its measured figures: most people never look. */
const CompareView = lazy(() => import('./compare/CompareView.tsx'));

interface Props {
  readonly view: View;
  readonly wire: LiveWire | undefined;
  readonly live: LiveSnapshot | undefined;
  readonly decoded: Decoded;
  readonly records: readonly CaptureRecord[];
  readonly message: ReceiptMessage | undefined;
  readonly scene: string | undefined;
  readonly frame: string | undefined;
  readonly isLive: boolean;
  setFrame(key: string | undefined): void;
  setView(view: View): void;
  readonly onMessage: ((seq: number) => void) | undefined;
  /** What is looked at instead of the chosen connection: a scene's. */
  onPlayed(captures: readonly Capture[] | undefined): void;
}

export function WireView(props: Props) {
  const { view, wire, live, decoded, records, message, frame, setFrame, setView } = props;
  const receipt = useReceipt(wire, message, records);
  const toFrame = (key: string): void => {
    setFrame(key);
    setView('frames');
  };
  switch (view) {
    case 'receipt':
      return (
        <ReceiptView
          message={message}
          records={receipt.records}
          refusal={receipt.refusal}
          decoded={decoded}
          onFrame={(direction, index) => toFrame(`${direction}${index}`)}
        />
      );
    case 'frames':
      return (
        <FramesView
          decoded={decoded}
          records={records}
          isLive={props.isLive}
          selected={frame}
          onSelect={setFrame}
          onHandshake={() => setView('handshake')}
          onMessage={props.onMessage}
        />
      );
    case 'handshake':
      return <HandshakeView decoded={decoded} records={records} />;
    case 'timeline':
      return <TimelineView decoded={decoded} records={records} onFrame={toFrame} />;
    case 'try':
      return <TryView wire={wire} live={live} asked={props.scene} onPlayed={props.onPlayed} />;
    case 'compare':
      return (
        <Suspense>
          <CompareView live={wire} />
        </Suspense>
      );
  }
}
