// The moments at which a sleeping connection is worth another look: the network is back, or somebody looks at the page again.

import type { ChatClient } from '@wireroom/client';

/** Returns the function that stops listening. */
export function reconnectOnWake(client: Pick<ChatClient, 'reconnectNow' | 'snapshot'>): () => void {
  const wake = (): void => {
    // A connection that was ended for a reason is the reader's to begin again.
    if (client.snapshot().connection.state !== 'stopped') client.reconnectNow();
  };
  const wakeIfSeen = (): void => {
    if (document.visibilityState === 'visible') wake();
  };
  window.addEventListener('online', wake);
  document.addEventListener('visibilitychange', wakeIfSeen);
  return () => {
    window.removeEventListener('online', wake);
    document.removeEventListener('visibilitychange', wakeIfSeen);
  };
}
