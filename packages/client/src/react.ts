// The SDK's snapshots for React views: one hook.
import { useSyncExternalStore } from 'react';
import type { ChatClient } from './chat-client.ts';
import type { ChatSnapshot } from './snapshot.ts';

/** The client's snapshot; the component renders again when it changes. */
export function useChat(client: ChatClient): ChatSnapshot {
  return useSyncExternalStore(client.subscribe, client.snapshot, client.snapshot);
}
