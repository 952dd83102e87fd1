// Connection state recovery for stock Socket.IO clients, on the log: what was missed comes, once, in order, and then what is
// live; also after the server was killed. And what it must not do: bring back who has left, or let in who may not come.
import { rmSync } from 'node:fs';
import io2 from 'socket.io-client-2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NativeClient } from './native-client.ts';
import { RecoveryClient } from './recovery-client.ts';
import { spawnServer, startTestServer, type TestServer, temporaryDir } from './server.ts';

const cleanUps: (() => unknown)[] = [];
let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  await server.stop();
});

function stock(options: object = {}, port = server.socketPort): RecoveryClient {
  const client = new RecoveryClient(port, options);
  cleanUps.push(() => client.close());
  return client;
}

async function native(name: string): Promise<NativeClient> {
  const client = await NativeClient.enter(`ws://localhost:${server.port}/ws`, name);
  cleanUps.push(() => client.close());
  return client;
}

/** A client that is logged in and, when this resolves, without a connection; `back` lets it reconnect. */
async function away(name: string): Promise<{ client: RecoveryClient; back: () => Promise<boolean> }> {
  const client = stock({ reconnection: false });
  await client.login(name);
  await client.cut();
  const nth = client.connects.length + 1;
  return {
    client,
    back: () => {
      client.socket.connect();
      return client.connected(nth);
    },
  };
}

const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => `text ${from + i}`);

describe('a stock client that comes back', () => {
  it('[S6] [S7] is recovered: what was missed, once, in order, then what is live; no LOGIN, and nobody hears of it', async () => {
    const bo = await native('Bo');
    const { client, back } = await away('Ada');
    for (const text of numbers(1, 30)) await bo.post(text);
    expect(await back()).toBe(true);
    for (const text of numbers(31, 40)) await bo.post(text);
    await client.untilText('text 40');
    expect(client.texts).toEqual(numbers(1, 40));
    client.say('still me');
    expect(await bo.untilText('still me')).toMatchObject({ author: { name: 'Ada' } });
    await client.untilText('still me');
    expect(client.heard.at(-1)).toEqual({ type: 'CHAT', message: 'still me', sender: 'Ada' });
    expect(bo.entries.filter(({ type }) => type === 'join' || type === 'leave')).toHaveLength(1);
    expect(new Set(client.offsets).size).toBe(client.offsets.length);
  });

  it('[S7] again and again, not only once, while others write all the time', async () => {
    const bo = await native('Bo');
    const client = stock();
    await client.login('Ada');
    let sent = 0;
    for (let round = 1; round <= 6; round++) {
      const posts = Array.from({ length: 20 }, () => bo.post(`text ${++sent}`));
      await client.cut();
      await Promise.all(posts);
      await client.connected(round + 1);
    }
    await client.untilText(`text ${sent}`);
    expect(client.connects).toEqual([false, true, true, true, true, true, true]);
    expect(client.texts).toEqual(numbers(1, sent));
  });

  it('[S7] what it writes while it is away is written once it is back, after it has come back', async () => {
    const bo = await native('Bo');
    const { client, back } = await away('Ada');
    client.say('written in a tunnel');
    expect(await back()).toBe(true);
    expect(await bo.untilText('written in a tunnel')).toMatchObject({ author: { name: 'Ada' } });
  });

  it('[S6] also if nobody wrote: its own LOGIN notice has an offset', async () => {
    const { client, back } = await away('Ada');
    expect(client.offsets).toHaveLength(1);
    expect(await back()).toBe(true);
  });

  it('[S7] with as much as a slow reader takes: thousands of entries, none lost or doubled', async () => {
    const bo = await native('Bo');
    const { client, back } = await away('Ada');
    const texts = numbers(1, 3_000);
    for (let i = 0; i < texts.length; i += 200)
      await Promise.all(texts.slice(i, i + 200).map((text) => bo.post(text)));
    expect(await back()).toBe(true);
    await client.untilText('text 3000');
    expect(client.texts).toEqual(texts);
  });

  it('[S9] by polling as well', async () => {
    const bo = await native('Bo');
    const client = stock({ transports: ['polling'], reconnection: false });
    await client.login('Ada');
    await client.cut();
    await bo.post('missed');
    client.socket.connect();
    expect(await client.connected(2)).toBe(true);
    await client.untilText('missed');
  });
});

describe('a program that logs in at every connection', () => {
  it('[S8] is told alone that it is in, with its token if it sent it', async () => {
    const bo = await native('Bo');
    const { client, back } = await away('Ada');
    const token = client.heard[0]?.token;
    expect(await back()).toBe(true);
    client.heard.length = 0;
    client.socket.send({ type: 'LOGIN', name: 'Ada', token });
    client.say('done');
    await client.untilText('done');
    expect(client.heard).toEqual([
      { type: 'TOKEN', token },
      { type: 'LOGIN', message: 'Ada加入了聊天' },
      { type: 'CHAT', message: 'done', sender: 'Ada' },
    ]);
    await bo.untilText('done');
    expect(bo.entries.filter(({ type }) => type === 'join')).toHaveLength(1);
  });

  it('[S8] another name, or the token of somebody else, is refused', async () => {
    const bo = await native('Bo');
    const token = String(bo.received[0]?.token);
    const { client, back } = await away('Ada');
    expect(await back()).toBe(true);
    client.socket.send({ type: 'LOGIN', name: 'Eve' });
    client.socket.send({ type: 'LOGIN', name: 'Ada', token });
    await client.until(() => client.heard.filter(({ type }) => type === 'ERROR').length === 2);
    const codes = client.heard.filter(({ type }) => type === 'ERROR').map(({ code }) => code);
    expect(codes).toEqual(['already-greeted', 'bad-token']);
  });
});

describe('a server that was killed', () => {
  it.each(['SIGKILL', 'SIGTERM'] as const)(
    '[S6] %s and a start: clients are recovered',
    async (signal) => {
      const dataDir = temporaryDir();
      cleanUps.push(() => rmSync(dataDir, { recursive: true, force: true }));
      const first = await spawnServer({ DATA_DIR: dataDir });
      const { port, socketPort } = first;
      cleanUps.push(() => first.end('SIGKILL'));
      const client = stock({}, socketPort);
      await client.login('Ada');
      client.say('before');
      await client.untilText('before');
      await first.end(signal);
      const second = await spawnServer({
        DATA_DIR: dataDir,
        PORT: String(port),
        SOCKET_PORT: String(socketPort),
      });
      cleanUps.push(() => second.end('SIGKILL'));
      const bo = await NativeClient.enter(`ws://localhost:${port}/ws`, 'Bo');
      cleanUps.push(() => bo.close());
      await bo.post('after');
      expect(await client.connected(2)).toBe(true);
      await client.untilText('after');
      expect(client.texts).toEqual(['before', 'after']);
      client.say('here again');
      expect(await bo.untilText('here again')).toMatchObject({ author: { name: 'Ada' } });
    },
    60_000,
  );
});

describe('who is not recovered', () => {
  /** Comes with this secret and offset, as a stock client would. */
  async function comeWith(auth: object): Promise<RecoveryClient> {
    const client = stock({ reconnection: false, auth });
    await client.connected();
    return client;
  }

  it('[S10] somebody who has left: by LEAVE, or by saying goodbye', async () => {
    const left = stock({ reconnection: false });
    await left.login('Ada');
    const before = left.state;
    left.socket.send({ type: 'LEAVE' });
    await left.untilText('Ada离开了聊天');
    const bo = await native('Bo');
    const gone = stock({ reconnection: false });
    await gone.login('Cid');
    const { state } = gone;
    gone.close();
    await bo.next(({ entry }) => JSON.stringify(entry ?? {}).includes('"leave"'));
    for (const auth of [before, state]) {
      const client = await comeWith(auth);
      expect(client.state.pid).not.toBe(auth.pid);
      client.say('am I in?');
      await client.until(() => client.heard.length > 0);
      expect(client.heard).toEqual([expect.objectContaining({ type: 'ERROR', code: 'hello-first' })]);
    }
  });

  it('[S10] somebody whose name was taken meanwhile', async () => {
    await server.stop();
    server = await startTestServer({ LEAVE_GRACE: '0' });
    const bo = await native('Bo');
    const left = bo.next(({ entry }) => JSON.stringify(entry ?? {}).includes('"leave"'));
    const { client, back } = await away('Ada');
    await left;
    await native('ADA');
    expect(await back()).toBe(false);
    client.say('am I in?');
    await client.until(() => client.heard.some(({ code }) => code === 'hello-first'));
  });

  it('[S6] somebody who had left by the grace period, whose name is free: comes in again, and the room hears of it', async () => {
    await server.stop();
    server = await startTestServer({ LEAVE_GRACE: '0' });
    const bo = await native('Bo');
    const left = bo.next(({ entry }) => JSON.stringify(entry ?? {}).includes('"leave"'));
    const { client, back } = await away('Ada');
    await left;
    expect(await back()).toBe(true);
    await client.until(() => client.heard.filter(({ message }) => message === 'Ada加入了聊天').length === 2);
    const notices = client.heard.filter(({ type }) => type === 'LOGIN' || type === 'LEAVE');
    expect(notices.map(({ type }) => type)).toEqual(['LOGIN', 'LEAVE', 'LOGIN']);
  });

  it('[S10] a guessed secret, an offset of another log, ahead of it, or none at all', async () => {
    const { client } = await away('Ada');
    const { pid, offset } = client.state;
    const [, seq = ''] = offset.split('.');
    for (const auth of [
      { pid: 'x'.repeat(32), offset },
      { pid: pid.toUpperCase(), offset },
      { pid: 'x'.repeat(100_000), offset },
      { pid, offset: `another-epoch.${seq}` },
      { pid, offset: offset.replace(/\d+$/, '999999') },
      { pid, offset: 'nothing' },
      { pid, offset: '' },
      { pid, offset: '9'.repeat(200) },
      { pid },
      { pid, offset: { toString: 'x' } },
      { pid: [pid], offset },
    ]) {
      const stranger = await comeWith(auth);
      expect(stranger.socket.recovered, JSON.stringify(auth).slice(0, 80)).not.toBe(true);
      expect(stranger.state.pid).not.toBe(pid);
      stranger.close();
    }
    // The right one still works.
    const right = await comeWith({ pid, offset });
    expect(right.state.pid).toBe(pid);
  });

  it('[S10] somebody who has missed too much starts afresh', async () => {
    const bo = await native('Bo');
    const { back } = await away('Ada');
    for (let i = 0; i < 5_001; i += 250)
      await Promise.all(Array.from({ length: Math.min(250, 5_001 - i) }, (_, j) => bo.post(`text ${i + j}`)));
    expect(await back()).toBe(false);
  }, 30_000);

  it('[S9] a client 2.x: no offsets, no secret', async () => {
    const args: unknown[][] = [];
    const socket = io2(`http://localhost:${server.socketPort}`, { transports: ['websocket'] });
    cleanUps.push(() => socket.close());
    socket.on('message', (...rest: unknown[]) => args.push(rest));
    socket.send({ type: 'LOGIN', name: 'Ada' });
    await expect.poll(() => args.length).toBe(2);
    expect(args[1]).toEqual([{ type: 'LOGIN', message: 'Ada加入了聊天' }]);
  });
});

describe('one owner', () => {
  it('[S11] a secret that comes on a second connection moves there; the first is sent away and hears nothing more', async () => {
    const bo = await native('Bo');
    const first = stock();
    await first.login('Ada');
    const gone = new Promise((resolve) => first.socket.once('disconnect', resolve));
    const second = stock({ auth: first.state });
    await second.connected();
    expect(second.state.pid).toBe(first.state.pid);
    expect(await gone).toBe('io server disconnect');
    await bo.post('to whom?');
    await second.untilText('to whom?');
    expect(first.texts).toEqual([]);
    expect(bo.entries.filter(({ type }) => type === 'leave' || type === 'join')).toHaveLength(1);
  });

  it('[S11] of many that come at once with one secret, one stays', async () => {
    const bo = await native('Bo');
    const { client } = await away('Ada');
    const crowd = Array.from({ length: 6 }, () => stock({ auth: client.state, reconnection: false }));
    await Promise.all(crowd.map((each) => each.connected()));
    await expect.poll(() => crowd.filter(({ socket }) => socket.connected).length).toBe(1);
    await bo.post('hello');
    const owner = crowd.find(({ socket }) => socket.connected);
    await owner?.untilText('hello');
    expect(crowd.flatMap(({ texts }) => texts)).toEqual(['hello']);
  });
});
