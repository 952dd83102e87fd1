// Which address opens what.
import { describe, expect, it } from 'vitest';
import { hashOf, readPlace } from './wire-place.ts';

describe('readPlace', () => {
  it('knows the connection, a message, a capture in a link, and nothing else', () => {
    expect(readPlace('#wire')).toEqual({ kind: 'connection' });
    expect(readPlace('#wire/12')).toEqual({ kind: 'message', seq: 12 });
    expect(readPlace('#wire/try/cut-tcp')).toEqual({ kind: 'scene', scene: 'cut-tcp' });
    expect(readPlace('#wire/compare')).toEqual({ kind: 'compare' });
    expect(readPlace('#wire=eJxz')).toEqual({ kind: 'link', data: 'eJxz' });
    for (const hash of [
      '',
      '#',
      '#wires',
      '#wire/',
      '#wire/x',
      '#wire/1/2',
      '#wire/try/',
      '#wire/try/A',
      '#wire=',
      '#learn',
    ])
      expect(readPlace(hash)).toEqual({ kind: 'closed' });
  });

  it('reads what hashOf wrote', () => {
    for (const place of [{ kind: 'connection' }, { kind: 'message', seq: 7 }] as const)
      expect(readPlace(hashOf(place))).toEqual(place);
  });
});
