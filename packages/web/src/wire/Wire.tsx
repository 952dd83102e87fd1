// The inspector: which connection is looked at, and the views on it. What happens comes from outside: a live wire, or captures from
// files and links. The page loads this file and all below it when somebody opens it.
import type { Capture, CaptureRecord } from '@wireroom/capture';
import { type DragEvent, useState } from 'react';
import { FirstVisit } from './FirstVisit.tsx';
import type { LiveWire } from './live/live-wire.ts';
import type { ReceiptMessage } from './receipt/ReceiptView.tsx';
import { ReplayBar } from './replay/ReplayBar.tsx';
import { useReplay } from './replay/use-replay.ts';
import { SourceBar } from './SourceBar.tsx';
import { StateNote } from './StateNote.tsx';
import { panelId, Tabs, tabId } from './Tabs.tsx';
import { TakeAlong } from './take/TakeAlong.tsx';
import { useTakeNote } from './take/use-take-note.ts';
import { useDecoded } from './use-decoded.ts';
import { type NamedCapture, useSources } from './use-sources.ts';
import styles from './Wire.module.css';
import { VIEWS, type View, WireView } from './WireView.tsx';
import { useSay } from './words/words.ts';

export interface WireProps {
  /** Absent: nothing is recorded here; captures can still be opened. */
  readonly live?: LiveWire | undefined;
  readonly captures?: readonly NamedCapture[];
  /** The message whose receipt is asked for. */
  readonly message?: ReceiptMessage | undefined;
  /** The scene that was asked for. */
  readonly scene?: string | undefined;
  readonly firstView?: View;
  /** A frame that is open from the start: `in3`. */
  readonly firstFrame?: string;
  /** Nobody is in the chat. */
  readonly isAlone?: boolean;
  /** What could not be opened. */
  readonly problem?: Error | undefined;
  onClose(): void;
  onMessage?: ((seq: number) => void) | undefined;
  onRecord?: (() => void) | undefined;
}

const NONE: readonly NamedCapture[] = [];
const NO_CAPTURES: readonly Capture[] = [];

export function Wire(props: WireProps) {
  const { live: wire, captures = NONE, message, scene, onClose } = props;
  const say = useSay();
  const sources = useSources(wire, captures);
  const { chosen, live } = sources;
  // A capture can be played again; what happens now cannot.
  const { records, control } = useReplay(sources.records, chosen?.kind === 'capture');
  const decoded = useDecoded(records);
  const [view, setView] = useState<View>(viewOf(props));
  const [frame, setFrame] = useState(props.firstFrame);
  // Another message, scene or view that is asked for is shown.
  const asked = scene ?? message?.seq ?? props.firstView;
  const [shown, setShown] = useState(asked);
  if (asked !== undefined && asked !== shown) {
    setShown(asked);
    setView(viewOf(props));
  }
  const notes = useTakeNote(sources.add);
  /** The connections of the scene that is looked at. */
  const [played, setPlayed] = useState<readonly Capture[]>();
  const { isOver, ...drop } = useDrop(notes.open);
  return (
    <section className={styles.wire} aria-label={say('wire.title')} data-dropping={isOver} {...drop}>
      <SourceBar sources={sources} onClose={onClose}>
        <TakeAlong captures={played ?? wholeOf(sources.records)} notes={notes} />
      </SourceBar>
      <Tabs<View>
        label={say('wire.views')}
        tabs={VIEWS.map((name) => ({ name, text: say(`view.${name}`) }))}
        chosen={view}
        onChoose={setView}
      />
      {control !== undefined && <ReplayBar control={control} />}
      <StateNote
        live={live}
        isAlone={props.isAlone === true && chosen === undefined}
        problem={props.problem}
        onRecord={props.onRecord}
      />
      {frame === undefined && view === 'frames' && <FirstVisit />}
      <div className={styles.panel} id={panelId} role="tabpanel" aria-labelledby={tabId(view)}>
        <WireView
          key={chosen?.id}
          {...{ view, wire, live, decoded, records, message, scene, frame, setFrame, setView }}
          isLive={chosen?.kind === 'connection' && chosen.connection.isOpen}
          onMessage={props.onMessage}
          onPlayed={setPlayed}
        />
      </div>
      {isOver && <p className={styles.drop}>{say('take.drop')}</p>}
    </section>
  );
}

/** All of it, also while it is played again. */
const wholeOf = (records: readonly CaptureRecord[]): readonly Capture[] =>
  records.length === 0 ? NO_CAPTURES : [{ records }];

function viewOf({ firstView, scene, message }: WireProps): View {
  if (firstView !== undefined) return firstView;
  if (scene !== undefined) return 'try';
  return message === undefined ? 'frames' : 'receipt';
}

/** Files that are dragged onto the inspector are opened. */
function useDrop(open: (files: readonly File[]) => void) {
  const [isOver, setOver] = useState(false);
  const hasFiles = (event: DragEvent): boolean => event.dataTransfer.types.includes('Files');
  return {
    isOver,
    onDragOver: (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: (event: DragEvent): void => {
      const to = event.relatedTarget;
      if (!(to instanceof Node) || !event.currentTarget.contains(to)) setOver(false);
    },
    onDrop: (event: DragEvent): void => {
      setOver(false);
      if (!hasFiles(event)) return;
      event.preventDefault();
      open([...event.dataTransfer.files]);
    },
  };
}
