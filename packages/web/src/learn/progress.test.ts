import { memoryStorage } from '@wireroom/client';
import { describe, expect, it } from 'vitest';
import { type Progress, readProgress, stateOf, withState, writeProgress } from './progress.ts';

const KEY = 'interview/05-why-mask';

describe('progress', () => {
  it('is kept between visits', () => {
    const storage = memoryStorage();
    const progress: Progress = { [KEY]: 'done', 'practice/01-handshake': 'opened' };
    writeProgress(storage, progress);
    expect(readProgress(storage)).toEqual(progress);
    expect(stateOf(readProgress(storage), 'interview', '05-why-mask')).toBe('done');
    expect(stateOf(readProgress(storage), 'faults', '05-why-mask')).toBe('new');
  });

  it('stays done when it is opened again, and is taken back by hand', () => {
    const done = withState({}, KEY, 'done');
    expect(withState(done, KEY, 'opened')).toEqual(done);
    expect(withState(done, KEY, 'new')).toEqual({});
  });

  it('leaves out what it does not understand in the storage', () => {
    const storage = memoryStorage();
    storage.set('wireroom.learn.progress', `${KEY}=done\nnonsense\ncooking/01=done\npractice/01=half`);
    expect(readProgress(storage)).toEqual({ [KEY]: 'done' });
  });

  it('keeps the newest 500 units and no more', () => {
    const storage = memoryStorage();
    const many = Object.fromEntries(
      Array.from({ length: 600 }, (_, index) => [`faults/${index}`, 'opened'] as const),
    );
    writeProgress(storage, many);
    const kept = Object.keys(readProgress(storage));
    expect(kept.length).toBe(500);
    expect(kept.at(-1)).toBe('faults/599');
  });
});
