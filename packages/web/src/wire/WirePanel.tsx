// The inspector where it stands in the page: takes its place in the address and the room it belongs to, and brings the live wire. The
// first file that is loaded when somebody opens it.
import { fromShareText } from '@wireroom/capture';
import type { RoomSnapshot } from '@wireroom/client';
import { useEffect, useMemo, useRef } from 'react';
import { usePage } from '../app/page.ts';
import { useLiveWire } from './live/use-live-wire.ts';
import type { ReceiptMessage } from './receipt/ReceiptView.tsx';
import type { NamedCapture } from './use-sources.ts';
import { Wire } from './Wire.tsx';
import type { WirePlace } from './wire-place.ts';

interface Props {
  readonly place: Exclude<WirePlace, { kind: 'closed' }>;
  /** Absent: nobody is in the chat. */
  readonly room?: RoomSnapshot | undefined;
  onClose(): void;
  /** Shows a message in the chat. */
  onMessage?: ((seq: number) => void) | undefined;
}

export function WirePanel({ place, room, onClose, onMessage }: Props) {
  const { recording } = usePage();
  const live = useLiveWire();
  const message = useMemo(() => messageAt(place, room), [place, room]);
  const link = useMemo(() => captureOf(place), [place]);
  const panel = useFocusInside();
  return (
    <div ref={panel} tabIndex={-1} style={{ height: '100%', outline: 'none' }}>
      <Wire
        live={live}
        message={message}
        captures={link.captures}
        problem={link.problem}
        scene={place.kind === 'scene' ? place.scene : undefined}
        {...(place.kind === 'compare' && { firstView: 'compare' as const })}
        isAlone={room === undefined}
        onRecord={recording.isOn ? undefined : () => recording.turn('on')}
        onClose={onClose}
        onMessage={onMessage}
      />
    </div>
  );
}

interface Link {
  readonly captures: readonly NamedCapture[];
  readonly problem?: Error;
}

const NO_LINK: Link = { captures: [] };

/** The capture that is in the address itself. */
function captureOf(place: Props['place']): Link {
  if (place.kind !== 'link') return NO_LINK;
  try {
    const { records } = fromShareText(`wire=${place.data}`);
    return { captures: [{ name: 'link', records }] };
  } catch (error) {
    return { captures: [], problem: error instanceof Error ? error : new Error(String(error)) };
  }
}

function messageAt(place: Props['place'], room: RoomSnapshot | undefined): ReceiptMessage | undefined {
  if (place.kind !== 'message') return undefined;
  const { seq } = place;
  const item = room?.items.find((found) => found.kind === 'message' && found.seq === seq);
  if (item?.kind !== 'message') return { seq, roomId: room?.roomId };
  const { text, author, isDeleted, editedAt } = item;
  const fate = isDeleted ? 'deleted' : editedAt === undefined ? undefined : 'edited';
  return { seq, roomId: room?.roomId, text, author: author.name, fate };
}

/** The focus goes into the inspector, and back to where it was when it closes. */
function useFocusInside() {
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    panel.current?.focus({ preventScroll: true });
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return panel;
}
