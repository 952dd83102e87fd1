// Brings the list to a message that was asked for from elsewhere, and the focus into its row, or into the field where it is edited; rows that are not drawn are scrolled
// to, older ones are loaded first.
import type { RoomSnapshot } from '@wireroom/client';
import { type RefObject, useEffect, useRef, useState } from 'react';
import type { VirtuosoHandle } from 'react-virtuoso';
import { useThisRoom } from '../actions/this-room.ts';
import type { Row } from './rows.ts';
import { searchStep } from './sought-row.ts';

/** A message that is asked for; each time anew, so that the same one can be asked for twice. */
export interface Sought {
  readonly seq: number;
}

interface Parts {
  readonly sought: Sought | undefined;
  readonly room: RoomSnapshot;
  readonly rows: readonly Row[];
  readonly list: RefObject<VirtuosoHandle | null>;
  /** The list need not stay at its end any more. */
  letGo(): void;
}

/** Frames that the list gets for scrolling there and drawing the row. */
const FRAMES_MAX = 90;

/** What could not be shown, and why: too far back, or no row of its own. */
export interface Missed {
  readonly seq: number;
  readonly why: 'gone' | 'rowless';
}

/** Undefined: nothing was missed. */
export function useSoughtRow({ sought, room, rows, list, letGo }: Parts): Missed | undefined {
  const { room: thisRoom } = useThisRoom();
  const search = useRef<{ readonly sought: Sought; pages: number; isOver: boolean }>(undefined);
  const [missed, setMissed] = useState<Missed & { readonly sought: Sought }>();
  const { hasOlder, isLoadingOlder } = room;
  useEffect(() => {
    if (sought === undefined) return;
    if (search.current?.sought !== sought) search.current = { sought, pages: 0, isOver: false };
    const now = search.current;
    if (now.isOver) return;
    const step = searchStep({
      ...{ seq: sought.seq, rows, hasOlder, isLoading: isLoadingOlder, pages: now.pages },
    });
    if (step.kind === 'load' || step.kind === 'fill') now.pages += 1;
    if (step.kind === 'load') thisRoom.loadOlder();
    if (step.kind === 'fill') thisRoom.fillGap(step.key);
    now.isOver = step.kind === 'show' || step.kind === 'gone' || step.kind === 'rowless';
    if (step.kind === 'gone' || step.kind === 'rowless')
      setMissed({ sought, seq: sought.seq, why: step.kind });
    if (step.kind !== 'show') return;
    letGo();
    list.current?.scrollToIndex({ index: step.index, align: 'center' });
    focusWhenDrawn(sought.seq, () => search.current === now);
  }, [sought, rows, hasOlder, isLoadingOlder, thisRoom, list, letGo]);
  return missed !== undefined && missed.sought === sought ? missed : undefined;
}

function focusWhenDrawn(seq: number, isWanted: () => boolean, frames = FRAMES_MAX): void {
  requestAnimationFrame(() => {
    if (!isWanted() || frames === 0) return;
    const row = document.querySelector<HTMLElement>(`[data-row][data-seq="${seq}"]`);
    if (row === null) {
      focusWhenDrawn(seq, isWanted, frames - 1);
      return;
    }
    row.scrollIntoView({ block: 'center' });
    const field = row.querySelector('textarea');
    (field ?? row).focus({ preventScroll: true });
  });
}
