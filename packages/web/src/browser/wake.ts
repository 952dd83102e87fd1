// The moments at which a sleeping connection is worth another look: the network is back, or somebody looks at the page again.

interface Wakeable {
  reconnectNow(): void;
}

/** Returns the function that stops listening. */
export function reconnectOnWake(client: Wakeable): () => void {
  const wake = (): void => client.reconnectNow();
  const wakeIfSeen = (): void => {
    if (document.visibilityState === 'visible') client.reconnectNow();
  };
  window.addEventListener('online', wake);
  document.addEventListener('visibilitychange', wakeIfSeen);
  return () => {
    window.removeEventListener('online', wake);
    document.removeEventListener('visibilitychange', wakeIfSeen);
  };
}
