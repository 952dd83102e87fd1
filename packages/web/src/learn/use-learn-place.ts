// The course's place in the address, followed: links change the hash, Back and Forward too.
import { useMemo, useSyncExternalStore } from 'react';
import { type LearnPlace, readLearnPlace } from './learn-place.ts';

const subscribe = (listener: () => void): (() => void) => {
  window.addEventListener('hashchange', listener);
  window.addEventListener('popstate', listener);
  return () => {
    window.removeEventListener('hashchange', listener);
    window.removeEventListener('popstate', listener);
  };
};

export function useLearnPlace(): LearnPlace | undefined {
  const hash = useSyncExternalStore(
    subscribe,
    () => window.location.hash,
    () => '',
  );
  return useMemo(() => readLearnPlace(hash), [hash]);
}
