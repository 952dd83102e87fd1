// Which coding an answer comes in, and which range of a file: what headers may say.
import { describe, expect, it } from 'vitest';
import { chooseEncoding } from './accept-encoding.ts';
import { readRange } from './range.ts';

describe('Accept-Encoding', () => {
  it.each([
    [undefined, 'identity'],
    ['', 'identity'],
    ['gzip', 'gzip'],
    ['br', 'br'],
    ['gzip, deflate, br', 'gzip'],
    ['gzip;q=0.8, br', 'br'],
    ['GZIP ; Q=0.5', 'gzip'],
    ['*', 'gzip'],
    ['gzip;q=0, *', 'br'],
    ['*;q=0', 'identity'],
    ['identity, gzip;q=0.5', 'identity'],
    ['gzip;q=nonsense', 'identity'],
    ['zstd', 'identity'],
  ])('[H3.2] %j is answered in %s', (header, coding) => {
    expect(chooseEncoding(header, ['gzip', 'br'])).toBe(coding);
  });
});

describe('Range', () => {
  it.each([
    [undefined, undefined],
    ['bytes=0-9', { first: 0, last: 9 }],
    ['bytes=90-', { first: 90, last: 99 }],
    ['bytes=90-1000', { first: 90, last: 99 }],
    ['bytes=-10', { first: 90, last: 99 }],
    ['bytes=-1000', { first: 0, last: 99 }],
    ['bytes=100-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=9-3', undefined],
    ['bytes=0-1,5-6', undefined],
    ['lines=1-2', undefined],
    ['bytes=-', undefined],
  ])('[H3.7] %j of a hundred bytes is %j', (header, range) => {
    expect(readRange(header, 100)).toEqual(range);
  });
});
