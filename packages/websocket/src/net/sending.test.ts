import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { OPCODE } from '../core/opcode.ts';
import { WireError } from '../core/wire-error.ts';
import { atEnd, eventually, listen } from '../testing/loopback.ts';
import { maskedFrame, RawPeer, text } from '../testing/raw-peer.ts';
import { connect } from './client.ts';
import type { Connection } from './connection.ts';
import { prepare, prepareRun } from './prepared-message.ts';
import type { Tap } from './tap.ts';

/** A server's connection and a peer that does not read until it is told to. */
async function withDeafPeer(limits = {}): Promise<{
  readonly ours: Connection;
  readonly peer: RawPeer;
  readonly loopback: Awaited<ReturnType<typeof listen>>;
  readonly drains: () => number;
}> {
  let drains = 0;
  const loopback = await listen({ limits }, () => ({
    drain: () => {
      drains += 1;
    },
  }));
  const peer = await RawPeer.upgrade(loopback.port);
  peer.socket.pause();
  atEnd(() => void peer.socket.destroy());
  return { ours: await loopback.connection(), peer, loopback, drains: () => drains };
}

const BLOCK = Buffer.alloc(256 * 1024, 'x');

describe('back-pressure', () => {
  it('[W37] send returns false above the mark; drain comes once there is room', async () => {
    const { ours, peer, drains } = await withDeafPeer({ bufferedBytesMax: 64 * 1024 * 1024 });
    let sent = 0;
    while (ours.send(BLOCK) || ours.bufferedBytes < 1_000_000) {
      sent += 1;
      await new Promise(setImmediate);
    }
    sent += 1;
    expect(ours.bufferedBytes).toBeGreaterThan(64 * 1024);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(drains()).toBe(0);
    peer.socket.resume();
    await eventually(() => drains() === 1);
    expect(ours.bufferedBytes).toBeLessThanOrEqual(32 * 1024);
    expect(ours.send('more')).toBe(true);
    await peer.until(({ received }) => received.length === sent * (BLOCK.length + 10) + 6);
    expect(drains()).toBe(1);
  });

  it('[W38] above the maximum the connection is closed with 1013, and its memory is free again', async () => {
    const { ours, peer, loopback } = await withDeafPeer({ bufferedBytesMax: 2_000_000, closeTimeoutMs: 40 });
    while (ours.state === 'open') {
      ours.send(BLOCK);
      await new Promise(setImmediate);
    }
    expect(ours.bufferedBytes).toBeLessThan(2_100_000);
    expect(ours.send('x')).toBe(false);
    expect(await loopback.closed()).toMatchObject({ code: 1013, error: { code: 'outgoing-overflow' } });
    expect(ours.bufferedBytes).toBe(0);
    peer.socket.destroy();
  });

  it('[W38] a peer that pings and does not read is bounded as well', async () => {
    const { ours, peer, loopback } = await withDeafPeer({
      bufferedBytesMax: 20_000,
      controlFramesPerSecondMax: 1_000_000,
      closeTimeoutMs: 40,
    });
    const pings = Buffer.concat(
      Array.from({ length: 500 }, () => maskedFrame({ opcode: OPCODE.ping, payload: Buffer.alloc(125) })),
    );
    while (ours.state === 'open') {
      peer.socket.write(pings);
      await new Promise(setImmediate);
    }
    expect(ours.bufferedBytes).toBeLessThan(21_000);
    expect(await loopback.closed()).toMatchObject({ code: 1013 });
  });

  it('[W38] one message fits into an empty buffer, however large', async () => {
    const { ours, peer } = await withDeafPeer({ bufferedBytesMax: 1000 });
    ours.send(Buffer.alloc(8_000_000));
    expect(ours.state).toBe('open');
    peer.socket.resume();
    await peer.until(({ received }) => received.length === 8_000_010);
  });

  it('[W39] flushed resolves when the kernel has it all', async () => {
    const { ours, peer } = await withDeafPeer();
    await ours.flushed();
    ours.send('small');
    expect(ours.bufferedBytes).toBe(7);
    await ours.flushed();
    expect(ours.bufferedBytes).toBe(0);
    for (let i = 0; i < 40; i++) ours.send(BLOCK);
    const order: string[] = [];
    const first = ours.flushed().then(() => order.push('first'));
    ours.send('last');
    const second = ours.flushed().then(() => order.push('second'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(order).toEqual([]);
    peer.socket.resume();
    await Promise.all([first, second]);
    expect(order).toEqual(['first', 'second']);
  });

  it('[W37] [W39] waiting for flushed where send says no bounds what waits', async () => {
    const loopback = await listen({}, () => ({}));
    const client = await connect(loopback.url);
    const ours = await loopback.connection();
    let receivedBytes = 0;
    client.handle({ message: ({ data }) => (receivedBytes += data.length) });
    for (let i = 0; i < 100; i++) {
      const hasRoom = ours.send(BLOCK);
      expect(ours.bufferedBytes).toBeLessThan(64 * 1024 + BLOCK.length + 20);
      if (!hasRoom) await ours.flushed();
    }
    await eventually(() => receivedBytes === 100 * BLOCK.length);
    ours.terminate();
  });

  it('[W39] flushed rejects when it cannot be any more, also for whoever asks later', async () => {
    const { ours, loopback } = await withDeafPeer();
    for (let i = 0; i < 40; i++) ours.send(BLOCK);
    const flushed = ours.flushed();
    void ours.flushed();
    ours.terminate();
    await expect(flushed).rejects.toBeInstanceOf(WireError);
    await expect(ours.flushed()).rejects.toMatchObject({ code: 'connection-lost' });
    await loopback.closed();
    await expect(ours.flushed()).rejects.toMatchObject({ code: 'connection-lost' });
  });

  it('[W39] flushed resolves after a clean end when all had left before', async () => {
    const { ours, peer, loopback } = await withDeafPeer();
    ours.send('x');
    await ours.flushed();
    peer.socket.resume();
    ours.close();
    await ours.flushed();
    peer.socket.end(maskedFrame({ opcode: OPCODE.close }));
    expect(await loopback.closed()).toMatchObject({ wasClean: true });
    await ours.flushed();
  });
});

describe('the batch window', () => {
  it('[W36] what is sent in one turn is one write, in order', async () => {
    const writes: number[] = [];
    const tap: Tap = { open: () => ({ wrote: (chunk) => writes.push(chunk.length) }) };
    const { port, connection } = await listen({ tap });
    const peer = await RawPeer.upgrade(port);
    const ours = await connection();
    writes.length = 0;
    ours.send('a');
    ours.ping('b');
    ours.send(prepare('c'));
    await Promise.resolve().then(() => ours.send(Buffer.from('d')));
    process.nextTick(() => ours.send('e'));
    await peer.until(({ received }) => received.length === 15);
    expect(peer.frames()).toEqual(['1:a', '9:b', '1:c', '2:d', '1:e']);
    expect(writes).toEqual([15]);
    peer.socket.destroy();
  });

  it('[W36] large and small frames keep their order', async () => {
    const { port, connection } = await listen();
    const peer = await RawPeer.upgrade(port);
    const ours = await connection();
    const sizes = [5, 20_000, 3, 300_000, 0, 9_000, 1];
    for (const [i, size] of sizes.entries()) {
      const data = Buffer.alloc(size, i);
      ours.send(i % 2 === 0 ? data : Uint8Array.from(data));
    }
    const expected = sizes.map((size, i) => `2:${Buffer.alloc(size, i)}`);
    await peer.until((seen) => seen.frames().length === sizes.length);
    expect(peer.frames()).toEqual(expected);
    peer.socket.destroy();
  });

  it('[W36] a view into a larger buffer is sent as that view', async () => {
    const { port, connection } = await listen();
    const peer = await RawPeer.upgrade(port);
    const memory = new Uint8Array(40_000).fill(7);
    (await connection()).send(memory.subarray(100, 10_100).fill(9));
    await peer.until(({ received }) => received.length === 10_004);
    expect(peer.received.subarray(4).equals(Buffer.alloc(10_000, 9))).toBe(true);
    peer.socket.destroy();
  });
});

describe('prepared messages', () => {
  it('[W40] go to many, text as text and bytes as bytes', async () => {
    const { port, server, connections } = await listen();
    const peers = await Promise.all(Array.from({ length: 10 }, () => RawPeer.upgrade(port)));
    await eventually(() => connections.length === 10);
    const bytes = Buffer.from([1, 2, 3]);
    const text = Buffer.from('as bytes, but a text');
    const prepared = [prepare('tö all'), prepare(bytes), prepare(text, 'text')];
    bytes.fill(0);
    text.fill(0);
    for (const connection of server.connections) for (const one of prepared) connection.send(one);
    for (const peer of peers) {
      await peer.until(({ received }) => received.length === 36);
      expect(peer.frames()).toEqual(['1:tö all', '2:\u0001\u0002\u0003', '1:as bytes, but a text']);
      peer.socket.destroy();
    }
  });

  it('[W40.1] leave together as a run, and count as what they are against the maximum', async () => {
    const { ours, peer } = await withDeafPeer({ bufferedBytesMax: 1_000_000 });
    const run = prepareRun(['one', Buffer.from([1]), 'three']);
    expect(ours.sendRun(run)).toBe(true);
    ours.send('between');
    ours.sendRun(run);
    peer.socket.resume();
    await peer.until(({ received }) => received.length === 2 * 15 + 9);
    expect(peer.frames()).toEqual([
      '1:one',
      '2:\u0001',
      '1:three',
      '1:between',
      '1:one',
      '2:\u0001',
      '1:three',
    ]);
    peer.socket.pause();
    const large = prepareRun([BLOCK, BLOCK]);
    while (ours.state === 'open') {
      ours.sendRun(large);
      await new Promise(setImmediate);
    }
    expect(ours.sendRun(run)).toBe(false);
  });

  it.each([
    { how: 'looked at', tap: { open: () => ({ frame: () => undefined }) }, perMessageDeflate: false },
    { how: 'compressed', tap: {}, perMessageDeflate: true },
  ])('[W40.1] are taken all or none where each is $how', async ({ tap, perMessageDeflate }) => {
    const bufferedBytesMax = 100_000;
    const loopback = await listen({
      tap,
      perMessageDeflate,
      limits: { bufferedBytesMax, closeTimeoutMs: 40 },
    });
    const offer = perMessageDeflate ? ['Sec-WebSocket-Extensions: permessage-deflate'] : [];
    const peer = await RawPeer.upgrade(loopback.port, offer);
    atEnd(() => void peer.socket.destroy());
    const ours = await loopback.connection();
    const noise = randomBytes(60_000);
    ours.send(noise);
    ours.sendRun(prepareRun(['before', noise, 'after']));
    expect(ours.state).not.toBe('open');
    await loopback.closed();
    const received = await peer.untilEnd();
    expect(received.length).toBeGreaterThan(noise.length);
    // Both are too short to be compressed.
    expect(['before', 'after'].filter((text) => received.includes(text))).toEqual([]);
  });

  it('[W40.1] are taken all where nothing waits, however large they are together', async () => {
    const tap: Tap = { open: () => ({ frame: () => undefined }) };
    const loopback = await listen({ tap, limits: { bufferedBytesMax: 1_000 } });
    const peer = await RawPeer.upgrade(loopback.port);
    atEnd(() => void peer.socket.destroy());
    const ours = await loopback.connection();
    ours.sendRun(prepareRun(['x'.repeat(900), 'y'.repeat(900)]));
    expect(ours.state).toBe('open');
    await peer.until(({ received }) => received.length === 2 * 904);
  });

  it('[W40.1] are seen one by one by a tap, and masked one by one by a client', async () => {
    const seen: string[] = [];
    const heard: string[] = [];
    const loopback = await listen({}, () => ({ message: (message) => heard.push(message.text()) }));
    const tap: Tap = {
      open: () => ({ frame: (direction, { opcode }) => direction === 'out' && seen.push(String(opcode)) }),
    };
    const client = await connect(loopback.url, { tap });
    client.sendRun(prepareRun(['one', 'two']));
    await eventually(() => heard.length === 2);
    client.close();
    await loopback.closed();
    expect(heard).toEqual(['one', 'two']);
    expect(seen.slice(0, 2)).toEqual(['1', '1']);
  });

  it('[W40] [W41] are masked with a fresh key each time by a client', async () => {
    const keys: number[] = [];
    const loopback = await listen({
      tap: { open: () => ({ frame: (direction, { maskKey }) => direction === 'in' && keys.push(maskKey) }) },
    });
    const client = await connect(loopback.url);
    let got = 0;
    client.handle({
      message: () => {
        got += 1;
      },
    });
    const prepared = prepare('again');
    for (let i = 0; i < 2000; i++) client.send(prepared);
    await eventually(() => got === 2000);
    client.close();
    await loopback.closed();
    expect(new Set(keys).size).toBeGreaterThan(1990);
  });
});

describe('reading', () => {
  it('[W42] pause stops in the middle of a chunk, resume goes on', async () => {
    const seen: string[] = [];
    const { port, connection } = await listen({}, (ours) => ({
      message(message) {
        seen.push(message.text());
        if (seen.length === 2) ours.pause();
      },
    }));
    const peer = await RawPeer.upgrade(port);
    peer.socket.write(Buffer.concat(['a', 'b', 'c', 'd'].map(text)));
    await eventually(() => seen.length === 2);
    peer.socket.write(text('e'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(seen).toEqual(['a', 'b']);
    const ours = await connection();
    ours.resume();
    expect(seen).toEqual(['a', 'b']);
    await eventually(() => seen.length === 5);
    expect(seen).toEqual(['a', 'b', 'c', 'd', 'e']);
    peer.socket.destroy();
  });

  it('[W42] pause and resume inside one handler lose nothing', async () => {
    const seen: string[] = [];
    const { port } = await listen({}, (ours) => ({
      message(message) {
        seen.push(message.text());
        ours.pause();
        if (seen.length % 2 === 0) setImmediate(() => ours.resume());
        else ours.resume();
      },
    }));
    const peer = await RawPeer.upgrade(port);
    const all = Array.from({ length: 50 }, (_, i) => `${i}`);
    peer.socket.write(Buffer.concat(all.map(text)));
    await eventually(() => seen.length === 50);
    expect(seen).toEqual(all);
    peer.socket.destroy();
  });

  it('[W42] FIN that comes while paused counts after what waits', async () => {
    const seen: string[] = [];
    const { port, connection, closed } = await listen({}, (ours) => ({
      message(message) {
        seen.push(message.text());
        if (seen.length === 1) ours.pause();
      },
    }));
    const peer = await RawPeer.upgrade(port);
    peer.socket.end(Buffer.concat(['a', 'b', 'c'].map(text)));
    await eventually(() => seen.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    (await connection()).resume();
    expect(await closed()).toMatchObject({ error: { code: 'ended-without-close' } });
    expect(seen).toEqual(['a', 'b', 'c']);
  });

  it('[W42] slows the peer down by TCP', async () => {
    const { port, connection } = await listen();
    const peer = await RawPeer.upgrade(port);
    (await connection()).pause();
    const block = maskedFrame({ opcode: OPCODE.binary, payload: BLOCK });
    while (peer.socket.write(block)) await new Promise((resolve) => setTimeout(resolve, 1));
    for (let i = 0; i < 40; i++) peer.socket.write(block);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(peer.socket.writableLength).toBeGreaterThan(1_000_000);
    peer.socket.destroy();
    (await connection()).terminate();
  });

  it('[W30] close while paused still sees the answer', async () => {
    const { port, connection, closed } = await listen();
    const peer = await RawPeer.upgrade(port);
    const ours = await connection();
    ours.pause();
    peer.socket.write(Buffer.concat([text('dropped'), maskedFrame({ opcode: OPCODE.close })]));
    await new Promise((resolve) => setTimeout(resolve, 20));
    ours.close();
    peer.socket.end();
    expect(await closed()).toMatchObject({ code: 1005, wasClean: true });
  });
});
