// The two servers of examples/lesson and clients that are no browser, well-behaved ones and others.
// Their pages are tested in lesson.browser.test.ts.
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { io, type Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type LessonServer, startLesson } from './lesson-server.ts';

/** One server for all the tests of a block: each of them leaves it as it found it. */
function useServer(file: 'native-server.ts' | 'socketio-server.ts'): () => LessonServer {
  let server: LessonServer | undefined;
  beforeAll(async () => {
    server = await startLesson(file);
  });
  afterAll(() => server?.stop());
  return () => {
    if (!server) throw new Error('The server has not been started.');
    return server;
  };
}

describe('the Socket.IO lesson and a client that does not play by the rules', () => {
  const server = useServer('socketio-server.ts');
  const clients: Socket[] = [];
  afterEach(() => {
    for (const client of clients.splice(0)) client.disconnect();
  });

  const connect = (): Socket => {
    const client = io(`ws://localhost:${server().socketPort}`, { transports: ['websocket'], forceNew: true });
    clients.push(client);
    return client;
  };
  /** Sends and gives the next message that comes back. */
  const ask = (client: Socket, ...sent: readonly unknown[]): Promise<unknown> =>
    new Promise((resolve) => {
      client.once('message', resolve);
      client.send(...sent);
    });

  it('whatever breaks the rules is answered with an ERROR to that client alone, and the server lives on', async () => {
    const client = connect();
    const refusals = [
      [{ type: 'CHAT', message: 'hi' }, 'hello-first'],
      [null, 'unknown-type'],
      [7, 'unknown-type'],
      [[], 'unknown-type'],
      [{ type: 'SHUTDOWN' }, 'unknown-type'],
      [{ type: 'LOGIN' }, 'name-empty'],
      [{ type: 'LOGIN', name: { length: 3 } }, 'name-empty'],
      [{ type: 'LOGIN', name: ' ' }, 'name-empty'],
      [{ type: 'LOGIN', name: 'x'.repeat(65) }, 'name-too-long'],
      [{ type: 'LOGIN', name: 'Ada\u202e' }, 'name-characters'],
    ] as const;
    for (const [sent, code] of refusals) {
      expect(await ask(client, sent), JSON.stringify(sent)).toMatchObject({ type: 'ERROR', code });
    }
    expect(await ask(client)).toMatchObject({ type: 'ERROR', code: 'unknown-type' });

    expect(await ask(client, { type: 'LOGIN', name: 'Ada' })).toEqual({
      type: 'LOGIN',
      message: 'Ada加入了聊天',
    });
    expect(await ask(client, { type: 'LOGIN', name: 'Bob' })).toMatchObject({ code: 'already-greeted' });
    expect(await ask(client, { type: 'CHAT', message: ' ' })).toMatchObject({ code: 'text-empty' });
    const tooLong = { type: 'CHAT', message: 'x'.repeat(4001) };
    expect(await ask(client, tooLong)).toMatchObject({ code: 'text-too-long' });
    const chat = { type: 'CHAT', message: 'hi' };
    expect(await ask(client, chat)).toEqual({ ...chat, sender: 'Ada' });
  });

  it('whoever has not logged in receives nothing', async () => {
    const [silent, writer] = [connect(), connect()];
    const received: unknown[] = [];
    silent.on('message', (message) => received.push(message));
    await new Promise<void>((resolve) => silent.once('connect', resolve));
    await ask(writer, { type: 'LOGIN', name: 'Bob' });
    await ask(writer, { type: 'CHAT', message: 'hi' });
    await ask(silent, { type: 'CHAT', message: 'hi' });
    expect(received).toHaveLength(1);
  });
});

describe('the native lesson and clients that are no browser', () => {
  const server = useServer('native-server.ts');
  const sockets: WebSocket[] = [];
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.terminate();
  });

  const connect = async (): Promise<WebSocket> => {
    const socket = new WebSocket(`ws://localhost:${server().socketPort}`);
    sockets.push(socket);
    await once(socket, 'open');
    return socket;
  };

  it('ws accepts its handshake, its frames, its pong and its close', async () => {
    const [writer, reader] = [await connect(), await connect()];
    for (const text of ['', '你好', 'x'.repeat(125), 'x'.repeat(126), 'x'.repeat(65_535)]) {
      const received = once(reader, 'message');
      writer.send(text);
      expect(String((await received)[0])).toBe(text);
    }
    const pong = once(writer, 'pong');
    writer.ping('still there?');
    expect(String((await pong)[0])).toBe('still there?');
    const closed = once(writer, 'close');
    writer.close(1000);
    expect((await closed)[0]).toBe(1000);
  });

  it.each([
    ['an unmasked frame', 1002, (socket: WebSocket) => socket.send('hi', { mask: false })],
    ['a fragment', 1003, (socket: WebSocket) => socket.send('hi', { fin: false })],
    ['binary data', 1003, (socket: WebSocket) => socket.send(Buffer.from('hi'))],
    [
      'text that is no UTF-8',
      1007,
      (socket: WebSocket) => socket.send(Buffer.from([0xff]), { binary: false }),
    ],
    ['a message that is too long', 1009, (socket: WebSocket) => socket.send('x'.repeat(65_536))],
  ])('%s is refused with close code %i, and the others chat on', async (_what, code, breakRule) => {
    const [breaker, writer, reader] = [await connect(), await connect(), await connect()];
    const closed = once(breaker, 'close');
    breakRule(breaker);
    expect((await closed)[0]).toBe(code);
    const received = once(reader, 'message');
    writer.send('hello');
    expect(String((await received)[0])).toBe('hello');
  });

  it('one read is not one frame: a handshake and a frame in single bytes, two frames in one read', async () => {
    const socket = connectTcp(server().socketPort, 'localhost').setNoDelay();
    const request = ['GET / HTTP/1.1', 'Host: localhost', 'Upgrade: websocket', 'Connection: Upgrade'];
    const key = ['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', '', ''];
    const hello = Buffer.from('818537fa213d7f9f4d5158', 'hex');
    const sent = Buffer.concat([Buffer.from([...request, ...key].join('\r\n')), hello]);
    let received = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      received += text;
    });
    try {
      for (const byte of sent) await new Promise((written) => socket.write(Buffer.of(byte), written));
      socket.write(Buffer.concat([hello, hello]));
      const answer = [
        'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade',
        'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n\x81\x05Hello\x81\x05Hello\x81\x05Hello',
      ];
      await expect.poll(() => received).toBe(answer.join('\r\n'));
    } finally {
      socket.destroy();
    }
  });

  it('a plain HTTP request is answered with 426', async () => {
    expect((await fetch(`http://localhost:${server().socketPort}/`)).status).toBe(426);
  });

  it.each(['native-server.ts', 'socketio-server.ts'])(
    '%s says in one sentence that a port is taken',
    async (file) => {
      const taken = String(server().socketPort);
      await expect(startLesson(file, { SOCKET_PORT: taken })).rejects.toThrow(
        `Port ${taken} is taken: stop the program that has it, or set SOCKET_PORT to another number.`,
      );
    },
  );
});
