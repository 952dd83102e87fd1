import type { ChatSnapshot, ConnectionSnapshot } from '@wireroom/client';
import { describe, expect, it } from 'vitest';
import { ADA } from '../fixture/timeline-items.ts';
import { screenOf } from './screen.ts';

const at = (connection: ConnectionSnapshot, given: Partial<ChatSnapshot> = {}): ChatSnapshot => ({
  connection,
  rooms: {},
  isStorageWorking: true,
  ...given,
});
const STATES: readonly ConnectionSnapshot[] = [
  { state: 'idle' },
  { state: 'connecting' },
  { state: 'open' },
  { state: 'waiting', retryAt: 0, reason: 'gone' },
  { state: 'stopped', reason: 'gone' },
];

describe('screenOf', () => {
  it('stays in the room as long as the page knows who you are, whatever the connection does', () => {
    for (const state of STATES) expect(screenOf(at(state, { you: ADA }), false)).toBe('room');
  });

  it('keeps a newcomer at the entrance until the server has taken the name', () => {
    for (const state of STATES) expect(screenOf(at(state), false)).toBe('entrance');
  });

  it('opens for those who come back, and says when nobody answers', () => {
    expect(STATES.map((state) => screenOf(at(state), true))).toEqual([
      'entrance',
      'opening',
      'opening',
      'unreachable',
      'unreachable',
    ]);
  });

  it('asks for a name again when the remembered one is refused', () => {
    const refusal = { code: 'name-taken', message: '' };
    expect(screenOf(at({ state: 'open' }, { refusal }), true)).toBe('entrance');
  });
});
