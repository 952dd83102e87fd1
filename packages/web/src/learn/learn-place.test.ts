import { describe, expect, it } from 'vitest';
import { learnHash, readLearnPlace, sceneHash } from './learn-place.ts';

describe('readLearnPlace', () => {
  it('reads what learnHash writes', () => {
    for (const place of [
      {},
      { part: 'practice' },
      { part: 'interview', slug: '05-why-mask' },
      { part: 'faults', slug: '01-idle', section: 's3' },
    ] as const)
      expect(readLearnPlace(learnHash(place))).toEqual(place);
  });

  it('leads to the index where the rest of the address is nonsense', () => {
    for (const hash of ['#learn/', '#learn/cooking', '#learn/../etc', '#learn/interview/<b>'])
      expect(readLearnPlace(hash)).toEqual({});
  });

  it('leaves other addresses to others', () => {
    for (const hash of ['', '#wire', '#learning', '#chat']) expect(readLearnPlace(hash)).toBeUndefined();
  });
});

it('sceneHash is the inspector’s Try-it view on a scene', () => {
  expect(sceneHash('masking')).toBe('#wire/try/masking');
});
