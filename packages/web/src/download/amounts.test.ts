import { describe, expect, it } from 'vitest';
import { countText, durationText, sizeText, speedText } from './amounts.ts';

describe('amounts', () => {
  it('says sizes in thousands, with a digit after the point where it tells something', () => {
    const said = [0, 512, 1_234, 48_300, 999_600, 2_149_000, 12_340_000, 349_000_000, 1_210_000_000].map(
      (bytes) => sizeText('en', bytes),
    );
    expect(said).toEqual([
      '0 bytes',
      '512 bytes',
      '1.2 kB',
      '48 kB',
      '1 MB',
      '2.1 MB',
      '12.3 MB',
      '349 MB',
      '1.2 GB',
    ]);
    expect(speedText('en', 3_200_000)).toBe('3.2 MB/s');
  });

  it('says how long in one unit, in the language of the page', () => {
    expect([1, 59, 60, 200, 7200].map((seconds) => durationText('en', seconds))).toEqual([
      '1 second',
      '59 seconds',
      '1 minute',
      '3 minutes',
      '2 hours',
    ]);
    expect(durationText('zh-CN', 200)).toBe('3分钟');
    expect(countText('en', 1204)).toBe('1,204');
  });
});
