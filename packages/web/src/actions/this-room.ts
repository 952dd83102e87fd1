// What the rows of one room need in common: the room's acts, which row has its menu open, and which message is being edited. One context
// whose value never changes while the room is shown.
import type { KeyValueStorage, Room } from '@wireroom/client';
import { createContext, useContext } from 'react';
import { type Cell, createCell } from '../browser/cell.ts';

/** What is open for one message. */
export interface Opened {
  readonly kind: 'menu' | 'picker' | 'delete';
  readonly seq: number;
  /** What it stands beside. */
  readonly anchor: Element;
}

/** A message that is being edited, and what its field holds. Kept here, since the list unmakes rows that scroll away. */
export interface Edited {
  readonly seq: number;
  readonly text: string;
  /** Where the focus goes back to. */
  readonly from: 'row' | 'composer';
  /** The field has had the focus once: when it is drawn again, it does not take it. */
  readonly isSettled: boolean;
}

export interface ThisRoom {
  readonly room: Room;
  readonly opened: Cell<Opened | undefined>;
  readonly edited: Cell<Edited | undefined>;
}

/** What is being edited is kept in this tab's storage, as what is being written is: a reload does not lose it. */
export function createThisRoom(room: Room, tabStorage: KeyValueStorage): ThisRoom {
  const key = `wireroom.edited.${room.slug}`;
  const edited = createCell(readEdited(tabStorage.get(key)));
  edited.subscribe(() => {
    const now = edited.get();
    if (now === undefined) tabStorage.remove(key);
    else tabStorage.set(key, JSON.stringify({ seq: now.seq, text: now.text }));
  });
  return { room, opened: createCell<Opened | undefined>(undefined), edited };
}

/** It does not take the focus: whoever comes back may want something else. */
export function readEdited(kept: string | null | undefined): Edited | undefined {
  if (kept === undefined || kept === null) return undefined;
  try {
    const { seq, text }: { readonly seq?: unknown; readonly text?: unknown } = JSON.parse(kept);
    if (!Number.isSafeInteger(seq) || typeof seq !== 'number' || typeof text !== 'string') return undefined;
    return { seq, text, from: 'row', isSettled: true };
  } catch {
    return undefined; // not ours: nothing is being edited
  }
}

const Context = createContext<ThisRoom | undefined>(undefined);

export const ThisRoomProvider = Context.Provider;

export function useThisRoom(): ThisRoom {
  const found = useContext(Context);
  if (found === undefined) throw new Error('useThisRoom outside of ThisRoomProvider');
  return found;
}
