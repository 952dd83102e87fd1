import { describe, expect, it } from 'vitest';
import { readEdited } from './this-room.ts';

describe('readEdited', () => {
  it('brings back the text that was in the field, without taking the focus', () => {
    const kept = JSON.stringify({ seq: 7, text: 'half a correction' });
    expect(readEdited(kept)).toEqual({
      ...{ seq: 7, text: 'half a correction', from: 'row', isSettled: true },
    });
  });

  it('takes what it cannot read for nothing', () => {
    for (const kept of [
      undefined,
      '',
      '{',
      '7',
      '{"seq":"7","text":"x"}',
      '{"seq":7}',
      '{"seq":1.5,"text":""}',
    ])
      expect(readEdited(kept)).toBeUndefined();
  });
});
