// One suite over every way in which bytes can travel: bare handles, handles shared with a socket, documented streams, TLS.
import net from 'node:net';
import { generate } from 'selfsigned';
import { afterEach, describe, expect, it } from 'vitest';
import { OPCODE } from '../core/opcode.ts';
import { atEnd, echo, eventually, listen } from '../testing/loopback.ts';
import { maskedFrame, RawPeer, text, upgradeRequest } from '../testing/raw-peer.ts';
import { connect } from './client.ts';
import type { Connection } from './connection.ts';
import { prepare } from './prepared-message.ts';
import { tcpHandles } from './tcp-handle.ts';

const hadHandles = tcpHandles.isUsed;

afterEach(() => {
  tcpHandles.isUsed = hadHandles;
});

// Where npm run matrix takes them away there are none.
it.skipIf(process.env.NODE_PATHS === 'documented')(
  'this Node has the handles that the short way needs',
  () => {
    expect(tcpHandles.api).toBeDefined();
    expect(hadHandles).toBe(true);
  },
);

interface Place {
  readonly port: number;
  readonly connections: readonly Connection[];
  closed(): Promise<{ readonly code: number }>;
}

const PLACES: Readonly<Record<string, () => Promise<Place>>> = {
  'an accepted handle': () => listen(),
  'a documented stream': () => {
    tcpHandles.isUsed = false;
    return listen();
  },
  'a socket that somebody else accepted': async () => {
    const loopback = await listen();
    const other = net.createServer((socket) => loopback.server.handleSocket(socket));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    atEnd(() => void other.close());
    const address = other.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return { ...loopback, connections: loopback.connections, port: address.port };
  },
};

describe.each(Object.keys(PLACES))('over %s', (name) => {
  const place = (): Promise<Place> => (PLACES[name] ?? (() => listen()))();

  it('[W24] messages of all sizes come back the same, from a client on either way', async () => {
    const { port } = await place();
    const client = await connect(`ws://127.0.0.1:${port}/`);
    const sizes = [0, 1, 20, 125, 126, 4000, 8191, 8192, 65_535, 65_536, 70_000, 262_144, 300_000, 1_000_000];
    const received: string[] = [];
    const done = new Promise<void>((resolve) => {
      client.handle({
        message(message) {
          received.push(`${message.kind} ${message.data.toString('base64')}`);
          if (received.length === sizes.length * 2) resolve();
        },
      });
    });
    const expected: string[] = [];
    for (const [i, size] of sizes.entries()) {
      const bytes = Buffer.from(Array.from({ length: size }, (_, at) => (at * 31 + i) & 0xff));
      const words = 'wörter 字 '.repeat(Math.ceil(size / 12));
      client.send(bytes);
      client.send(words);
      expected.push(`binary ${bytes.toString('base64')}`, `text ${Buffer.from(words).toString('base64')}`);
    }
    await done;
    expect(received).toEqual(expected);
    client.close();
  });

  it('[W36] what is sent in one turn keeps its order, whatever it is', async () => {
    const { port, connections } = await place();
    const client = await connect(`ws://127.0.0.1:${port}/`);
    const received: string[] = [];
    client.handle({ message: (message) => received.push(message.text().slice(0, 12)) });
    await eventually(() => connections.length === 1);
    const [ours] = connections;
    const shared = [prepare('shared 1'), prepare('shared 2')];
    const large = Buffer.alloc(100_000, 'large 1     ');
    const sent = [
      'small 1',
      shared[0],
      'small 2',
      'small 3',
      large,
      shared[0],
      shared[1],
      'small 4',
      shared[1],
    ];
    for (const message of sent) if (message !== undefined) ours?.send(message);
    await eventually(() => received.length === sent.length);
    expect(received).toEqual([
      ...['small 1', 'shared 1', 'small 2', 'small 3', 'large 1     ', 'shared 1', 'shared 2'],
      ...['small 4', 'shared 2'],
    ]);
    client.close();
  });

  it('[W39] a peer that does not read is waited for, and gets everything once it does', async () => {
    const { port, connections } = await place();
    const peer = await RawPeer.upgrade(port);
    peer.socket.pause();
    atEnd(() => void peer.socket.destroy());
    await eventually(() => connections.length === 1);
    const [ours] = connections;
    if (ours === undefined) throw new Error('no connection');
    let sentBytes = 0;
    for (let i = 0; ours.bufferedBytes < 1_000_000; i++) {
      // Small frames out of the turn's slab between large ones that leave from where they are.
      const size = i % 3 === 0 ? 200_000 : 100;
      ours.send(Buffer.alloc(size, i));
      sentBytes += size + (size > 65_535 ? 10 : 2);
      await new Promise(setImmediate);
    }
    let isFlushed = false;
    const flushed = ours.flushed().then(() => {
      isFlushed = true;
    });
    for (let i = 0; i < 20; i++) await new Promise(setImmediate);
    expect(isFlushed).toBe(false);
    peer.socket.resume();
    await peer.until(({ received }) => received.length === sentBytes);
    await flushed;
    const { received } = peer;
    for (let i = 0, at = 0; at < sentBytes; i++) {
      const size = i % 3 === 0 ? 200_000 : 100;
      const start = at + (size > 65_535 ? 10 : 2);
      expect(received.subarray(start, start + size).every((byte) => byte === (i & 0xff))).toBe(true);
      at = start + size;
    }
    expect(ours.bufferedBytes).toBe(0);
  });

  it('[W42] what lies behind a pause is kept while other sockets are read into the same memory', async () => {
    const { port, connections } = await place();
    const received: string[] = [];
    const peer = await RawPeer.upgrade(port);
    await eventually(() => connections.length === 1);
    const [ours] = connections;
    ours?.handle({
      message(message) {
        received.push(message.text());
        if (message.text() === 'one') ours.pause();
      },
    });
    peer.socket.write(Buffer.concat([text('one'), text('two'), text('thr').subarray(0, 8)]));
    await eventually(() => received.length === 1);
    const other = await connect(`ws://127.0.0.1:${port}/`);
    const answers: string[] = [];
    other.handle({ message: (message) => answers.push(message.text()) });
    other.send('something else altogether, and longer');
    await eventually(() => answers.length === 1);
    expect(received).toEqual(['one']);
    peer.socket.write(text('thr').subarray(8));
    ours?.resume();
    await eventually(() => received.length === 3);
    expect(received).toEqual(['one', 'two', 'thr']);
    other.close();
  });

  it('[W33] FIN, a reset and a clean close each end it once', async () => {
    const { port, closed, connections } = await place();
    const clean = await RawPeer.upgrade(port);
    clean.socket.write(maskedFrame({ opcode: OPCODE.close, payload: Buffer.from('03e8', 'hex') }));
    await clean.until(({ hasEnded }) => hasEnded);
    clean.socket.end();
    expect(await closed()).toMatchObject({ code: 1000, wasClean: true });

    const fin = await RawPeer.upgrade(port);
    fin.socket.write(text('last words'));
    fin.socket.end();
    await fin.until(({ hasEnded }) => hasEnded);
    expect(fin.received.toString()).toContain('last words');

    const reset = await RawPeer.upgrade(port);
    await eventually(() => connections.length === 3);
    reset.socket.resetAndDestroy();
    await eventually(() => connections.every(({ state }) => state === 'closed'));
    expect(connections.map(({ state }) => state)).toEqual(['closed', 'closed', 'closed']);
    expect(connections[2]?.send('too late')).toBe(false);
  });

  it('[W13] a request in single bytes is as good as one in one piece', async () => {
    const { port } = await place();
    const peer = await RawPeer.dial(port);
    for (const byte of Buffer.from(upgradeRequest())) peer.socket.write(Buffer.from([byte]));
    await peer.takeHead();
    peer.socket.write(text('hello'));
    await peer.until(({ received }) => received.length === 7);
    expect(peer.received.toString('latin1')).toBe('\x81\x05hello');
    peer.socket.destroy();
  });
});

it('[W24] TLS goes the documented way, and says the same', async () => {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keySize: 2048,
  });
  const { server } = await listen({}, echo);
  const { port } = await server.listen({ port: 0, host: '127.0.0.1', tls: { key, cert } });
  const client = await connect(`wss://127.0.0.1:${port}/`, { tls: { rejectUnauthorized: false } });
  const answers: number[] = [];
  client.handle({ message: (message) => answers.push(message.data.length) });
  for (const size of [10, 10, 200_000, 10]) client.send(Buffer.alloc(size));
  await eventually(() => answers.length === 4);
  expect(answers).toEqual([10, 10, 200_000, 10]);
  client.close();
});
