// Progress as React's state, kept in the storage.
import { useCallback, useState } from 'react';
import { usePage } from '../app/page.ts';
import type { Part } from './course-document.ts';
import {
  type Progress,
  readProgress,
  type UnitState,
  unitKey,
  withState,
  writeProgress,
} from './progress.ts';

export interface ProgressStore {
  readonly progress: Progress;
  set(part: Part, slug: string, state: UnitState): void;
}

export function useProgress(): ProgressStore {
  const { settings } = usePage();
  const [progress, setProgress] = useState(() => readProgress(settings));
  const set = useCallback<ProgressStore['set']>(
    (part, slug, state) => {
      // Another tab may have written meanwhile.
      const next = withState(readProgress(settings), unitKey(part, slug), state);
      writeProgress(settings, next);
      setProgress(next);
    },
    [settings],
  );
  return { progress, set };
}
