// The inspector where it stands in the page: takes its place in the address and the room it belongs to, and brings the live wire. The
// first file that is loaded when somebody opens it.
import type { RoomSnapshot } from '@wireroom/client';
import { useEffect, useRef } from 'react';
import { usePage } from '../app/page.ts';
import { Wire } from './Wire.tsx';
import type { WirePlace } from './wire-place.ts';

interface Props {
  readonly place: Exclude<WirePlace, { kind: 'closed' }>;
  /** Absent: nobody is in the chat. */
  readonly room?: RoomSnapshot | undefined;
  onClose(): void;
}

export function WirePanel({ room, onClose }: Props) {
  const { live } = usePage();
  const panel = useFocusInside();
  return (
    <div ref={panel} tabIndex={-1} style={{ height: '100%', outline: 'none' }}>
      <Wire live={live} onClose={onClose} onMessage={room === undefined ? undefined : showMessage} />
    </div>
  );
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

/** Shows the message in the chat, if its row is drawn. */
function showMessage(seq: number): void {
  const row = document.querySelector<HTMLElement>(`[data-row][data-seq="${seq}"]`);
  row?.scrollIntoView({ block: 'center' });
  row?.focus();
}
