// The documented behaviour of the ws API, as one suite that both ws and ours go through: a difference between them that is
// not in docs/ws-compat.md shows up here.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { generate } from 'selfsigned';
import { describe, expect, it } from 'vitest';
import { FrameParser } from '../core/frame-parser.ts';
import { RSV1 } from '../core/opcode.ts';
import { atEnd, eventually } from '../testing/loopback.ts';
import { maskedFrame, RawPeer, upgradeRequest } from '../testing/raw-peer.ts';
import type * as ours from './ws.ts';

export type WsApi = Pick<typeof ours, 'WebSocket' | 'WebSocketServer' | 'createWebSocketStream' | 'Sender'>;
type Server = ours.WebSocketServer;
type Socket = ours.WebSocket;

export function wsContract(name: string, api: WsApi): void {
  const { WebSocket, WebSocketServer, createWebSocketStream } = api;

  async function listen(
    options: ours.ServerOptions = {},
  ): Promise<{ server: Server; url: string; port: number }> {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false, ...options });
    await once(server, 'listening');
    atEnd(() => {
      for (const client of server.clients ?? []) client.terminate();
      server.close();
    });
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    return { server, port, url: `ws://127.0.0.1:${port}` };
  }

  async function pair(
    serverOptions: ours.ServerOptions = {},
    clientOptions: ours.ClientOptions = {},
  ): Promise<{ theirs: Socket; client: Socket; server: Server; request: http.IncomingMessage }> {
    const { server, url } = await listen(serverOptions);
    const connected = once(server, 'connection');
    const client = new WebSocket(url, clientOptions);
    await once(client, 'open');
    const [theirs, request] = await connected;
    return { theirs, client, server, request };
  }

  describe(`${name}: a server`, () => {
    it('wants exactly one of port, server and noServer', () => {
      expect(() => new WebSocketServer({})).toThrow(TypeError);
      expect(() => new WebSocketServer({ port: 0, noServer: true })).toThrow(TypeError);
      expect(() => new WebSocketServer({ noServer: true }).address()).toThrow();
    });

    it('tells the request, keeps the clients and forgets them', async () => {
      const { client, server, theirs, request } = await pair();
      expect(request.url).toBe('/');
      expect(server.clients.has(theirs)).toBe(true);
      expect(theirs.readyState).toBe(WebSocket.OPEN);
      client.close();
      await once(theirs, 'close');
      expect(server.clients.size).toBe(0);
    });

    it('shows its options, with the defaults', () => {
      const { options } = new WebSocketServer({ noServer: true, maxPayload: 5 });
      expect(options).toMatchObject({ noServer: true, maxPayload: 5, clientTracking: true });
    });

    it('keeps no clients without clientTracking', () => {
      expect(new WebSocketServer({ noServer: true, clientTracking: false }).clients).toBeUndefined();
    });

    it('answers plain HTTP with 426 and another path with 400', async () => {
      const { url, port } = await listen({ path: '/chat' });
      const [response] = await once(http.get(`http://127.0.0.1:${port}/chat`), 'response');
      expect(response.statusCode).toBe(426);
      response.resume();
      const [error] = await once(new WebSocket(`${url}/other`), 'error');
      expect(error.message).toBe('Unexpected server response: 400');
      const client = new WebSocket(`${url}/chat?x=1`);
      await once(client, 'open');
      client.terminate();
    });

    it('lets the program add to the headers of the answer', async () => {
      const { server, url } = await listen();
      server.on('headers', (headers, request) => {
        expect(headers[0]).toBe('HTTP/1.1 101 Switching Protocols');
        headers.push('Set-Cookie: a=1', 'Set-Cookie: b=2', `X-Url: ${request.url}`);
      });
      const client = new WebSocket(`${url}/here`);
      const opened = once(client, 'open');
      const [response] = await once(client, 'upgrade');
      expect(response.headers['set-cookie']).toEqual(['a=1', 'b=2']);
      expect(response.headers['x-url']).toBe('/here');
      await opened;
      client.terminate();
    });

    it('asks verifyClient, at once or later', async () => {
      const strict = await listen({
        verifyClient: ({ origin, secure }) => origin === 'http://good' && !secure,
      });
      const [error] = await once(new WebSocket(strict.url, { origin: 'http://bad' }), 'error');
      expect(error.message).toBe('Unexpected server response: 401');
      const good = new WebSocket(strict.url, { origin: 'http://good' });
      await once(good, 'open');
      good.terminate();
      const later = await listen({
        verifyClient: (_info, answer) =>
          setImmediate(() => answer(false, 403, 'not you', { 'X-Why': 'because', 'Retry-After': 3 })),
      });
      const [, response] = await once(new WebSocket(later.url), 'unexpected-response');
      expect(response.statusCode).toBe(403);
      expect(response.headers).toMatchObject({ 'x-why': 'because', 'retry-after': '3' });
      const [body] = await once(response, 'data');
      expect(body.toString().trim()).toBe('not you');
    });

    it('agrees on a subprotocol: the first, or what handleProtocols says', async () => {
      const plain = await listen();
      const first = new WebSocket(plain.url, ['a', 'b']);
      await once(first, 'open');
      expect(first.protocol).toBe('a');
      first.terminate();
      const choosing = await listen({
        handleProtocols: (protocols, request) =>
          request.url === '/no' || ![...protocols].includes('b') ? false : 'b',
      });
      const second = new WebSocket(choosing.url, ['a', 'b']);
      await once(second, 'open');
      expect(second.protocol).toBe('b');
      second.terminate();
      const none = new WebSocket(`${choosing.url}/no`, ['a', 'b']);
      const [error] = await once(none, 'error');
      expect(error).toBeInstanceOf(Error);
    });

    it('runs on a given HTTP server and leaves it alone when it closes', async () => {
      const httpServer = http.createServer();
      const server = new WebSocketServer({ server: httpServer });
      httpServer.listen(0, '127.0.0.1');
      await once(server, 'listening');
      atEnd(() => void httpServer.close());
      const port = (httpServer.address() as net.AddressInfo).port;
      const client = new WebSocket(`ws://127.0.0.1:${port}`);
      await once(client, 'open');
      let isClosed = false;
      server.close(() => {
        isClosed = true;
      });
      await new Promise(setImmediate);
      expect(isClosed).toBe(false);
      expect(httpServer.listening).toBe(true);
      expect(httpServer.listenerCount('upgrade')).toBe(0);
      client.close();
      await once(client, 'close');
      await eventually(() => isClosed);
      const error = await new Promise((resolve) => server.close(resolve));
      expect(error).toBeInstanceOf(Error);
    });

    it('without a server of its own takes upgrades one by one, as its subclass of WebSocket', async () => {
      class Mine extends WebSocket {
        readonly mine = true;
      }
      const server = new WebSocketServer({ noServer: true, WebSocket: Mine, clientTracking: false });
      const httpServer = http.createServer();
      httpServer.on('upgrade', (request, socket, head) => {
        server.handleUpgrade(request, socket, head, (websocket, same) => {
          expect(same).toBe(request);
          websocket.send(String(websocket instanceof Mine && websocket.mine));
          expect(() => server.handleUpgrade(request, socket, head, () => undefined)).toThrow();
        });
      });
      httpServer.listen(0, '127.0.0.1');
      await once(httpServer, 'listening');
      const client = new WebSocket(`ws://127.0.0.1:${(httpServer.address() as net.AddressInfo).port}`);
      const [data, isBinary] = await once(client, 'message');
      expect([data.toString(), isBinary]).toEqual(['true', false]);
      client.terminate();
      httpServer.close();
    });

    it('refuses with 503 once it is closed', async () => {
      const server = new WebSocketServer({ noServer: true });
      server.close();
      await once(server, 'close');
      const httpServer = http.createServer();
      httpServer.on('upgrade', (request, socket, head) =>
        server.handleUpgrade(request, socket, head, () => undefined),
      );
      httpServer.listen(0, '127.0.0.1');
      await once(httpServer, 'listening');
      const client = new WebSocket(`ws://127.0.0.1:${(httpServer.address() as net.AddressInfo).port}`);
      const [error] = await once(client, 'error');
      expect(error.message).toBe('Unexpected server response: 503');
      httpServer.close();
    });

    it.each([
      ['Upgrade: websocket', 'Upgrade: other', 400, 'Invalid Upgrade header'],
      ['Key: dG', 'Key: ', 400, 'Missing or invalid Sec-WebSocket-Key header'],
      ['Version: 13', 'Version: 12', 400, 'Missing or invalid Sec-WebSocket-Version header'],
      ['GET', 'POST', 405, 'Invalid HTTP method'],
      [
        'Sec-WebSocket-V',
        'Sec-WebSocket-Protocol: a,,b\r\nSec-WebSocket-V',
        400,
        'Invalid Sec-WebSocket-Protocol header',
      ],
    ])('refuses %s become %s by %i', async (right, wrong, status, sentence) => {
      const { port } = await listen();
      const peer = await RawPeer.dial(port);
      peer.socket.write(upgradeRequest().replace(right, wrong));
      const answer = (await peer.untilEnd()).toString();
      expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      expect(answer.endsWith(`\r\n\r\n${sentence}`)).toBe(true);
      peer.socket.destroy();
    });

    it('speaks version 8 of the drafts', async () => {
      const { server, url } = await listen({ verifyClient: ({ origin }) => origin === 'http://o' });
      const connected = once(server, 'connection');
      const client = new WebSocket(url, { protocolVersion: 8, origin: 'http://o' });
      await once(client, 'open');
      const [, request] = await connected;
      expect(request.headers).toMatchObject({
        'sec-websocket-version': '8',
        'sec-websocket-origin': 'http://o',
      });
      client.terminate();
    });

    it("a subprotocol that nobody offered is the client's to refuse", async () => {
      const { url } = await listen({ handleProtocols: () => 'c' });
      const [error] = await once(new WebSocket(url, ['a', 'b']), 'error');
      expect(error.message).toBe('Server sent an invalid subprotocol');
    });

    it('hands a bad handshake to wsClientError, where somebody listens', async () => {
      const { server, port } = await listen();
      const bad = upgradeRequest().replace(/Sec-WebSocket-Key: .*/, 'Sec-WebSocket-Key: short');
      const refused = await RawPeer.dial(port);
      refused.socket.write(bad);
      expect((await refused.untilEnd()).toString()).toMatch(/^HTTP\/1\.1 400 /);
      server.on('wsClientError', (error, socket, request) => {
        expect(error).toBeInstanceOf(Error);
        expect(request.headers['sec-websocket-key']).toBe('short');
        socket.end('HTTP/1.1 418 No\r\n\r\n');
      });
      const told = await RawPeer.dial(port);
      told.socket.write(bad);
      expect((await told.untilEnd()).toString()).toMatch(/^HTTP\/1\.1 418 /);
      told.socket.destroy();
      refused.socket.destroy();
    });

    it('fails loudly when the port is taken', async () => {
      const { port } = await listen();
      const second = new WebSocketServer({ port, host: '127.0.0.1' });
      const [error] = await once(second, 'error');
      expect(error.code).toBe('EADDRINUSE');
    });
  });

  describe(`${name}: messages`, () => {
    it('carries every type of data', async () => {
      const { client, theirs } = await pair();
      const got: string[] = [];
      theirs.on('message', (data, isBinary) => {
        got.push(`${isBinary ? 'binary' : 'text'} ${Buffer.isBuffer(data) ? data.toString('hex') : ''}`);
      });
      const bytes = Uint8Array.of(1, 2, 3, 4);
      client.send('é');
      client.send(42);
      client.send(Buffer.from(bytes));
      client.send(bytes.buffer);
      client.send(bytes.subarray(1, 3));
      client.send(new Uint16Array(bytes.buffer, 2));
      client.send(new DataView(bytes.buffer, 1, 1));
      client.send([5, 6]);
      client.send(new Blob(['blob']));
      client.send('after the blob');
      client.send(Buffer.from('as text'), { binary: false });
      client.send('as bytes', { binary: true });
      client.send('');
      client.send(undefined);
      await eventually(() => got.length === 14);
      const hex = (text: string): string => Buffer.from(text).toString('hex');
      expect(got).toEqual([
        `text ${hex('é')}`,
        `text ${hex('42')}`,
        'binary 01020304',
        'binary 01020304',
        'binary 0203',
        'binary 0304',
        'binary 02',
        'binary 0506',
        `binary ${hex('blob')}`,
        `text ${hex('after the blob')}`,
        `text ${hex('as text')}`,
        `binary ${hex('as bytes')}`,
        'text ',
        'binary ',
      ]);
      expect(() => client.send({} as never)).toThrow(TypeError);
    });

    it('hands binary out as binaryType says, and text as a Buffer', async () => {
      const { client, theirs } = await pair();
      theirs.on('message', (data, isBinary) => theirs.send(data, { binary: isBinary }));
      const ask = async (data: string | Buffer): Promise<unknown> => {
        const answer = once(client, 'message');
        client.send(data);
        return (await answer)[0];
      };
      const bytes = Buffer.from('bytes');
      expect(client.binaryType).toBe('nodebuffer');
      expect(await ask(bytes)).toEqual(bytes);
      client.binaryType = 'arraybuffer';
      const buffer = await ask(bytes);
      expect(buffer).toBeInstanceOf(ArrayBuffer);
      expect(Buffer.from(buffer as ArrayBuffer).toString()).toBe('bytes');
      expect(Buffer.isBuffer(await ask('text'))).toBe(true);
      client.binaryType = 'fragments';
      expect(await ask(bytes)).toEqual([bytes]);
      client.binaryType = 'blob';
      expect(await ((await ask(bytes)) as Blob).text()).toBe('bytes');
    });

    it('sends fragments, with a ping between them', async () => {
      const { client, theirs } = await pair();
      const got: string[] = [];
      theirs.on('ping', (data) => got.push(`ping ${data}`));
      theirs.on('message', (data, isBinary) => got.push(`${isBinary} ${data}`));
      client.send('a', { fin: false });
      client.send('b', { fin: false });
      client.ping('p');
      client.send('c', { fin: true });
      client.send(Buffer.from('d'), { fin: false });
      client.send(Buffer.from('e'));
      client.send('f');
      await eventually(() => got.length === 4);
      expect(got).toEqual(['ping p', 'false abc', 'true de', 'false f']);
    });

    it('calls back when it is sent, with an error when it is too late, and throws before it is open', async () => {
      const { server, url } = await listen();
      const client = new WebSocket(url);
      expect(client.readyState).toBe(WebSocket.CONNECTING);
      expect(() => client.send('x')).toThrow();
      expect(() => client.ping()).toThrow();
      await once(client, 'open');
      expect(await new Promise((resolve) => client.send('x', resolve))).toBeFalsy();
      expect(await new Promise((resolve) => client.send('x', { binary: true }, resolve))).toBeFalsy();
      expect(await new Promise((resolve) => client.ping('x', true, resolve))).toBeFalsy();
      expect(await new Promise((resolve) => client.pong(resolve))).toBeFalsy();
      client.close();
      const error = await new Promise<Error | undefined>((resolve) => client.send('12345', resolve));
      expect(error?.message).toMatch(/^WebSocket is not open: readyState [23] \((CLOSING|CLOSED)\)$/);
      await once(client, 'close');
      expect(client.bufferedAmount).toBe(5);
      expect(server.clients.size).toBeLessThan(2);
    });

    it('answers pings, unless autoPong is off', async () => {
      const { client, theirs } = await pair({ autoPong: false });
      client.ping('unanswered');
      const [payload] = await once(theirs, 'ping');
      expect(payload.toString()).toBe('unanswered');
      theirs.ping('answer me');
      const [pong] = await once(theirs, 'pong');
      expect(pong.toString()).toBe('answer me');
      const unasked = once(client, 'pong');
      theirs.pong('unasked');
      expect((await unasked)[0].toString()).toBe('unasked');
      expect(() => client.ping(Buffer.alloc(126))).toThrow(RangeError);
    });

    it('cuts who pings faster than the pongs can leave', async () => {
      const { theirs, client } = await pair({ maxPendingAutoPongs: 3 });
      const got: string[] = [];
      theirs.on('ping', (data) => got.push(String(data)));
      client._socket?.cork();
      for (let i = 0; i < 5; i++) client.ping(String(i));
      client._socket?.uncork();
      const [code] = await once(theirs, 'close');
      expect(code).toBe(1006);
      expect(got.slice(0, 4)).toEqual(['0', '1', '2', '3']);
    });

    it('sends Blobs as pings', async () => {
      const { theirs, client } = await pair();
      const got: string[] = [];
      theirs.on('ping', (data) => got.push(String(data)));
      client.ping(new Blob(['blob']));
      client.ping('after it');
      await eventually(() => got.length === 2);
      expect(got).toEqual(['blob', 'after it']);
    });

    it('pauses and resumes', async () => {
      const { client, theirs } = await pair();
      const got: string[] = [];
      client.on('message', (data) => got.push(String(data)));
      client.pause();
      expect(client.isPaused).toBe(true);
      await new Promise<unknown>((resolve) => theirs.send('waits', resolve));
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(got).toEqual([]);
      client.resume();
      expect(client.isPaused).toBe(false);
      await eventually(() => got.length === 1);
    });

    it('pauses and resumes by its socket, too', async () => {
      const { client, theirs } = await pair();
      const got: string[] = [];
      client.on('message', (data) => got.push(String(data)));
      client.pause();
      expect(client._socket?.isPaused()).toBe(true);
      client.resume();
      expect(client._socket?.isPaused()).toBe(false);
      client._socket?.pause();
      await new Promise<unknown>((resolve) => theirs.send('waits', resolve));
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(got).toEqual([]);
      client._socket?.resume();
      await eventually(() => got.length === 1);
    });

    it('tells one event a turn with allowSynchronousEvents: false', async () => {
      const { client, theirs } = await pair({}, { allowSynchronousEvents: false });
      let count = 0;
      let isSameTurn = false;
      client.on('message', () => {
        expect(isSameTurn).toBe(false);
        count += 1;
        isSameTurn = true;
        queueMicrotask(() => {
          isSameTurn = false;
        });
      });
      for (const text of ['a', 'b', 'c']) theirs.send(text);
      await eventually(() => count === 3);
    });
  });

  describe(`${name}: the end`, () => {
    const closings: readonly { close: [number?, (string | Buffer)?]; code: number; reason: string }[] = [
      { close: [], code: 1005, reason: '' },
      { close: [1000], code: 1000, reason: '' },
      { close: [4001, 'bye ü'], code: 4001, reason: 'bye ü' },
      { close: [3000, Buffer.from('buffer')], code: 3000, reason: 'buffer' },
    ];
    it.each(closings)('close($close) is told on both sides', async ({ close, code, reason }) => {
      const { client, theirs } = await pair();
      const ends = Promise.all([once(client, 'close'), once(theirs, 'close')]);
      const [given, words] = close;
      client.close(given, words);
      expect(client.readyState).toBe(WebSocket.CLOSING);
      for (const [gotCode, gotReason] of await ends) {
        expect(gotCode).toBe(code);
        expect(Buffer.isBuffer(gotReason)).toBe(true);
      }
      expect((await ends)[1][1].toString()).toBe(reason);
      expect([client.readyState, theirs.readyState]).toEqual([WebSocket.CLOSED, WebSocket.CLOSED]);
    });

    it('[W85] messages on their way when close is called still arrive', async () => {
      const { client, theirs } = await pair();
      const got: string[] = [];
      client.on('message', (data) => got.push(String(data)));
      client.close(1000);
      theirs.send('on its way');
      theirs.send('this too');
      await once(client, 'close');
      expect(got).toEqual(['on its way', 'this too']);
    });

    it('refuses codes and reasons that must not be sent', async () => {
      const { client } = await pair();
      for (const code of [999, 1004, 1005, 1006, 5000]) expect(() => client.close(code)).toThrow(TypeError);
      expect(() => client.close(1000, 'x'.repeat(124))).toThrow(RangeError);
      expect(client.readyState).toBe(WebSocket.OPEN);
    });

    it('what was sent before terminate still leaves', async () => {
      const { client, theirs } = await pair();
      const got: string[] = [];
      theirs.on('message', (data) => got.push(String(data)));
      client.send('last words');
      client.terminate();
      await once(theirs, 'close');
      expect(got).toEqual(['last words']);
    });

    it('[W102] the other side of an error reads no reason', async () => {
      const { client, theirs } = await pair({ maxPayload: 3 });
      theirs.on('error', () => undefined);
      client.send('long');
      const [code, reason] = await once(client, 'close');
      expect([code, reason.toString()]).toEqual([1009, '']);
    });

    it('terminate cuts: 1006', async () => {
      const { client, theirs } = await pair();
      client.terminate();
      expect(client.readyState).toBe(WebSocket.CLOSING);
      const ends = await Promise.all([once(client, 'close'), once(theirs, 'close')]);
      expect(ends.map(([code]) => code)).toEqual([1006, 1006]);
    });

    it('a server with a port of its own is closed when everybody is gone', async () => {
      const { client, theirs, server } = await pair();
      const order: string[] = [];
      server.on('close', () => order.push('event'));
      const closed = new Promise<unknown>((resolve) => {
        server.close((error) => {
          order.push(`callback ${error}`);
          resolve(error);
        });
      });
      expect(server.address()).toBeNull();
      theirs.close(1001, 'going');
      const [code, reason] = await once(client, 'close');
      expect([code, reason.toString()]).toEqual([1001, 'going']);
      await closed;
      expect(order).toEqual(expect.arrayContaining(['event', 'callback undefined']));
    });

    it('cuts who does not answer a close within closeTimeout', async () => {
      const { server, port } = await listen({ closeTimeout: 40 });
      const connected = once(server, 'connection');
      const peer = await RawPeer.upgrade(port);
      const [theirs] = await connected;
      theirs.close(1000);
      const [code] = await once(theirs, 'close');
      expect(code).toBe(1006);
      peer.socket.destroy();
    });

    it('TCP that ends without a Close frame is 1006, and no error', async () => {
      const { server, port } = await listen();
      for (const end of ['end', 'resetAndDestroy'] as const) {
        const connected = once(server, 'connection');
        const peer = await RawPeer.upgrade(port);
        const [theirs] = await connected;
        const errors: unknown[] = [];
        theirs.on('error', (error: unknown) => errors.push(error));
        peer.socket[end]();
        const [code] = await once(theirs, 'close');
        expect([code, errors]).toEqual([1006, []]);
      }
    });

    it('closing before it is open is an error, then 1006', async () => {
      const { url } = await listen();
      for (const end of ['close', 'terminate'] as const) {
        const client = new WebSocket(url);
        const events: string[] = [];
        client.on('error', ({ message }) => events.push(message));
        client.on('close', (code) => events.push(String(code)));
        client[end]();
        expect([client.readyState, events.length]).toEqual([WebSocket.CLOSING, 0]);
        await eventually(() => events.length === 2);
        expect(events).toEqual(['WebSocket was closed before the connection was established', '1006']);
        expect(client.readyState).toBe(WebSocket.CLOSED);
      }
    });

    it.each([
      ['WS_ERR_INVALID_OPCODE', 1002, Buffer.from('8300', 'hex')],
      ['WS_ERR_INVALID_OPCODE', 1002, maskedFrame({ opcode: 0x0 })],
      ['WS_ERR_UNEXPECTED_RSV_1', 1002, maskedFrame({ opcode: 0x1, rsv: 4 })],
      ['WS_ERR_UNEXPECTED_RSV_2_3', 1002, maskedFrame({ opcode: 0x1, rsv: 2 })],
      ['WS_ERR_EXPECTED_FIN', 1002, maskedFrame({ opcode: 0x9, fin: false })],
      ['WS_ERR_EXPECTED_MASK', 1002, Buffer.from('810161', 'hex')],
      ['WS_ERR_INVALID_CONTROL_PAYLOAD_LENGTH', 1002, Buffer.from('89fe00ff00000000', 'hex')],
      ['WS_ERR_INVALID_CLOSE_CODE', 1002, maskedFrame({ opcode: 0x8, payload: Buffer.from('03ed', 'hex') })],
      ['WS_ERR_INVALID_UTF8', 1007, maskedFrame({ opcode: 0x1, payload: Buffer.from('ff', 'hex') })],
      ['WS_ERR_UNSUPPORTED_MESSAGE_LENGTH', 1009, maskedFrame({ opcode: 0x2, payload: Buffer.alloc(65) })],
    ])(
      '[W102] %s is told by error and then 1006, and the other side reads %i',
      async (code, status, bytes) => {
        const { server, port } = await listen({ maxPayload: 64 });
        const connected = once(server, 'connection');
        const peer = await RawPeer.upgrade(port);
        const [theirs] = await connected;
        const events: string[] = [];
        theirs.on('error', (error: Error & { code?: string }) => events.push(String(error.code)));
        theirs.on('close', (ended: number, reason: Buffer) => events.push(`${ended}${reason}`));
        peer.socket.write(bytes);
        await peer.untilEnd();
        expect(events[0]).toBe(code);
        peer.socket.end();
        await eventually(() => events.length === 2);
        expect(events).toEqual([code, '1006']);
        expect(peer.frames().at(-1)).toBe(`8:${status}`);
      },
    );
  });

  describe(`${name}: compression`, () => {
    it('is offered by clients and taken by servers that are told to', async () => {
      const cases: readonly (readonly [ours.ServerOptions, ours.ClientOptions, string])[] = [
        [{}, {}, ''],
        [{ perMessageDeflate: true }, {}, 'permessage-deflate'],
        [{ perMessageDeflate: {} }, { perMessageDeflate: false }, ''],
        [{ perMessageDeflate: false }, { perMessageDeflate: true }, ''],
      ];
      for (const [serverOptions, clientOptions, extensions] of cases) {
        const { client, theirs } = await pair(serverOptions, clientOptions);
        expect([client.extensions, theirs.extensions]).toEqual([extensions, extensions]);
        client.terminate();
      }
    });

    it('says what the options say', async () => {
      const { server, url } = await listen({
        perMessageDeflate: { clientMaxWindowBits: 10, serverNoContextTakeover: true, concurrencyLimit: 1 },
      });
      const connected = once(server, 'connection');
      const client = new WebSocket(url, { perMessageDeflate: { serverMaxWindowBits: 11 } });
      const opened = once(client, 'open');
      const [response] = await once(client, 'upgrade');
      await opened;
      const [, request] = await connected;
      expect(request.headers['sec-websocket-extensions']).toBe(
        'permessage-deflate; server_max_window_bits=11; client_max_window_bits',
      );
      const agreed = String(response.headers['sec-websocket-extensions']).split('; ');
      expect(agreed.toSorted()).toEqual([
        'client_max_window_bits=10',
        'permessage-deflate',
        'server_max_window_bits=11',
        'server_no_context_takeover',
      ]);
      client.terminate();
    });

    it.each([
      { perMessageDeflate: { threshold: 0 } },
      { perMessageDeflate: { serverNoContextTakeover: true, clientNoContextTakeover: true, threshold: 0 } },
      { perMessageDeflate: { zlibDeflateOptions: { level: 9, memLevel: 9 }, serverMaxWindowBits: 9 } },
    ])('carries messages whole, in parts and as Blobs, in order: %o', async (options) => {
      const { client, theirs } = await pair(options, options);
      const got: string[] = [];
      theirs.on('message', (data, isBinary) => theirs.send(data, { binary: isBinary }));
      client.on('message', (data, isBinary) => got.push(`${isBinary} ${data}`));
      const long = 'again and '.repeat(2000);
      client.send(long);
      client.send(long, { compress: false });
      client.send('', { fin: false });
      client.send(long, { fin: false });
      client.ping();
      client.send('end');
      client.send(new Blob(['blob']));
      client.send('');
      client.send(Buffer.from(long), { binary: false });
      await eventually(() => got.length === 6);
      expect(got).toEqual([
        `false ${long}`,
        `false ${long}`,
        `false ${long}end`,
        'true blob',
        'false ',
        `false ${long}`,
      ]);
    });

    it.each([
      // Without a history the threshold counts, with one it does not; the first part of a message decides.
      ['permessage-deflate; server_no_context_takeover', 10, ['1', '1c', '1+', '0', '1c+', '0']],
      ['permessage-deflate', 10, ['1c', '1c', '1c+', '0', '1c+', '0']],
    ] as const)('%s, threshold %i', async (offer, threshold, expected) => {
      const { server, port } = await listen({ perMessageDeflate: { threshold } });
      const connected = once(server, 'connection');
      const peer = await RawPeer.upgrade(port, [`Sec-WebSocket-Extensions: ${offer}`]);
      const [theirs] = await connected;
      theirs.send('short');
      theirs.send('long enough, long enough');
      theirs.send('short', { fin: false });
      theirs.send('long enough, long enough');
      theirs.send('long enough, long enough', { fin: false });
      theirs.send('short');
      await peer.until(() => kindsOf(peer).length === expected.length);
      expect(kindsOf(peer)).toEqual(expected);
      peer.socket.destroy();
    });

    it('refuses what is no DEFLATE, and what inflates to too much', async () => {
      for (const [payload, maxPayload, code, status] of [
        ['22faec78', 100, 'Z_DATA_ERROR', 1007],
        [deflateRawSync(Buffer.alloc(101)).toString('hex'), 100, 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH', 1009],
      ] as const) {
        const { server, port } = await listen({ perMessageDeflate: true, maxPayload });
        const connected = once(server, 'connection');
        const peer = await RawPeer.upgrade(port, ['Sec-WebSocket-Extensions: permessage-deflate']);
        const [theirs] = await connected;
        const failed = once(theirs, 'error');
        peer.socket.write(maskedFrame({ opcode: 2, rsv: 4, payload: Buffer.from(payload, 'hex') }));
        const [error] = await failed;
        expect([error.code, error.errno]).toEqual([code, status === 1007 ? -3 : undefined]);
        await peer.untilEnd();
        expect(peer.frames().at(-1)).toBe(`8:${status}`);
        peer.socket.destroy();
      }
    });

    it('takes a message that inflates a thousandfold, where maxPayload lets it', async () => {
      const { client, theirs } = await pair({ perMessageDeflate: true });
      client.send(Buffer.alloc(4_000_000));
      expect((await once(theirs, 'message'))[0]).toHaveLength(4_000_000);
    });
  });

  describe(`${name}: a client`, () => {
    it('refuses addresses, versions and subprotocols that cannot be', () => {
      for (const address of ['nonsense', 'ftp://x', 'ws://x/#y']) {
        expect(() => new WebSocket(address)).toThrow(SyntaxError);
      }
      expect(() => new WebSocket('ws://x', ['a', 'a'])).toThrow(SyntaxError);
      expect(() => new WebSocket('ws://x', 'a b')).toThrow(SyntaxError);
      expect(() => new WebSocket('ws://x', { protocolVersion: 7 })).toThrow(RangeError);
    });

    it('sends headers, origin and credentials', async () => {
      const { server, url } = await listen();
      const connected = once(server, 'connection');
      const client = new WebSocket(url.replace('//', '//user:p%20w@'), {
        headers: { 'X-A': 'b' },
        origin: 'http://o',
      });
      await once(client, 'open');
      const [, request] = await connected;
      expect(request.headers).toMatchObject({
        'x-a': 'b',
        origin: 'http://o',
        authorization: `Basic ${Buffer.from('user:p w').toString('base64')}`,
        'sec-websocket-version': '13',
      });
      client.terminate();
    });

    it('tells a refusal, a failed dial and a time-out by error and close', async () => {
      const deaf = net.createServer(() => undefined).listen(0, '127.0.0.1');
      await once(deaf, 'listening');
      const deafPort = (deaf.address() as net.AddressInfo).port;
      const cases: [string, ours.ClientOptions, RegExp][] = [
        ['ws://127.0.0.1:1', {}, /ECONNREFUSED/],
        [`ws://127.0.0.1:${deafPort}`, { handshakeTimeout: 30 }, /timed out/],
      ];
      for (const [url, options, message] of cases) {
        const client = new WebSocket(url, options);
        const closed = once(client, 'close').catch(() => undefined);
        const events: string[] = [];
        client.on('error', (error) => events.push(error.message));
        client.on('close', (code) => events.push(String(code)));
        await closed;
        await eventually(() => events.length === 2);
        expect(events[0]).toMatch(message);
        expect(events[1]).toBe('1006');
      }
      deaf.close();
    });

    it('follows redirects when told to, without handing secrets on, and not without end', async () => {
      const { server, url } = await listen();
      const hops = http.createServer((request, response) => {
        response.writeHead(302, { Location: request.url === '/loop' ? '/loop' : `${url}/end` }).end();
      });
      hops.listen(0, '127.0.0.1');
      await once(hops, 'listening');
      atEnd(() => void hops.close());
      const start = `ws://127.0.0.1:${(hops.address() as net.AddressInfo).port}`;
      const [error] = await once(new WebSocket(`${start}/x`), 'error');
      expect(error.message).toBe('Unexpected server response: 302');
      const [tooMany] = await once(
        new WebSocket(`${start}/loop`, { followRedirects: true, maxRedirects: 2 }),
        'error',
      );
      expect(tooMany.message).toBe('Maximum redirects exceeded');
      const connected = once(server, 'connection');
      const client = new WebSocket(`${start}/x`, {
        followRedirects: true,
        headers: { Authorization: 'secret', Cookie: 'secret', 'X-Kept': 'yes' },
      });
      await once(client, 'open');
      const [, request] = await connected;
      expect(client.url).toBe(`${url}/end`);
      expect(request.headers).toMatchObject({ 'x-kept': 'yes' });
      expect([request.headers.authorization, request.headers.cookie]).toEqual([undefined, undefined]);
      client.terminate();
      const again = once(server, 'connection');
      const watched = new WebSocket(`${start}/x`, {
        followRedirects: true,
        headers: { Cookie: 'a=1', 'X-B': 'c' },
      });
      const redirects: string[] = [];
      watched.on('redirect', (to, redirected) => {
        redirects.push(`${to} ${redirected.getHeader('Cookie')}`);
        redirected.removeHeader('X-B');
      });
      await once(watched, 'open');
      expect(redirects).toEqual([`${url}/end a=1`]);
      expect((await again)[1].headers['x-b']).toBeUndefined();
      watched.terminate();
    });

    it('speaks over TLS, over a socket of the file system, and by an agent', async () => {
      const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }]);
      const secure = https.createServer({ key, cert });
      const folder = mkdtempSync(join(tmpdir(), 'wireroom-ws-'));
      const file = http.createServer();
      secure.listen(0, '127.0.0.1');
      file.listen(join(folder, 'socket'));
      await Promise.all([once(secure, 'listening'), once(file, 'listening')]);
      atEnd(() => {
        secure.close();
        file.close();
        rmSync(folder, { recursive: true });
      });
      for (const server of [secure, file]) {
        new WebSocketServer({ server }).on('connection', (theirs, request) => theirs.send(request.url ?? ''));
      }
      const { port } = secure.address() as net.AddressInfo;
      const [refused] = await once(new WebSocket(`wss://127.0.0.1:${port}`), 'error');
      expect(refused.code).toMatch(/SELF_SIGNED|DEPTH_ZERO/);
      const agent = new https.Agent({ rejectUnauthorized: false });
      const clients = [
        new WebSocket(`wss://127.0.0.1:${port}/tls?a=b`, { rejectUnauthorized: false }),
        new WebSocket(`wss://127.0.0.1:${port}/agent`, { agent }),
        new WebSocket(`ws+unix:${join(folder, 'socket')}:/file?c=d`),
      ];
      const answers = await Promise.all(clients.map((client) => once(client, 'message')));
      expect(answers.map(([data]) => data.toString())).toEqual(['/tls?a=b', '/agent', '/file?c=d']);
      for (const client of clients) client.terminate();
    });

    it('keeps the credentials of the first address', async () => {
      const { server, url } = await listen();
      const hop = http.createServer((_request, response) =>
        response.writeHead(302, { Location: url.replace('//', '//other:secret@') }).end(),
      );
      hop.listen(0, '127.0.0.1');
      await once(hop, 'listening');
      atEnd(() => void hop.close());
      const { port } = hop.address() as net.AddressInfo;
      for (const [isWatched, user] of [
        [true, 'first:one'],
        [false, undefined],
      ] as const) {
        const connected = once(server, 'connection');
        const client = new WebSocket(`ws://first:one@127.0.0.1:${port}`, { followRedirects: true });
        if (isWatched) client.on('redirect', () => undefined);
        await once(client, 'open');
        const expected = user && `Basic ${Buffer.from(user).toString('base64')}`;
        expect((await connected)[1].headers.authorization).toBe(expected);
        client.terminate();
      }
    });

    it('lets finishRequest change the request', async () => {
      const { server, url } = await listen();
      const connected = once(server, 'connection');
      const client = new WebSocket(url, {
        finishRequest(request, websocket) {
          expect(websocket.readyState).toBe(WebSocket.CONNECTING);
          request.setHeader('X-Late', 'yes');
          request.end();
        },
      });
      await once(client, 'open');
      expect((await connected)[1].headers['x-late']).toBe('yes');
      client.terminate();
    });

    it('can be closed by a listener of upgrade, of redirect, and of headers on the other side', async () => {
      const { server, url } = await listen();
      const hop = http.createServer((_request, response) => response.writeHead(301, { Location: url }).end());
      hop.listen(0, '127.0.0.1');
      await once(hop, 'listening');
      atEnd(() => void hop.close());
      const start = `ws://127.0.0.1:${(hop.address() as net.AddressInfo).port}`;
      const clients = [
        new WebSocket(url).on('upgrade', () => clients[0]?.close()),
        new WebSocket(start, { followRedirects: true }).on('redirect', () => clients[1]?.terminate()),
        new WebSocket(`${url}/headers`),
      ];
      server.on('headers', (_lines, request) => request.url === '/headers' && clients[2]?.close());
      const ends = clients.map(async (client) => {
        const closed = new Promise((resolve) => client.on('close', resolve));
        const [error] = await once(client, 'error');
        return [error.message, await closed];
      });
      const end = ['WebSocket was closed before the connection was established', 1006];
      expect(await Promise.all(ends)).toEqual([end, end, end]);
    });

    it('does not accept an answer for another key', async () => {
      const liar = http.createServer();
      liar.on('upgrade', (_request, socket) => {
        socket.write(
          'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n',
        );
      });
      liar.listen(0, '127.0.0.1');
      await once(liar, 'listening');
      const client = new WebSocket(`ws://127.0.0.1:${(liar.address() as net.AddressInfo).port}`);
      await expect(once(client, 'open')).rejects.toThrow(/Sec-WebSocket-Accept/);
      liar.close();
    });
  });

  describe(`${name}: listeners as in a browser`, () => {
    it('gives events to on… properties and to listeners, once where asked', async () => {
      const { url, server } = await listen();
      server.on('connection', (theirs) => {
        theirs.send('text');
        theirs.send(Buffer.from('bytes'));
        theirs.close(4000, 'done');
      });
      const client = new WebSocket(url);
      const log: string[] = [];
      const first = ({ data }: { data: unknown }): number => log.push(`once ${data}`);
      const removed = (): number => log.push('never');
      client.addEventListener('message', first, { once: true });
      client.addEventListener('message', removed);
      client.removeEventListener('message', removed);
      client.addEventListener('open', { handleEvent: ({ type }) => void log.push(`object ${type}`) });
      client.onopen = ({ type, target }) => log.push(`${type} ${target === client}`);
      client.onmessage = () => log.push('replaced');
      client.onmessage = ({ data }) => log.push(`${typeof data} ${data}`);
      client.onclose = ({ code, reason, wasClean }) => log.push(`${code} ${reason} ${wasClean}`);
      expect(typeof client.onclose).toBe('function');
      expect(client.onerror).toBeNull();
      await once(client, 'close');
      expect(log).toEqual([
        'object open',
        'open true',
        'once text',
        'string text',
        'object bytes',
        '4000 done true',
      ]);
      const failing = new WebSocket('ws://127.0.0.1:1');
      const failed = await new Promise<{ error: unknown; message: string }>((resolve) => {
        failing.onerror = resolve;
      });
      expect(failed.error).toBeInstanceOf(Error);
      expect(failed.message).toMatch(/ECONNREFUSED/);
    });

    it('forgets listeners that removeAllListeners took away', async () => {
      const { client, theirs } = await pair();
      const log: string[] = [];
      const listener = ({ data }: { data: unknown }): number => log.push(String(data));
      client.addEventListener('message', listener);
      client.addEventListener('message', listener);
      client.onmessage = listener;
      client.removeAllListeners('message');
      expect(client.onmessage).toBeNull();
      client.addEventListener('message', listener);
      theirs.send('once');
      await once(client, 'message');
      expect(log).toEqual(['once']);
    });

    it('shows its attributes when properties are listed', () => {
      const names = [
        'binaryType',
        'bufferedAmount',
        'extensions',
        'isPaused',
        'protocol',
        'readyState',
        'url',
      ];
      for (const name of [...names, 'onclose', 'onerror', 'onmessage', 'onopen']) {
        expect(Object.getOwnPropertyDescriptor(WebSocket.prototype, name)?.enumerable).toBe(true);
      }
      expect(Object.getOwnPropertyDescriptor(WebSocket, 'OPEN')).toEqual({
        configurable: false,
        enumerable: true,
        value: 1,
        writable: false,
      });
    });

    it('bears the constants of its states', () => {
      for (const [state, value] of [
        ['CONNECTING', 0],
        ['OPEN', 1],
        ['CLOSING', 2],
        ['CLOSED', 3],
      ] as const) {
        expect(WebSocket[state]).toBe(value);
        expect(WebSocket.prototype[state]).toBe(value);
      }
      expect(WebSocket.WebSocketServer).toBe(WebSocketServer);
      expect(WebSocket.Server).toBe(WebSocketServer);
      expect(WebSocket.createWebSocketStream).toBe(createWebSocketStream);
    });
  });

  describe(`${name}: a stream`, () => {
    it('echoes more than fits into its buffers, and ends with the socket', async () => {
      const { server, url } = await listen();
      server.on('connection', (theirs) => {
        const stream = createWebSocketStream(theirs);
        stream.on('error', () => undefined);
        stream.pipe(stream);
      });
      const client = new WebSocket(url);
      const stream = createWebSocketStream(client);
      const sent = Buffer.alloc(2_000_000, 'stream ');
      const pieces: Buffer[] = [];
      stream.on('data', (chunk) => {
        pieces.push(chunk);
        if (pieces.reduce((sum, { length }) => sum + length, 0) === sent.length) stream.end();
      });
      for (let at = 0; at < sent.length; at += 50_000) stream.write(sent.subarray(at, at + 50_000));
      await once(stream, 'close');
      expect(Buffer.concat(pieces).equals(sent)).toBe(true);
      expect(client.readyState).toBe(WebSocket.CLOSED);
    });

    it('still reads what is on its way after its writing side has ended', async () => {
      const { server, url } = await listen();
      const sent = Buffer.alloc(3_000_000, 'all of it ');
      server.on('connection', (theirs) => theirs.send(sent));
      const stream = createWebSocketStream(new WebSocket(url));
      stream.end('last words');
      const pieces: Buffer[] = [];
      for await (const piece of stream) pieces.push(piece);
      expect(Buffer.concat(pieces).equals(sent)).toBe(true);
    });

    it('is destroyed once both sides have ended', async () => {
      const { client } = await pair();
      const stream = createWebSocketStream(client);
      const events: string[] = [];
      stream.on('finish', () => events.push(`finish ${stream.destroyed}`));
      stream.on('end', () => events.push(`end ${stream.destroyed}`));
      stream.resume();
      stream.end();
      await once(stream, 'close');
      expect(events).toEqual(['finish false', 'end true']);
    });

    it('keeps text apart where objects are read, and cuts the socket when destroyed', async () => {
      const { client, theirs } = await pair();
      const stream = createWebSocketStream(client, { readableObjectMode: true, encoding: 'utf8' });
      theirs.send('text');
      expect((await once(stream, 'data'))[0]).toBe('text');
      stream.destroy(new Error('enough'));
      await once(stream, 'error');
      const [code] = await once(theirs, 'close');
      expect(code).toBe(1006);
    });
  });

  describe(`${name}: frames encoded once`, () => {
    it('makes them and sends them', async () => {
      const { client, theirs } = await pair();
      const list = api.Sender.frame(Buffer.from('once'), {
        opcode: 1,
        fin: true,
        mask: false,
        rsv1: false,
        readOnly: false,
      });
      expect(Buffer.concat(list).toString('latin1')).toBe('\x81\x04once');
      const got = once(client, 'message');
      expect(await new Promise((resolve) => theirs._sender.sendFrame(list, resolve))).toBeFalsy();
      expect((await got)[0].toString()).toBe('once');
    });
  });
}

/** The frames that came, as opcode, `c` where RSV1 is set, `+` where another follows. */
function kindsOf(peer: RawPeer): string[] {
  const parser = new FrameParser('client', RSV1);
  parser.push(Buffer.from(peer.received));
  const kinds: string[] = [];
  for (let part = parser.next(); part !== undefined; part = parser.next()) {
    if (part.isLast) kinds.push(`${part.opcode}${part.rsv === RSV1 ? 'c' : ''}${part.fin ? '' : '+'}`);
  }
  return kinds;
}
