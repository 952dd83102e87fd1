// Which units were opened and which are done, as one value in this browser's storage.
import type { KeyValueStorage } from '@wireroom/client';
import { isPart, type Part } from './course-document.ts';

export type UnitState = 'new' | 'opened' | 'done';

/** `interview/05-why-mask` to its state. */
export type Progress = Readonly<Record<string, 'opened' | 'done'>>;

const KEY = 'wireroom.learn.progress';
/** More units than the course will have: what is stored by others is not read without end. */
const UNITS_MAX = 500;

export const unitKey = (part: Part, slug: string): string => `${part}/${slug}`;

export const stateOf = (progress: Progress, part: Part, slug: string): UnitState =>
  progress[unitKey(part, slug)] ?? 'new';

/** What is stored may be of anybody: what is not understood is left out. */
export function readProgress(storage: KeyValueStorage): Progress {
  const entries = (storage.get(KEY) ?? '').split('\n').slice(0, UNITS_MAX);
  return Object.fromEntries(
    entries.flatMap((entry): [string, 'opened' | 'done'][] => {
      const [key = '', state] = entry.split('=');
      const isKnown = isPart(key.split('/')[0] ?? '') && (state === 'opened' || state === 'done');
      return isKnown ? [[key, state]] : [];
    }),
  );
}

export function writeProgress(storage: KeyValueStorage, progress: Progress): void {
  storage.set(
    KEY,
    Object.entries(progress)
      .slice(-UNITS_MAX)
      .map(([key, state]) => `${key}=${state}`)
      .join('\n'),
  );
}

/** Opening never takes back that a unit is done. */
export function withState(progress: Progress, key: string, state: UnitState): Progress {
  if (state === 'opened' && progress[key] !== undefined) return progress;
  const { [key]: _before, ...others } = progress;
  return state === 'new' ? others : { ...others, [key]: state };
}
