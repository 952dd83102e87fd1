// The timeline's events: both ends on one clock, frames with their time at either end, bytes that waited.
import { decode } from '@wireroom/capture';
import { describe, expect, it } from 'vitest';
import { chatCapture } from '../../fixture/wire-capture.ts';
import { timelineEvents } from './timeline-events.ts';

const records = chatCapture();
const events = timelineEvents(decode({ records }), records);
const start = records[0]?.at ?? 0;

describe('timelineEvents', () => {
  it('lays the browser’s moments on the server’s clock', () => {
    const composed = events.moments.find(
      ({ record }) => record.kind === 'client' && record.moment === 'composed',
    );
    expect((composed?.at ?? 0) - start).toBe(1_802_100 + 180);
    expect(events.uncertainty).toBe(210);
  });

  it('gives frames their time at the browser, where it was seen', () => {
    const post = events.frames.find(({ key }) => key === 'in2');
    expect([(post?.browserAt ?? 0) - start, (post?.at ?? 0) - start]).toEqual([1_802_640, 1_803_260]);
    expect(events.frames.find(({ key }) => key === 'out5')?.browserAt).toBeUndefined();
  });

  it('counts what waited on this connection, not on those of others', () => {
    expect(events.waiting.map(({ bytes, where }) => [bytes, where])).toEqual([
      [0, 'browser'],
      [0, 'server'],
    ]);
    expect(events.duplicates).toBe(0);
  });
});
