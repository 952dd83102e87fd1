// Our server and client against `ws`, which shares no line with us.
import { once } from 'node:events';
import type net from 'node:net';
import { generate } from 'selfsigned';
import { describe, expect, it } from 'vitest';
import WebSocket, { WebSocketServer as WsServer } from 'ws';
import type { Message } from '../core/message.ts';
import { atEnd, eventually, listen } from '../testing/loopback.ts';
import { connect } from './client.ts';

const SIZES = [0, 1, 125, 126, 127, 65535, 65536, 1_000_000];

function payload(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let i = 0; i < size; i++) bytes[i] = (i * 31 + (i >> 8)) & 0xff;
  return bytes;
}

async function wsClient(url: string, options: WebSocket.ClientOptions = {}): Promise<WebSocket> {
  const client = new WebSocket(url, options);
  atEnd(() => client.terminate());
  await once(client, 'open');
  return client;
}

describe('our server and the client of ws', () => {
  it('understand each other at every size, texts and bytes', async () => {
    const { url, closed } = await listen();
    const client = await wsClient(url);
    for (const size of SIZES) {
      client.send(payload(size));
      const [data, isBinary] = await once(client, 'message');
      expect(isBinary && payload(size).equals(data), String(size)).toBe(true);
    }
    client.send('κόσμε 😀');
    const [data, isBinary] = await once(client, 'message');
    expect([String(data), isBinary]).toEqual(['κόσμε 😀', false]);
    client.ping('p');
    expect(String((await once(client, 'pong'))[0])).toBe('p');
    client.close(4001, 'bye');
    expect((await once(client, 'close'))[0]).toBe(4001);
    expect(await closed()).toEqual({ code: 4001, reason: 'bye', wasClean: true });
  });

  it('when ws sends fragments', async () => {
    const { url } = await listen();
    const client = await wsClient(url);
    client.send('one ', { fin: false });
    client.send('two ', { fin: false });
    client.send('three', { fin: true });
    expect(String((await once(client, 'message'))[0])).toBe('one two three');
  });

  it('when the server closes', async () => {
    const { url, connection, closed } = await listen();
    const client = await wsClient(url);
    (await connection()).close(1012, 'restart');
    const [code, reason] = await once(client, 'close');
    expect([code, String(reason)]).toEqual([1012, 'restart']);
    expect(await closed()).toMatchObject({ code: 1012, wasClean: true });
  });

  it('[W6] an offer of permessage-deflate is declined by silence', async () => {
    const { url } = await listen();
    const client = await wsClient(url, { perMessageDeflate: true });
    expect(client.extensions).toBe('');
    client.send('plain');
    expect(String((await once(client, 'message'))[0])).toBe('plain');
  });
});

describe('our client and the server of ws', () => {
  async function wsServer(): Promise<{ readonly url: string; readonly server: WsServer }> {
    const server = new WsServer({
      port: 0,
      host: '127.0.0.1',
      handleProtocols: (offered) => [...offered].at(-1) ?? false,
    });
    await once(server, 'listening');
    atEnd(() => {
      for (const client of server.clients) client.terminate();
      server.close();
    });
    const address = server.address();
    return {
      url: `ws://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/x`,
      server,
    };
  }

  it('understand each other at every size, texts and bytes', async () => {
    const { url, server } = await wsServer();
    server.on('connection', (socket) => {
      socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
    });
    const client = await connect(url, { subprotocols: ['a', 'b'] });
    expect(client.subprotocol).toBe('b');
    const received: Message[] = [];
    client.handle({ message: (message) => received.push(message) });
    for (const size of SIZES) client.send(payload(size));
    client.send('κόσμε 😀');
    await eventually(() => received.length === SIZES.length + 1);
    SIZES.forEach((size, i) => {
      expect(received[i]?.data.equals(payload(size)), String(size)).toBe(true);
    });
    expect([received.at(-1)?.kind, received.at(-1)?.text()]).toEqual(['text', 'κόσμε 😀']);
    const closed = new Promise((resolve) => client.handle({ close: resolve }));
    client.close(4002, 'bye');
    expect(await closed).toEqual({ code: 4002, reason: 'bye', wasClean: true });
  });

  it('when the server closes, and when it is cut', async () => {
    const { url, server } = await wsServer();
    const clients = [await connect(url), await connect(url)];
    const closes = clients.map((client) => new Promise((resolve) => client.handle({ close: resolve })));
    const [first, second] = server.clients;
    first?.close(1001, 'away');
    second?.terminate();
    expect(await closes[0]).toEqual({ code: 1001, reason: 'away', wasClean: true });
    expect(await closes[1]).toMatchObject({ code: 1006, wasClean: false });
  });
});

describe('wss', () => {
  async function certificate(): Promise<{ cert: string; key: string }> {
    const made = await generate([{ name: 'commonName', value: 'localhost' }], {
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
    });
    return { cert: made.cert, key: made.private };
  }

  it('works in both roles, and tells that it is encrypted', async () => {
    const seen: boolean[] = [];
    const { server, closed } = await listen({
      decide: ({ encrypted }) => {
        seen.push(encrypted);
        return { accept: true };
      },
    });
    const tls = await certificate();
    const { port } = await server.listen({ port: 0, host: '127.0.0.1', tls });
    const theirs = await wsClient(`wss://127.0.0.1:${port}/`, { rejectUnauthorized: false });
    theirs.send(payload(200_000));
    expect(payload(200_000).equals((await once(theirs, 'message'))[0])).toBe(true);
    theirs.close();
    await once(theirs, 'close');

    const ours = await connect(`wss://127.0.0.1:${port}/`, { tls: { ca: tls.cert } });
    const message = new Promise<Message>((resolve) => ours.handle({ message: resolve }));
    ours.send('over TLS');
    expect((await message).text()).toBe('over TLS');
    ours.close();
    expect(await closed(2)).toMatchObject({ code: 1000, wasClean: true });
    expect(seen).toEqual([true, true]);
  });

  it('an unknown certificate is refused by our client; the server tells, and ends what is half done', async () => {
    const { server, errors } = await listen();
    const { port } = await server.listen({ port: 0, host: '127.0.0.1', tls: await certificate() });
    await expect(connect(`wss://127.0.0.1:${port}/`)).rejects.toMatchObject({ code: 'connect-failed' });
    await expect(connect(`ws://127.0.0.1:${port}/`)).rejects.toMatchObject({ name: 'WireError' });
    await eventually(() => errors.some(({ code }) => code === 'tls-failed'));
    const { connect: dial } = await import('node:net');
    const half: net.Socket = dial(port, '127.0.0.1');
    half.on('error', () => undefined);
    await once(half, 'connect');
    await new Promise((resolve) => setTimeout(resolve, 20));
    await server.close();
    await once(half, 'close');
  });
});
