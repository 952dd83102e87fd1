// The masking player: it plays to the end and stops, steps both ways, and begins again from the end.
import { describe, expect, it } from 'vitest';
import { binary, charOf, hexByte, type MaskAction, maskPlayer, playMask } from './mask-player.ts';

const after = (length: number, ...actions: readonly MaskAction[]) =>
  actions.reduce(playMask, maskPlayer(length));

describe('playMask', () => {
  it('plays byte by byte, and stops by itself after the last', () => {
    const tick = { type: 'tick' } as const;
    expect(after(2, { type: 'play' }, tick)).toEqual({ done: 1, length: 2, isPlaying: true });
    expect(after(2, { type: 'play' }, tick, tick)).toEqual({ done: 2, length: 2, isPlaying: false });
    expect(after(2, { type: 'play' }, tick, tick, tick).done).toBe(2);
  });

  it('begins again where it had come to the end', () => {
    expect(after(3, { type: 'seek', to: 3 }, { type: 'play' })).toMatchObject({ done: 0, isPlaying: true });
    expect(after(3, { type: 'seek', to: 2 }, { type: 'play' })).toMatchObject({ done: 2, isPlaying: true });
  });

  it('a step or the slider pauses it, and never leaves the payload', () => {
    expect(after(3, { type: 'play' }, { type: 'step', by: 1 })).toMatchObject({ done: 1, isPlaying: false });
    expect(after(3, { type: 'step', by: -1 }).done).toBe(0);
    expect(after(3, { type: 'seek', to: 99 }).done).toBe(3);
    expect(after(3, { type: 'tick' }).done).toBe(0);
  });

  it('has nothing to play in an empty payload', () => {
    expect(after(0, { type: 'play' })).toEqual({ done: 0, length: 0, isPlaying: false });
  });
});

describe('a byte', () => {
  it('is shown in binary, in hex and as a character', () => {
    expect([binary(0x37), hexByte(0x07), charOf(0x48), charOf(0x0a), charOf(0xe4)]).toEqual([
      '00110111',
      '07',
      'H',
      '·',
      '·',
    ]);
  });
});
