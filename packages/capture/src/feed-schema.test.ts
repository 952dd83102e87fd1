// The wire feed's messages, there and back.
import { expect, it } from 'vitest';
import type { FeedEvent } from './feed-message.ts';
import { decodeFeedCommand, decodeFeedEvent, encodeFeedCommand, encodeFeedEvent } from './feed-schema.ts';
import { OPEN } from './testing/wire.ts';

it('[K21] commands come through, and what is wrong with one is said, with its ref', () => {
  const command = { type: 'play', ref: 3, scene: 'own-bytes', hex: '81 00' } as const;
  expect(decodeFeedCommand(encodeFeedCommand(command))).toEqual({ ok: true, command });
  expect(decodeFeedCommand('{"type":"play","ref":3,"scene":"x","hex":"8"}')).toMatchObject({
    ok: false,
    ref: 3,
  });
  expect(decodeFeedCommand('{"type":"dance","ref":4}')).toMatchObject({ ok: false, ref: 4 });
  expect(decodeFeedCommand('[]')).toEqual({
    ok: false,
    ref: null,
    message: 'The wire feed speaks JSON, one object per text message.',
  });
});

it('[K21] events come through with their bytes; an unknown or damaged one is none', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
  const event: FeedEvent = {
    type: 'records',
    connectionId: 'c',
    records: [OPEN, { kind: 'bytes', at: 1.5, direction: 'out', offset: 0, bytes, hidden: [[1, 2]] }],
  };
  expect(decodeFeedEvent(encodeFeedEvent(event))).toEqual(event);
  const played: FeedEvent = { type: 'played', playId: 'p' };
  expect(decodeFeedEvent(encodeFeedEvent(played))).toEqual(played);
  expect(
    decodeFeedEvent('{"type":"records","connectionId":"c","records":[{"kind":"bytes"}]}'),
  ).toBeUndefined();
  expect(decodeFeedEvent('{"type":"new"}')).toBeUndefined();
  expect(decodeFeedEvent('no')).toBeUndefined();
});
