// The moments at which a connection is worth another look: the network is back, or somebody looks at the page again. As a port, since
// only a browser can tell.

/** Calls back at each such moment. Returns what ends it. */
export type Wakeups = (wake: () => void) => () => void;

/** Nobody tells: the back-off alone decides. */
export const noWakeups: Wakeups = () => () => {};

/** In a worker, where there is no document, the network alone. */
export const browserWakeups: Wakeups = (wake) => {
  const page = globalThis.document;
  const wakeIfSeen = (): void => {
    if (page?.visibilityState === 'visible') wake();
  };
  globalThis.addEventListener?.('online', wake);
  page?.addEventListener('visibilitychange', wakeIfSeen);
  return () => {
    globalThis.removeEventListener?.('online', wake);
    page?.removeEventListener('visibilitychange', wakeIfSeen);
  };
};
