// The SDK's snapshots for React views: three hooks.
import { useEffect, useMemo, useReducer, useSyncExternalStore } from 'react';
import type { Chat } from './chat.ts';
import type { Room } from './room.ts';
import type { ChatSnapshot, ConnectionSnapshot, RoomSnapshot } from './snapshot.ts';

/** The chat's snapshot; the component renders again when it changes. */
export function useChat(chat: Chat): ChatSnapshot {
  return useSyncExternalStore(chat.subscribe, chat.snapshot, chat.snapshot);
}

/** How the connection is; the component renders again when that changes, and for nothing else. */
export function useConnection(chat: Chat): ConnectionSnapshot {
  const snapshot = (): ConnectionSnapshot => chat.snapshot().connection;
  return useSyncExternalStore(chat.subscribe, snapshot, snapshot);
}

/**
 * The room, joined if it is not, and its snapshot; the component renders again when that changes. A room that was left stays as it was
 * until somebody joins it again.
 */
export function useRoom(chat: Chat, slug: string): { readonly room: Room; readonly snapshot: RoomSnapshot } {
  const [visit, comeBack] = useReducer((count: number) => count + 1, 0);
  // Held as long as the component shows it: a room that was left elsewhere is not joined again by a rendering.
  // biome-ignore lint/correctness/useExhaustiveDependencies: on the next visit the chat has another room of this slug.
  const room = useMemo(() => chat.room(slug), [chat, slug, visit]);
  useEffect(() => {
    const look = (): void => {
      const joined = chat.snapshot().rooms[slug];
      if (joined !== undefined && joined !== room.snapshot()) comeBack();
    };
    look();
    return chat.subscribe(look);
  }, [chat, slug, room]);
  const snapshot = useSyncExternalStore(room.subscribe, room.snapshot, room.snapshot);
  return useMemo(() => ({ room, snapshot }), [room, snapshot]);
}
