// One native connection as time passes: what the heartbeat says, and what becomes of a reader that does not read.
import { CLOSE_CODES, LIMITS, type ServerEvent } from '@wireroom/protocol';
import { describe, expect, it } from 'vitest';
import { HandTimers } from '../lib/hand-timers.fixture.ts';
import { GATEWAY_LIMITS } from './limits.ts';
import { type HandConnection, nextTurn, openHandChat } from './native-session.fixture.ts';

const headsOf = (events: readonly ServerEvent[]) =>
  events.filter((event) => event.type === 'heads').map(({ heads }) => heads);

async function setUp(slugs: readonly string[] = []) {
  const timers = new HandTimers();
  const hand = await openHandChat({ slugs, parts: { timers } });
  const [ada, bo] = [await hand.greet('Ada'), await hand.greet('Bo')];
  return { hand, timers, ada, bo };
}

describe('the heartbeat', () => {
  it('[F2.2] tells where the followed rooms stand that have grown since the last one, each once', async () => {
    const { hand, ada, bo } = await setUp(['quiet']);
    for (const room of ['lobby', 'quiet']) for (const one of [bo, ada]) await one.ask({ type: 'join', room });
    await ada.beat();
    await bo.ask({ type: 'post', room: 'lobby', text: 'hi' });
    await ada.beat();
    await ada.beat();
    const { roomId } = hand.chat.rooms.find('lobby');
    const [head] = await hand.log.heads([roomId]);
    expect(headsOf(ada.sent)).toEqual([[], [[roomId, head?.position.epoch, head?.position.seq]], []]);
  });

  it('[F2.2] says nothing before the greeting, and nothing to somebody who does not read', async () => {
    const { hand, ada } = await setUp();
    const stranger = hand.connect();
    await stranger.beat();
    expect(stranger.sent).toEqual([]);
    ada.bufferedBytes = GATEWAY_LIMITS.bufferedBytesMax;
    await ada.beat();
    expect(headsOf(ada.sent)).toEqual([]);
  });

  it('[F2.2] does not tell of entries that are still on their way to the reader', async () => {
    const { ada, bo } = await setUp();
    for (const one of [ada, bo]) await one.ask({ type: 'join', room: 'lobby' });
    ada.bufferedBytes = GATEWAY_LIMITS.bufferedBytesMax;
    await bo.ask({ type: 'post', room: 'lobby', text: 'hi' });
    // There is room again, and the entry has not been read for it yet.
    ada.bufferedBytes = 0;
    const beating = ada.beat();
    ada.wake();
    await beating;
    expect(
      headsOf(ada.sent)
        .flat()
        .map(([, , seq]) => seq),
    ).not.toContain(3);
  });

  it('[F2.2][H1] many rooms come in several messages', async () => {
    const slugs = Array.from({ length: 1_100 }, (_, index) => `room-${index}`);
    const { hand, ada, bo } = await setUp(slugs);
    for (const room of slugs) {
      await ada.ask({ type: 'join', room });
      await hand.chat.rooms.join(hand.chat.rooms.find(room), { authorId: authorIdOf(bo), name: 'Bo' });
    }
    const before = ada.sent.length;
    await ada.beat();
    expect(headsOf(ada.sent).map(({ length }) => length)).toEqual([500, 500, 100]);
    expect(Math.max(...ada.sizes.slice(before))).toBeLessThan(LIMITS.answerBytesMax);
  });
});

function authorIdOf(connection: HandConnection) {
  const welcome = connection.sent.find((event) => event.type === 'welcome');
  if (welcome === undefined) throw new Error('not greeted');
  return welcome.you.authorId;
}

describe('a reader that does not read', () => {
  /** Ada stops reading, and Bo writes until she has more waiting than she should. */
  async function fillUp() {
    const { timers, ada, bo } = await setUp();
    for (const one of [ada, bo]) await one.ask({ type: 'join', room: 'lobby' });
    ada.isReading = false;
    for (let i = 0; i < 40; i += 1) await bo.ask({ type: 'post', room: 'lobby', text: 'x'.repeat(16_000) });
    return { timers, ada, bo };
  }

  it('[F3.1] has a bounded number of bytes waiting', async () => {
    const { ada } = await fillUp();
    expect(ada.bufferedBytes).toBeGreaterThanOrEqual(GATEWAY_LIMITS.bufferedBytesMax);
    expect(ada.bufferedBytes).toBeLessThan(GATEWAY_LIMITS.bufferedBytesMax + 20_000);
  });

  it('[F3.2] is closed with 4100 once it has taken nothing for stuckMs', async () => {
    const { timers, ada } = await fillUp();
    timers.pass(GATEWAY_LIMITS.stuckMs - 1);
    expect(ada.closedWith).toBeUndefined();
    timers.pass(1);
    expect(ada.closedWith).toBe(CLOSE_CODES.tooSlow);
  });

  it('[F3.2] may stay as long as it takes something, however slowly', async () => {
    const { timers, ada } = await fillUp();
    for (let i = 0; i < 10; i += 1) {
      ada.bufferedBytes -= 1;
      timers.pass(GATEWAY_LIMITS.stuckMs);
    }
    expect(ada.closedWith).toBeUndefined();
    timers.pass(GATEWAY_LIMITS.stuckMs);
    expect(ada.closedWith).toBe(CLOSE_CODES.tooSlow);
  });

  it('[F3.2] has everything when it wakes before, and its time begins anew', async () => {
    const { timers, ada, bo } = await fillUp();
    timers.pass(GATEWAY_LIMITS.stuckMs - 1);
    ada.wake();
    expect(timers.count).toBe(0);
    for (let turn = 0; turn < 50; turn += 1) await nextTurn();
    await bo.ask({ type: 'post', room: 'lobby', text: 'last' });
    timers.pass(GATEWAY_LIMITS.stuckMs * 2);
    expect(ada.closedWith).toBeUndefined();
    const entries = ada.sent.filter((event) => event.type === 'entry').map(({ entry }) => entry.seq);
    expect(entries).toEqual(Array.from({ length: entries.length }, (_, index) => index + 2));
    expect(entries.at(-1)).toBe(43);
  });

  it('[F3.2] that is gone leaves no timer behind', async () => {
    const { timers, ada } = await fillUp();
    ada.hangUp();
    expect(timers.count).toBe(0);
  });
});
