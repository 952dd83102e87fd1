// The inspector's place in the address, and the ways to go there: opening is a step in the history, so that Back closes it.
import { useCallback, useMemo } from 'react';
import { useHash } from '../browser/use-hash.ts';
import { hashOf, readPlace, type WirePlace } from './wire-place.ts';

export interface WirePlaces {
  readonly place: WirePlace;
  open(place: Extract<WirePlace, { kind: 'connection' | 'message' }>): void;
  close(): void;
}

/** Marks the step in the history that we made ourselves: closing then goes back over it. */
const OURS = 'wire';

/** Goes to an address of the inspector from elsewhere in the page: closing it leads back there. */
export function stepToWire(hash: string): void {
  window.history.pushState(OURS, '', hash);
  window.dispatchEvent(new Event('hashchange'));
}

export function useWirePlace(): WirePlaces {
  const hash = useHash();
  const place = useMemo(() => readPlace(hash), [hash]);
  const open = useCallback<WirePlaces['open']>((next) => {
    // From one message to another is no step: Back always leads to the chat.
    const isOpen = readPlace(window.location.hash).kind !== 'closed';
    window.history[isOpen ? 'replaceState' : 'pushState'](
      isOpen ? window.history.state : OURS,
      '',
      hashOf(next),
    );
    window.dispatchEvent(new Event('hashchange'));
  }, []);
  const close = useCallback(() => {
    if (window.history.state === OURS) window.history.back();
    else {
      window.history.replaceState(null, '', window.location.pathname + window.location.search);
      window.dispatchEvent(new Event('hashchange'));
    }
  }, []);
  return { place, open, close };
}
