// How many downloads run at once, and how fast one asker may begin them.
import { authorIdSchema } from '@wireroom/protocol';
import { describe, expect, it } from 'vitest';
import { DownloadDesk } from './download-desk.ts';
import { HISTORY_LIMITS } from './limits.ts';

const authorId = authorIdSchema.parse('a_0000000000000000');
const { perAuthorMax, perAddressMax, downloadsMax } = HISTORY_LIMITS;

describe('the desk', () => {
  it('[H3.12] lets so many run: of one author, from one address, in all; a place that is given back is free', () => {
    const desk = new DownloadDesk({ now: () => 0, rate: undefined });
    const refused = { code: 'too-many-downloads', retryAfterMs: expect.any(Number) };
    const take = (count: number, address: string) =>
      Array.from({ length: count }, () => desk.take({ address }));
    const own = Array.from({ length: perAuthorMax }, () => desk.take({ address: 'here', authorId }));
    expect(() => desk.take({ address: 'elsewhere', authorId })).toThrow(expect.objectContaining(refused));
    const here = take(perAddressMax - perAuthorMax, 'here');
    expect(() => desk.take({ address: 'here' })).toThrow(expect.objectContaining(refused));
    for (const release of [...own, ...own]) release();
    take(perAuthorMax, 'here');
    for (let taken = perAddressMax; taken < downloadsMax; taken += perAddressMax)
      take(perAddressMax, `at ${taken}`);
    expect(() => desk.take({ address: 'another' })).toThrow(expect.objectContaining(refused));
    here[0]?.();
    desk.take({ address: 'another' });
  });

  it('[H3.12] lets one asker begin so many at once, and then so many a second; others are not touched', () => {
    let now = 0;
    const desk = new DownloadDesk({ now: () => now, rate: { burst: 2, perSecond: 0.5 } });
    desk.ask({ address: 'here' });
    desk.ask({ address: 'here' });
    expect(() => desk.ask({ address: 'here' })).toThrow(
      expect.objectContaining({ code: 'too-many-downloads', retryAfterMs: 2_000 }),
    );
    desk.ask({ address: 'there' });
    desk.ask({ address: 'here', authorId });
    now = 2_000;
    desk.ask({ address: 'here' });
    expect(() => desk.ask({ address: 'here' })).toThrow('Wait 2 s.');
  });
});
