// The course's place in the address, followed: links change the hash, Back and Forward too.
import { useMemo } from 'react';
import { useHash } from '../browser/use-hash.ts';
import { type LearnPlace, readLearnPlace } from './learn-place.ts';

export function useLearnPlace(): LearnPlace | undefined {
  const hash = useHash();
  return useMemo(() => readLearnPlace(hash), [hash]);
}
