// The wire feed of a whole server: who sees what of whose connection, and what happens to it meanwhile. The rules are in
// docs/spec/wire-feed.md.

import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type Json, NativeClient } from './native-client.ts';
import { startTestServer, type TestServer } from './server.ts';
import { WireWatcher } from './wire-watcher.ts';

let server: TestServer;
let ws: string;
let wire: string;
let names = 0;

beforeAll(async () => {
  server = await startTestServer({ LEAVE_GRACE: '0' });
  ws = `ws://localhost:${server.port}/ws?record=1`;
  wire = `ws://localhost:${server.port}/wire`;
});
afterAll(() => server.stop());

interface Recorded {
  readonly client: NativeClient;
  readonly token: string;
  readonly authorId: string;
  readonly connectionId: string;
  readonly roomId: string;
  readonly name: string;
}

async function enter(url = ws, token?: string): Promise<Recorded> {
  names += 1;
  const name = token === undefined ? `Recorded ${names}` : undefined;
  const client = await NativeClient.open(url);
  const welcome = await client.ask({ type: 'hello', ...(name && { name }), ...(token && { token }) });
  const joined = await client.ask({ type: 'join', room: 'lobby' });
  const you = welcome.you as Json;
  return {
    client,
    token: String(welcome.token),
    authorId: String(you.authorId),
    connectionId: String(welcome.connectionId),
    roomId: String((joined.room as Json).roomId),
    name: String(you.name),
  };
}

const refused = (code: string): Json => expect.objectContaining({ type: 'refused', code });

describe('the wire feed', () => {
  it('[I1] shows a connection that asked for it, byte for byte, to its own author', async () => {
    const { client, token, connectionId } = await enter();
    const watcher = await WireWatcher.open(wire);
    const watching = await watcher.ask({ type: 'watch', token });
    expect(watching).toMatchObject({
      type: 'watching',
      connections: [{ connectionId, gateway: 'native', isOpen: true }],
    });
    await watcher.ask({ type: 'follow', connectionId });
    await client.post('seen on the wire');
    await watcher.untilRecord(
      connectionId,
      (record) => record.kind === 'station' && record.station === 'acknowledged',
    );
    await client.close();
    await watcher.untilRecord(connectionId, (record) => record.kind === 'close');
    const records = watcher.recordsOf(connectionId);
    expect(records.map(({ kind }) => kind).slice(0, 2)).toEqual(['open', 'verdict']);
    for (const direction of ['in', 'out'] as const) {
      const chunks = records.filter((record) => record.kind === 'bytes' && record.direction === direction);
      const text = Buffer.concat(
        chunks.map((record) => (record.kind === 'bytes' ? record.bytes : Buffer.alloc(0))),
      );
      expect(text.toString('latin1')).toMatch(
        direction === 'in' ? /^GET \/ws\?record=1 HTTP/ : /^HTTP\/1\.1 101/,
      );
      let offset = 0;
      for (const record of chunks) {
        if (record.kind !== 'bytes') continue;
        expect(record.offset).toBe(offset);
        offset += record.bytes.length;
      }
    }
    expect(records.at(-1)).toMatchObject({ kind: 'close', code: 1005, begunBy: 'client', wasClean: true });
    watcher.socket.close();
  });

  it('[I2] shows nothing to another author, and nothing of connections that did not ask', async () => {
    const mine = await enter();
    const other = await enter(`ws://localhost:${server.port}/ws`);
    expect(other.connectionId).toBe('undefined');
    const watcher = await WireWatcher.open(wire);
    expect(await watcher.ask({ type: 'follow', connectionId: mine.connectionId })).toEqual(
      refused('watch-first'),
    );
    expect(await watcher.ask({ type: 'watch', token: 'guessed' })).toEqual(refused('bad-token'));
    expect(await watcher.ask({ type: 'watch', token: other.token })).toMatchObject({ connections: [] });
    expect(await watcher.ask({ type: 'watch', token: mine.token })).toEqual(refused('already-watching'));
    for (const command of [
      { type: 'follow', connectionId: mine.connectionId },
      { type: 'disturb', connectionId: mine.connectionId, how: 'cut' },
    ])
      expect(await watcher.ask(command)).toEqual(refused('no-connection'));
    expect(watcher.received.some(({ type }) => type === 'records')).toBe(false);
    await Promise.all([mine.client.close(), other.client.close()]);
    watcher.socket.close();
  });

  it('[I3] refuses pages of other sites, other paths and what it does not understand', async () => {
    await expect(WireWatcher.open(wire, { Origin: 'https://evil.example' })).rejects.toThrow('403');
    await expect(WireWatcher.open(`ws://localhost:${server.socketPort}/wire`)).rejects.toThrow('404');
    const watcher = await WireWatcher.open(wire);
    expect(await watcher.ask({ type: 'sing' })).toEqual(refused('bad-command'));
    watcher.socket.close();
  });

  it('[I3] goes by the names of ALLOWED_HOSTS, counts by address, and says goodbye when the server ends', async () => {
    const strict = await startTestServer({ ALLOWED_HOSTS: 'localhost', MAX_SOCKETS_PER_ADDRESS: '2' });
    const url = `ws://localhost:${strict.port}/wire`;
    await expect(WireWatcher.open(url, { Host: 'evil.example' })).rejects.toThrow('403');
    const watchers = [await WireWatcher.open(url), await WireWatcher.open(url)];
    await expect(WireWatcher.open(url)).rejects.toThrow('429');
    await expect(NativeClient.open(`ws://localhost:${strict.port}/ws`)).rejects.toThrow();
    await strict.stop();
    expect(await Promise.all(watchers.map(({ closed }) => closed))).toEqual([1012, 1012]);
  });

  it('[I3] takes eight watchers of one author, and one more when one has gone', async () => {
    const { client, token } = await enter();
    const watchers: WireWatcher[] = [];
    for (let i = 0; i < 8; i++) watchers.push(await WireWatcher.watch(wire, token));
    const ninth = await WireWatcher.open(wire);
    expect(await ninth.ask({ type: 'watch', token })).toEqual(refused('too-many-watchers'));
    watchers[0]?.socket.close();
    await watchers[0]?.closed;
    expect(await ninth.ask({ type: 'watch', token })).toMatchObject({ type: 'watching' });
    for (const watcher of [...watchers, ninth]) watcher.socket.close();
    await client.close();
  });

  it('[I1] says what TLS has agreed on', async () => {
    const secure = await startTestServer({ TLS: 'self-signed' });
    const base = `wss://localhost:${secure.port}`;
    const client = await NativeClient.open(`${base}/ws?record=1`, { insecure: true });
    const { token, connectionId } = await client.ask({ type: 'hello', name: 'Secure' });
    const watcher = await WireWatcher.watch(`${base}/wire`, String(token));
    await watcher.ask({ type: 'follow', connectionId });
    const open = await watcher.untilRecord(String(connectionId), ({ kind }) => kind === 'open');
    expect(open).toMatchObject({
      tls: { protocol: 'TLSv1.3', cipher: expect.stringMatching(/^TLS_/), serverName: 'localhost' },
    });
    await client.close();
    watcher.socket.close();
    await secure.stop();
  });

  it('[I2] records nobody where that is switched off', async () => {
    const off = await startTestServer({ WIRE_RECORDING: 'off' });
    const client = await NativeClient.open(`ws://localhost:${off.port}/ws?record=1`);
    expect((await client.ask({ type: 'hello', name: 'Unseen' })).connectionId).toBeUndefined();
    await expect(WireWatcher.open(`ws://localhost:${off.port}/wire`)).rejects.toThrow('404');
    await client.close();
    await off.stop();
  });

  it('[I5] never shows a token', async () => {
    const { client, token, connectionId } = await enter();
    await client.close();
    const again = await enter(ws, token);
    const watcher = await WireWatcher.watch(wire, token);
    for (const id of [connectionId, again.connectionId]) {
      await watcher.ask({ type: 'follow', connectionId: id });
      await watcher.untilRecord(id, (record) => record.kind === 'resume');
    }
    const seen = JSON.stringify([
      watcher.received,
      [connectionId, again.connectionId].map((id) =>
        watcher.recordsOf(id).map((record) => (record.kind === 'bytes' ? unmasked(record.bytes) : '')),
      ),
    ]);
    expect(seen).toContain('HTTP/1.1 101');
    expect(seen).toContain('hello');
    // Not toContain: what was seen is long, and nobody wants the token in a report.
    expect(seen.includes(token)).toBe(false);
    await again.client.close();
    watcher.socket.close();
  });

  it('[I6] gives the receipt of a message: its stations, and each reader on both gateways', async () => {
    const author = await enter();
    const reader = await enter(`ws://localhost:${server.port}/ws`);
    const lesson = await lessonClient('Lesson reader');
    const posted = await author.client.post('with a receipt');
    await reader.client.untilText('with a receipt');
    const watcher = await WireWatcher.watch(wire, author.token);
    const receipt = await watcher.ask({ type: 'receipt', roomId: author.roomId, seq: Number(posted.seq) });
    const records = receipt.records as { station: string; at: number; reader?: Json; seq: number }[];
    const own = records.filter(({ station }) => station !== 'delivered');
    expect(own.map(({ station }) => station)).toEqual([
      'decoded',
      'admitted',
      'batched',
      'committed',
      'stored',
      'published',
      'acknowledged',
    ]);
    expect(records.map(({ at }) => at)).toEqual(records.map(({ at }) => at).sort((one, two) => one - two));
    expect(new Set(records.map(({ seq }) => seq))).toEqual(new Set([posted.seq]));
    const readers = records.filter(({ station }) => station === 'delivered').map((record) => record.reader);
    const authors = [author, reader].map(({ name }) => ({ name, gateway: 'native', isBehind: false }));
    expect(readers).toHaveLength(3);
    for (const expected of [...authors, { name: 'Lesson reader', gateway: 'socketio' }])
      expect(readers).toContainEqual(expect.objectContaining(expected));
    expect(readers.filter((one) => one?.connectionId !== undefined)).toHaveLength(1);

    const theirs = await WireWatcher.watch(wire, reader.token);
    const seenByReader = await theirs.ask({
      type: 'receipt',
      roomId: author.roomId,
      seq: Number(posted.seq),
    });
    expect(JSON.stringify(seenByReader)).not.toContain(author.connectionId);
    expect(await watcher.ask({ type: 'receipt', roomId: author.roomId, seq: 1_000_000 })).toMatchObject({
      records: [],
    });
    await reader.client.ask({ type: 'leave', room: 'lobby' });
    expect(await theirs.ask({ type: 'receipt', roomId: author.roomId, seq: Number(posted.seq) })).toEqual(
      refused('not-a-member'),
    );
    lesson.disconnect();
    await Promise.all([author.client.close(), reader.client.close()]);
    watcher.socket.close();
    theirs.socket.close();
  });

  it('[I7] shows a resume: the cursor sent, the answer, the entries replayed', async () => {
    const { client, token, roomId } = await enter();
    const posted = await client.post('before the cut');
    const joined = await client.ask({ type: 'join', room: 'lobby' });
    const { epoch } = joined.position as Json;
    await client.ask({ type: 'post', room: 'lobby', text: 'missed' });
    await client.close();
    const again = await NativeClient.open(ws);
    const welcome = await again.ask({ type: 'hello', token });
    await again.ask({ type: 'join', room: 'lobby', cursor: { epoch, seq: posted.seq } });
    const watcher = await WireWatcher.watch(wire, token);
    const connectionId = String(welcome.connectionId);
    await watcher.ask({ type: 'follow', connectionId });
    const resume = await watcher.untilRecord(connectionId, ({ kind }) => kind === 'resume');
    expect(resume).toMatchObject({ roomId, cursor: { epoch, seq: posted.seq }, answer: 'caught-up' });
    expect(resume.kind === 'resume' && resume.entriesReplayed).toBeGreaterThan(0);
    await again.close();
    watcher.socket.close();
  });

  it('[I8] compares clocks', async () => {
    const { client, token } = await enter();
    const watcher = await WireWatcher.watch(wire, token);
    const at = Date.now() * 1000;
    const answer = await watcher.ask({ type: 'clock', at });
    expect(answer).toMatchObject({ type: 'clock', watcherAt: at });
    expect(Math.abs(Number(answer.at) - at)).toBeLessThan(5_000_000);
    await client.close();
    watcher.socket.close();
  });

  it('[I9] cuts a connection with a reset, and the recording shows it', async () => {
    const { client, token, connectionId } = await enter();
    const watcher = await WireWatcher.watch(wire, token);
    await watcher.ask({ type: 'follow', connectionId });
    expect(await watcher.ask({ type: 'disturb', connectionId, how: 'cut' })).toMatchObject({
      type: 'disturbed',
    });
    expect(await client.closed).toMatchObject({ code: 1006 });
    expect(await watcher.untilRecord(connectionId, ({ kind }) => kind === 'close')).toMatchObject({
      code: 1006,
    });
    await watcher.until(
      ({ type, connections }) =>
        type === 'connections' && JSON.stringify(connections).includes('"isOpen":false'),
    );
    expect(await watcher.ask({ type: 'disturb', connectionId, how: 'cut' })).toEqual(refused('not-open'));
    watcher.socket.close();
  });

  it('[I12] plays a scene of the sandbox, whose connections are seen from their opens to their ends', async () => {
    const { client, token } = await enter();
    const watcher = await WireWatcher.open(wire);
    const watching = await watcher.ask({ type: 'watch', token });
    expect(watching.scenes).toContain('own-bytes');
    const playing = await watcher.ask({ type: 'play', scene: 'own-bytes', hex: '8184 00000000 74657374' });
    const { playId } = playing;
    await watcher.until((event) => event.type === 'played' && event.playId === playId);
    const told = watcher.received.findLast((event) => event.type === 'playing');
    const [connectionId = ''] = (told?.connectionIds ?? []) as string[];
    const records = watcher.recordsOf(connectionId);
    expect(records[0]).toMatchObject({ kind: 'open', connectionId, gateway: 'sandbox' });
    const bytes = records.flatMap((record) =>
      record.kind === 'bytes' && record.direction === 'in' ? [record.bytes] : [],
    );
    expect(Buffer.concat(bytes).includes('test')).toBe(true);
    await client.close();
    watcher.socket.close();
  });

  it('[I11] records Socket.IO from its first polling request over the upgrade to its end', async () => {
    const socket = await lessonClient('Polled first', {
      query: { record: '1' },
      transports: ['polling', 'websocket'],
    });
    const token = await socket.token;
    expect(socket.io.engine.transport.name).toBe('websocket');
    socket.send({ type: 'CHAT', message: 'over both' });
    const watcher = await WireWatcher.open(wire);
    const watching = await watcher.ask({ type: 'watch', token });
    const [connection] = watching.connections as { connectionId: string; gateway: string }[];
    expect(connection?.gateway).toBe('socketio');
    const connectionId = connection?.connectionId ?? '';
    await watcher.ask({ type: 'follow', connectionId });
    await watcher.untilRecord(
      connectionId,
      (record) => record.kind === 'station' && record.station === 'delivered' && record.draftId !== undefined,
    );
    socket.disconnect();
    await watcher.untilRecord(connectionId, ({ kind }) => kind === 'close');
    const records = watcher.recordsOf(connectionId);
    const polls = records.filter((record) => record.kind === 'poll');
    expect(polls[0]).toMatchObject({ direction: 'in', method: 'GET', body: '' });
    expect(polls[1]).toMatchObject({
      direction: 'out',
      status: 200,
      body: expect.stringContaining('0{"sid":"***'),
    });
    expect(records.filter(({ kind }) => kind === 'bytes').length).toBeGreaterThan(4);
    expect(JSON.stringify(records)).not.toContain(token);
    watcher.socket.close();
  });

  it('[I11] goes on recording where a probe fails and the connection polls on', async () => {
    const polling = `${server.url}/socket.io/?EIO=4&transport=polling&record=1`;
    const { sid } = JSON.parse((await (await fetch(polling)).text()).slice(1));
    const get = async (): Promise<string> => (await fetch(`${polling}&sid=${sid}`)).text();
    const post = (body: string): Promise<Response> =>
      fetch(`${polling}&sid=${sid}`, { method: 'POST', body });
    await post('40');
    await get();
    await post('42["message",{"type":"LOGIN","name":"Polls on"}]');
    let heard = '';
    while (!heard.includes('"TOKEN"')) heard += await get();
    const token = /"token":"([^"]+)"/.exec(heard)?.[1] ?? '';
    const probe = new WebSocket(
      `ws://localhost:${server.port}/socket.io/?EIO=4&transport=websocket&record=1&sid=${sid}`,
    );
    await new Promise((resolve) => probe.once('open', resolve));
    probe.send('2probe');
    await new Promise((resolve) => probe.once('message', resolve));
    probe.close();
    const watcher = await WireWatcher.watch(wire, token);
    const { connections } = await watcher.until(({ type }) => type === 'watching');
    const [{ connectionId }] = connections as [{ connectionId: string }];
    await watcher.ask({ type: 'follow', connectionId });
    await watcher.untilRecord(
      connectionId,
      (record) => record.kind === 'note' && record.id === 'probe-failed',
    );
    await post('42["message",{"type":"CHAT","message":"after the probe"}]');
    await watcher.untilRecord(
      connectionId,
      (record) => record.kind === 'station' && record.station === 'delivered' && record.draftId !== undefined,
    );
    expect(watcher.recordsOf(connectionId).some(({ kind }) => kind === 'close')).toBe(false);
    expect(JSON.stringify(watcher.recordsOf(connectionId))).not.toContain(token);
    await post('1');
    await watcher.untilRecord(connectionId, ({ kind }) => kind === 'close');
    watcher.socket.close();
  });
});

/** Frames of a client with their masks taken off, as far as a small text needs it: every offset is tried. */
function unmasked(bytes: Uint8Array): string {
  const data = Buffer.from(bytes);
  const texts = [data.toString('latin1')];
  for (let at = 0; at + 6 < data.length; at++) {
    if (data[at] !== 0x81) continue;
    const length = (data[at + 1] ?? 0) & 0x7f;
    const start = length === 126 ? at + 4 : at + 2;
    const key = data.subarray(start, start + 4);
    texts.push(
      Buffer.from(data.subarray(start + 4).map((byte, i) => byte ^ (key[i % 4] ?? 0))).toString('latin1'),
    );
  }
  return texts.join('\n');
}

async function lessonClient(
  name: string,
  options: object = { transports: ['websocket'] },
): Promise<Socket & { readonly token: Promise<string> }> {
  const socket = io(server.url, { forceNew: true, ...options });
  const token = new Promise<string>((resolve) => {
    socket.on('message', (message: Json) => {
      if (message.type === 'TOKEN') resolve(String(message.token));
    });
  });
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  if (socket.io.engine.transport.name === 'polling') {
    await new Promise<void>((resolve) => socket.io.engine.once('upgrade', () => resolve()));
  }
  const isIn = new Promise<void>((resolve) => {
    socket.on('message', (message: Json) => {
      if (message.type === 'LOGIN' && String(message.message).startsWith(name)) resolve();
    });
  });
  socket.send({ type: 'LOGIN', name });
  await isIn;
  return Object.assign(socket, { token });
}
