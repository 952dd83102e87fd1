// How the tabs of one browser reach each other: by BroadcastChannel, or where there is none (Safari before 15.4) by the
// storage events of localStorage. What is said may get lost; whoever hears it looks into the database for the truth.

export interface TabChannel {
  post(message: unknown): void;
  close(): void;
}

/** `heard`: what another tab posted, as it came, unchecked. */
export type OpenTabChannel = (name: string, heard: (message: unknown) => void) => TabChannel;

export const openTabChannel: OpenTabChannel = (name, heard) => {
  if (typeof BroadcastChannel === 'function') return broadcastChannel(name, heard);
  if (typeof window === 'object') return storageChannel(name, heard);
  return { post: () => {}, close: () => {} };
};

function broadcastChannel(name: string, heard: (message: unknown) => void): TabChannel {
  const channel = new BroadcastChannel(name);
  channel.onmessage = (event) => heard(event.data);
  return {
    post: (message) => {
      try {
        channel.postMessage(message);
      } catch {
        // Closed meanwhile: the tab is going.
      }
    },
    close: () => channel.close(),
  };
}

function storageChannel(name: string, heard: (message: unknown) => void): TabChannel {
  const listener = ({ key, newValue }: StorageEvent): void => {
    if (key !== name || newValue === null) return;
    try {
      heard(JSON.parse(newValue));
    } catch {
      // Not from us.
    }
  };
  window.addEventListener('storage', listener);
  return {
    post: (message) => {
      try {
        // Removed at once: a value that is the same as before would be no event.
        localStorage.setItem(name, JSON.stringify(message));
        localStorage.removeItem(name);
      } catch {
        // Storage refuses: the others look by themselves, later.
      }
    },
    close: () => window.removeEventListener('storage', listener),
  };
}
