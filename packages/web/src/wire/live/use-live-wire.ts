// The live wire of this page: made when the inspector is opened, ended when it is closed. Watching costs a connection of its own.
import { watchWire } from '@wireroom/client/wire';
import { useEffect, useState } from 'react';
import { usePage } from '../../app/page.ts';
import type { LiveWire } from './live-wire.ts';

/** Undefined for a moment, while it is made. */
export function useLiveWire(): LiveWire | undefined {
  const { client, live: given } = usePage();
  const [live, setLive] = useState(given);
  useEffect(() => {
    if (given !== undefined) return;
    const watcher = watchWire(client);
    setLive(watcher);
    return () => watcher.close();
  }, [client, given]);
  return live;
}
