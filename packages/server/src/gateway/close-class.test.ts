// Codes and reasons of an end, and the class that each is counted in.
import { describe, expect, it } from 'vitest';
import { classOfCode, classOfReason } from './close-class.ts';

describe('the class of an end', () => {
  it.each([
    [1000, 'done'],
    [1001, 'done'],
    [1005, 'done'],
    [1006, 'lost'],
    [1012, 'restart'],
    [4100, 'too-slow'],
    [1002, 'broke-rules'],
    [1009, 'broke-rules'],
    [1011, 'other'],
    [1013, 'other'],
    [4999, 'other'],
  ] as const)('of code %i is %s', (code, wanted) => {
    expect(classOfCode(code)).toBe(wanted);
  });

  it('of a Socket.IO reason says who went, and what the server closes is a restart while it stops', () => {
    expect(classOfReason('client namespace disconnect', false)).toBe('done');
    expect(classOfReason('transport close', false)).toBe('lost');
    expect(classOfReason('parse error', false)).toBe('broke-rules');
    expect(classOfReason('forced close', false)).toBe('other');
    expect(classOfReason('forced close', true)).toBe('restart');
  });
});
