import { describe, expect, test } from 'vitest';
import { chat, clock, greet, hear, live, lobby, network, pending, renew, write } from './chat.fixture.ts';
import { message, messages } from './events.fixture.ts';
import { tick } from './fake-clock.fixture.ts';
import { memoryOutbox } from './memory-outbox.ts';
import type { OutboxStore } from './outbox-store.ts';

describe('snapshots', () => {
  test('[C20] the same object until something changed, and the same parts after that', () => {
    live();
    const before = chat.snapshot();
    expect(chat.snapshot()).toBe(before);
    network.latest.say({ type: 'pong', ref: 99 });
    hear(message(2));
    expect(chat.snapshot()).toBe(before);
    network.latest.end();
    const away = chat.snapshot();
    expect(away).not.toBe(before);
    expect(away.rooms.lobby?.items).toBe(before.rooms.lobby?.items);
    expect(away.rooms.lobby?.members).toBe(before.rooms.lobby?.members);
  });

  test('[C20] items keep their identity while others change', async () => {
    live();
    await write('one');
    await write('two');
    const before = lobby().items;
    hear(message(4));
    const after = lobby().items;
    expect(after.map((item) => before.includes(item))).toEqual([true, true, true, false, true, true]);
  });

  test('[C20] listeners are told once for a turn, and at most once in 16 ms', async () => {
    live();
    let told = 0;
    const end = chat.subscribe(() => {
      told += 1;
    });
    hear(...messages(4, 50));
    expect(told).toBe(0);
    await Promise.resolve();
    expect(told).toBe(1);
    hear(...messages(51, 99));
    await Promise.resolve();
    expect(told).toBe(1);
    clock.pass(16);
    expect(told).toBe(2);
    end();
    hear(message(100));
    clock.pass(100);
    await Promise.resolve();
    expect(told).toBe(2);
  });

  test('[C20] a listener may write', async () => {
    live();
    const end = chat.subscribe(() => {
      end();
      void chat.room('lobby').post('from a listener');
    });
    hear(message(4));
    await tick();
    expect(pending()).toEqual(['from a listener: sending']);
  });

  test('[C21] storage that throws stops nothing', async () => {
    const broken = (): never => {
      throw new Error('private window');
    };
    renew({ storage: { get: broken, set: broken, remove: broken } });
    expect(chat.resume()).toBe(false);
    live();
    expect(chat.snapshot().isStorageWorking).toBe(false);
    await write('hello');
    expect(pending()).toEqual(['hello: sending']);
    network.latest.end();
    clock.pass(500);
    expect(greet().token).toBe('token-of-ada');
  });

  test('[C21] an outbox that fails to keep what it should is told of; one that was never meant to is not', async () => {
    let isDurable = true;
    const store: OutboxStore = Object.defineProperty(memoryOutbox(), 'isDurable', { get: () => isDurable });
    renew({ outbox: store });
    expect(chat.snapshot().isStorageWorking).toBe(true);
    isDurable = false;
    live();
    expect(chat.snapshot().isStorageWorking).toBe(false);
    renew({ outbox: memoryOutbox() });
    expect(chat.snapshot().isStorageWorking).toBe(true);
  });
});
