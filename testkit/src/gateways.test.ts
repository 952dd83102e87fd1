// Both gateways of a running server, one room: plain WebSocket programs, Socket.IO 4.8 and 2.x clients together.
import { io as io4, type Socket } from 'socket.io-client';
import io2 from 'socket.io-client-2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type Json, NativeClient } from './native-client.ts';
import { startTestServer, type TestServer } from './server.ts';

let server: TestServer;
const sockets: { close(): unknown }[] = [];

beforeEach(async () => {
  server = await startTestServer({ LEAVE_GRACE: '1' });
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.close();
  await server.stop();
});

/** The lesson's client: `message` events, collected. */
class LessonClient {
  readonly messages: Json[] = [];
  readonly socket: Pick<Socket, 'send' | 'close' | 'disconnect'> & {
    on(event: string, listener: (value: Json) => void): unknown;
  };
  #waiters: { readonly matches: (message: Json) => boolean; readonly resolve: (message: Json) => void }[] =
    [];

  constructor(connect: typeof io4 = io4, port: number = server.socketPort) {
    this.socket = connect(`ws://localhost:${port}`, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
    });
    sockets.push(this.socket);
    this.socket.on('message', (message: Json) => {
      this.messages.push(message);
      for (const waiter of this.#waiters.filter(({ matches }) => matches(message))) waiter.resolve(message);
    });
  }

  until(matches: (message: Json) => boolean): Promise<Json> {
    const known = this.messages.find(matches);
    if (known !== undefined) return Promise.resolve(known);
    return new Promise((resolve) => this.#waiters.push({ matches, resolve }));
  }

  untilText(message: string): Promise<Json> {
    return this.until((candidate) => candidate.message === message);
  }

  async login(name: string, token?: string): Promise<string> {
    this.socket.send({ type: 'LOGIN', name, ...(token === undefined ? {} : { token }) });
    const { token: given } = await this.until(({ type }) => type === 'TOKEN');
    // With the token comes the right to write; in the room is who is told of it. Whoever comes back is not told.
    if (token === undefined) await this.until(({ type }) => type === 'LOGIN');
    return String(given);
  }

  error(code: string): Promise<Json> {
    return this.until((message) => message.type === 'ERROR' && message.code === code);
  }

  chat(message: unknown): void {
    this.socket.send({ type: 'CHAT', message });
  }
}

const native = async (name: string, token?: string): Promise<NativeClient> => {
  const client = await NativeClient.enter(`ws://localhost:${server.port}/ws`, name, token);
  sockets.push(client);
  return client;
};

describe('one room, whoever speaks what', () => {
  it('[F5] native, Socket.IO 4 and Socket.IO 2 read each other in one order', async () => {
    const ada = await native('Ada');
    const bo = new LessonClient();
    await bo.login('Bo');
    const cy = new LessonClient(io2, server.port);
    await cy.login('茜');
    await ada.post('from Ada');
    await cy.untilText('from Ada');
    bo.chat('from Bo');
    await cy.untilText('from Bo');
    cy.chat('从茜');
    await Promise.all([ada.untilText('从茜'), bo.untilText('从茜'), cy.untilText('从茜')]);
    expect(cy.messages.filter(({ type }) => type !== 'TOKEN')).toEqual([
      { type: 'LOGIN', message: '茜加入了聊天' },
      { type: 'CHAT', message: 'from Ada', sender: 'Ada' },
      { type: 'CHAT', message: 'from Bo', sender: 'Bo' },
      { type: 'CHAT', message: '从茜', sender: '茜' },
    ]);
    expect(bo.messages.map(({ message }) => message)).toEqual([
      undefined,
      'Bo加入了聊天',
      '茜加入了聊天',
      'from Ada',
      'from Bo',
      '从茜',
    ]);
    expect(ada.entries.map(({ type, text }) => text ?? type)).toEqual([
      'join',
      'join',
      'from Ada',
      'from Bo',
      '从茜',
    ]);
  });

  it('[S1] a socket that has not logged in receives nothing', async () => {
    const silent = new LessonClient();
    const ada = await native('Ada');
    await ada.post('one');
    silent.chat('too early');
    await silent.error('hello-first');
    expect(silent.messages).toEqual([{ type: 'ERROR', code: 'hello-first', message: expect.any(String) }]);
  });

  it('[S3][S4] a client that says goodbye has left: LEAVE, without sender, and the name is free', async () => {
    const ada = new LessonClient();
    await ada.login('Ada');
    const bo = new LessonClient();
    await bo.login('Bo');
    bo.socket.disconnect();
    expect(await ada.untilText('Bo离开了聊天')).toEqual({ type: 'LEAVE', message: 'Bo离开了聊天' });
    const other = new LessonClient();
    await other.login('Bo');
  });

  it('LEAVE, and LOGIN again under the same name on the same socket', async () => {
    const ada = new LessonClient();
    await ada.login('Ada');
    ada.socket.send({ type: 'LEAVE' });
    await ada.untilText('Ada离开了聊天');
    ada.socket.send({ type: 'LOGIN', name: 'Ada' });
    await ada.until(
      (message) =>
        ada.messages.filter(({ type }) => type === 'LOGIN').length === 2 && message.type === 'LOGIN',
    );
    expect(ada.messages.filter(({ type }) => type === 'ERROR')).toEqual([]);
  });
});

describe('what LOGIN and CHAT refuse, to that client alone', () => {
  const refusals: readonly (readonly [unknown, string])[] = [
    [{ type: 'LOGIN', name: '' }, 'name-empty'],
    [{ type: 'LOGIN', name: '   ' }, 'name-empty'],
    [{ type: 'LOGIN', name: 'x'.repeat(65) }, 'name-too-long'],
    [{ type: 'LOGIN', name: 'a\u0007b' }, 'name-characters'],
    [{ type: 'LOGIN', name: 'e\u0301' }, 'name-not-nfc'],
    [{ type: 'LOGIN', name: 'Ada' }, 'name-taken'],
    [{ type: 'LOGIN', name: 5 }, 'bad-command'],
    [{ type: 'LOGIN' }, 'bad-command'],
    [{ type: 'LOGIN', name: 'Bo', token: 'guessed' }, 'bad-token'],
    [{ type: 'CHAT', message: 'early' }, 'hello-first'],
    [{ type: 'SHOUT' }, 'unknown-type'],
    [{ type: 7 }, 'unknown-type'],
    [{ __proto__: null, type: 'constructor' }, 'unknown-type'],
    ['LOGIN', 'bad-command'],
    [null, 'bad-command'],
    [[1], 'bad-command'],
    [undefined, 'bad-command'],
  ];
  it.each(refusals)('[S2] %j → %s', async (payload, code) => {
    const ada = new LessonClient();
    await ada.login('Ada');
    const bo = new LessonClient();
    bo.socket.send(payload);
    await bo.error(code);
    ada.chat('still here');
    await ada.untilText('still here');
    expect(ada.messages.map(({ type }) => type)).toEqual(['TOKEN', 'LOGIN', 'CHAT']);
    expect(bo.messages).toHaveLength(1);
  });

  it('[S2] a second LOGIN, a text that is too long, empty, or no string', async () => {
    const ada = new LessonClient();
    await ada.login('Ada');
    ada.socket.send({ type: 'LOGIN', name: 'Eve' });
    await ada.error('already-greeted');
    ada.chat('x'.repeat(16 * 1024 + 1));
    ada.chat('x'.repeat(500_000));
    await ada.error('text-too-long');
    ada.chat('  ');
    await ada.error('text-empty');
    ada.chat({ toString: 'x' });
    await ada.error('bad-command');
    ada.chat('x'.repeat(16 * 1024));
    await ada.untilText('x'.repeat(16 * 1024));
  });

  it('[S2] an event that is not "message" is answered, not ignored', async () => {
    const ada = new LessonClient();
    (ada.socket as unknown as Socket).emit('chat message', 'hi');
    await ada.error('unknown-type');
  });
});

describe('tokens', () => {
  it('[S3][P13] whoever holds the token takes the name again, nobody else while it is fresh; no notice is written', async () => {
    const bo = await native('Bo');
    const cut = new LessonClient();
    const token = await cut.login('Ada');
    (cut.socket as unknown as Socket).io.engine.close();
    const thief = new LessonClient();
    thief.socket.send({ type: 'LOGIN', name: 'Ada' });
    await thief.error('name-taken');
    const back = await native('Ada', token);
    await back.post('back');
    await bo.untilText('back');
    expect(bo.entries.map(({ type }) => type)).toEqual(['join', 'message']);
  });

  it('[S3] after the grace period a cut connection has left, once, and the name is free', async () => {
    const bo = await native('Bo');
    const cut = new LessonClient();
    await cut.login('Ada');
    (cut.socket as unknown as Socket).io.engine.close();
    await bo.until((event) => (event.entry as Json | undefined)?.type === 'leave');
    await native('Ada');
    await expect.poll(() => bo.entries.map(({ type }) => type)).toEqual(['join', 'leave', 'join']);
  });
});

describe('the doors', () => {
  const open = (
    url: string,
    options: object = {},
    subprotocols: string[] = [],
  ): Promise<{ status?: number; ws?: WebSocket }> =>
    new Promise((resolve) => {
      const ws = new WebSocket(url, subprotocols, options);
      sockets.push(ws);
      ws.on('open', () => resolve({ ws }));
      ws.on('error', () => {});
      ws.on('unexpected-response', (_request, response) => resolve({ status: response.statusCode ?? 0 }));
    });

  it('[P1][P3] a bare WebSocket that stays silent is kept, without a subprotocol; plain text is answered in JSON', async () => {
    for (const path of ['', '/', '/ws']) {
      const { ws } = await open(`ws://localhost:${server.socketPort}${path}`);
      expect(ws?.protocol).toBe('');
      const answer = new Promise((resolve) =>
        ws?.once('message', (data) => resolve(JSON.parse(String(data)))),
      );
      ws?.send('hello?');
      expect(await answer).toMatchObject({
        type: 'refused',
        code: 'bad-json',
        message: expect.stringContaining('"hello"'),
      });
    }
  });

  it('[P1] echoes wireroom.v1 where it is asked for, selects no other', async () => {
    const asked = await open(`ws://localhost:${server.port}/ws`, {}, ['foo', 'wireroom.v1']);
    expect(asked.ws?.protocol).toBe('wireroom.v1');
  });

  it('[P2] refuses other paths with 404 and foreign origins with 403, on both gateways', async () => {
    const status = async (url: string, origin?: string): Promise<number | undefined> =>
      (await open(url, origin === undefined ? {} : { origin })).status;
    expect(await status(`ws://localhost:${server.socketPort}/elsewhere`)).toBe(404);
    expect(await status(`ws://localhost:${server.port}/`)).toBe(404);
    expect(await status(`ws://localhost:${server.port}/ws`, 'https://evil.example')).toBe(403);
    expect(await status(`ws://localhost:${server.port}/ws`, 'null')).toBe(403);
    const socketIo = `ws://localhost:${server.socketPort}/socket.io/?EIO=4&transport=websocket`;
    // Engine.IO refuses an upgrade with 400, whatever the reason.
    expect(await status(socketIo, 'https://evil.example')).toBe(400);
    expect(await status(socketIo, 'http://127.0.0.1:8080')).toBe(undefined);
    expect(await status(`ws://127.0.0.1:${server.port}/ws`, 'http://localhost:5173')).toBe(undefined);
  });

  it('[P2] counts the sockets of an address over both gateways', async () => {
    const small = await startTestServer({ MAX_SOCKETS_PER_ADDRESS: '2' });
    try {
      const url = `ws://localhost:${small.socketPort}`;
      const first = await open(url);
      const second = await open(`${url}/socket.io/?EIO=4&transport=websocket`);
      expect(first.ws).toBeDefined();
      expect(second.ws).toBeDefined();
      expect((await open(url)).status).toBe(429);
      const closed = new Promise((resolve) => first.ws?.on('close', resolve));
      first.ws?.close();
      await closed;
      expect((await open(url)).ws).toBeDefined();
    } finally {
      await small.stop();
    }
  });

  it('a GET on the socket port says what the port is; /ws by GET says 426', async () => {
    const page = await fetch(`http://localhost:${server.socketPort}/`);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain(`http://localhost:${server.port}/`);
    expect((await fetch(`${server.url}/ws`)).status).toBe(426);
    expect((await fetch(`http://localhost:${server.socketPort}/elsewhere`)).status).toBe(404);
    const history = await fetch(`http://localhost:${server.socketPort}/api/rooms/lobby/history`);
    expect(history.headers.get('content-type')).toContain('ndjson');
  });

  it('serves the Socket.IO browser client, which pages of any origin may load', async () => {
    const script = await fetch(`${server.url}/socket.io.js`);
    expect(script.headers.get('content-type')).toContain('javascript');
    expect(script.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    expect(await script.text()).toContain('Socket.IO v4');
  });
});
