// The metrics, health and readiness of a whole running server: what is counted is so, who does not read is seen, and both kinds of
// storage show the same.
import { rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { serverUrl, temporaryDatabase } from '@wireroom/server/postgres-for-tests';
import { io } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CuttableProxy } from './cuttable-proxy.ts';
import { metricsOf } from './metrics-reader.ts';
import { NativeClient } from './native-client.ts';
import { spawnServer, startTestServer, type TestServer, temporaryDir } from './server.ts';

const postgres = await serverUrl();

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function serve(settings: Readonly<Record<string, string>> = {}): Promise<TestServer> {
  const server = await startTestServer(settings);
  cleanUps.push(() => server.stop());
  return server;
}

function folder(): string {
  const dir = temporaryDir();
  cleanUps.push(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

async function enter(server: TestServer, name: string): Promise<NativeClient> {
  const client = await NativeClient.enter(`ws://localhost:${server.port}/ws`, name);
  cleanUps.push(() => client.socket.terminate());
  return client;
}

/** Asks again until it is so; the test's own time is the bound. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 50));
}

const readyz = async (port: number) => {
  const response = await fetch(`http://127.0.0.1:${port}/readyz`);
  const { isReady, reasons } = (await response.json()) as {
    isReady: boolean;
    reasons: { code: string; message: string }[];
  };
  return { status: response.status, isReady, codes: reasons.map(({ code }) => code) };
};

describe('the metrics of a server', () => {
  it('[M1] are text for Prometheus, of the process and of the chat, with help for each', async () => {
    const server = await serve();
    const response = await fetch(`${server.url}/metrics`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const { names, text } = await metricsOf(server.port);
    for (const name of ['process_cpu_seconds_total', 'process_resident_memory_bytes', 'wireroom_rooms'])
      expect(names).toContain(name);
    expect(names.filter((name) => name.startsWith('nodejs_eventloop_lag'))).toEqual([]);
    for (const name of names) expect(text).toMatch(new RegExp(`# HELP ${name} \\S`));
  }, 120_000);

  it('[M5] a post is counted once, a delivery once for each reader, on either gateway', async () => {
    const server = await serve();
    const [ada, bo] = [await enter(server, 'Ada'), await enter(server, 'Bo')];
    const cy = io(`ws://localhost:${server.port}`, { transports: ['websocket'], reconnection: false });
    cleanUps.push(() => cy.close());
    const heard: string[] = [];
    cy.on('message', ({ message }: { message?: string }) => void (message && heard.push(message)));
    cy.send({ type: 'LOGIN', name: 'Cy' });
    await until(async () => (await metricsOf(server.port)).value('wireroom_authors_present') === 3);
    await until(async () => heard.length > 0);
    const before = await metricsOf(server.port);
    for (const text of ['one', 'two', 'three']) await ada.post(text);
    await ada.post('again', 'd_a-draft-that-is-sent-twice');
    await ada.post('again', 'd_a-draft-that-is-sent-twice');
    await ada.ask({ type: 'post', room: 'nowhere', text: 'lost' });
    cy.send({ type: 'CHAT', message: 'four' });
    for (const client of [ada, bo]) await client.untilText('four');
    await until(async () => heard.includes('again'));
    const after = await metricsOf(server.port);
    const grown = (name: string, labels: Readonly<Record<string, string>>): number =>
      after.value(name, labels) - before.value(name, labels);
    const native = { gateway: 'native' };
    const socketio = { gateway: 'socketio' };
    expect(grown('wireroom_posts_total', { ...native, outcome: 'stored' })).toBe(4);
    expect(grown('wireroom_posts_total', { ...native, outcome: 'repeated' })).toBe(1);
    expect(grown('wireroom_posts_total', { ...native, outcome: 'refused' })).toBe(1);
    expect(grown('wireroom_posts_total', { ...socketio, outcome: 'stored' })).toBe(1);
    expect(grown('wireroom_commands_refused_total', { ...native, code: 'no-room' })).toBe(1);
    expect(grown('wireroom_deliveries_total', native)).toBe(5 * 2);
    // A Socket.IO sender sees its own message as a delivery like any other.
    expect(grown('wireroom_deliveries_total', socketio)).toBe(5);
    expect(grown('wireroom_fan_out_seconds_count', {})).toBe(5);
    expect(grown('wireroom_commit_batch_size_sum', {})).toBeGreaterThanOrEqual(6);
    expect(after.value('wireroom_connections', native)).toBe(2);
    expect(after.value('wireroom_connections', socketio)).toBe(1);
    expect(after.value('wireroom_resumes_total', { ...native, answer: 'fresh' })).toBe(2);
    bo.socket.close();
    await bo.closed;
    const done = { ...native, class: 'done' };
    await until(
      async () => (await metricsOf(server.port)).value('wireroom_connections_closed_total', done) === 1,
    );
  }, 120_000);

  it('[M2] no room, author, name or text is in them', async () => {
    const server = await serve();
    const ada = await enter(server, 'Ada-of-the-labels');
    const posted = await ada.post('a text of the labels');
    const { text } = await metricsOf(server.port);
    for (const secret of ['Ada-of', 'a text of', 'lobby', '127.0.0.1', String(posted.roomId)])
      expect(text).not.toContain(secret);
  }, 120_000);

  it('[M5] a download is counted by its end and its bytes', async () => {
    const server = await serve();
    await (await enter(server, 'Ada')).post('to be downloaded');
    const history = await fetch(`${server.url}/api/rooms/lobby/history`, {
      headers: { 'accept-encoding': 'identity' },
    });
    const bytes = Buffer.byteLength(await history.text());
    const ended = { outcome: 'finished' };
    await until(
      async () => (await metricsOf(server.port)).value('wireroom_downloads_ended_total', ended) === 1,
    );
    const after = await metricsOf(server.port);
    expect(after.value('wireroom_download_bytes_total')).toBe(bytes);
    expect(after.value('wireroom_downloads_running')).toBe(0);
  }, 120_000);

  it('[M6] who does not read is seen, and is not any more when they have read', async () => {
    const server = await serve();
    const ada = await enter(server, 'Ada');
    const bo = await enter(server, 'Bo');
    bo.socket.pause();
    const text = 'x'.repeat(15_000);
    let last = 0;
    await until(async () => {
      for (let count = 0; count < 40; count += 1) last = Number((await ada.post(text)).seq);
      return (await metricsOf(server.port)).value('wireroom_readers_behind') === 1;
    });
    const behind = await metricsOf(server.port);
    expect(behind.value('wireroom_waiting_bytes_max')).toBeGreaterThan(100_000);
    expect(behind.value('wireroom_waiting_bytes')).toBeGreaterThanOrEqual(
      behind.value('wireroom_waiting_bytes_max'),
    );
    expect(behind.value('wireroom_feed_lag_entries_max')).toBeGreaterThan(0);
    expect(behind.value('wireroom_deliveries_kept_back_total', { gateway: 'native' })).toBeGreaterThan(0);
    bo.socket.resume();
    await until(async () => bo.entries.some(({ seq }) => seq === last));
    await until(async () => (await metricsOf(server.port)).value('wireroom_readers_behind') === 0);
    expect((await metricsOf(server.port)).value('wireroom_feed_lag_entries')).toBe(0);
  }, 120_000);

  it('[M3] are read with the token, which is in no log', async () => {
    const token = 'metrics-token-0123456789';
    const server = await spawnServer({
      METRICS: 'token',
      METRICS_TOKEN: token,
      LOG_LEVEL: 'trace',
      DATA_DIR: folder(),
    });
    const ask = (headers: Record<string, string>) =>
      fetch(`http://localhost:${server.port}/metrics`, { headers });
    expect((await ask({})).status).toBe(401);
    expect((await ask({ authorization: `Bearer ${token}` })).status).toBe(200);
    expect(await server.end('SIGTERM')).toBe(0);
    expect(server.stdout() + server.stderr()).not.toContain(token);
  }, 120_000);
});

describe('whether anybody should be sent here', () => {
  it('[M7] is said whatever the request calls the server, and by what name', async () => {
    const server = await serve({ ALLOWED_HOSTS: 'chat.example' });
    expect(await readyz(server.port)).toEqual({ status: 200, isReady: true, codes: [] });
    expect((await fetch(`http://127.0.0.1:${server.port}/healthz`)).status).toBe(200);
    expect((await fetch(`http://127.0.0.1:${server.port}/`)).status).toBe(421);
  }, 120_000);

  it('[M7] SIGTERM: not ready while it sends people away, and says why', async () => {
    const server = await spawnServer({ DATA_DIR: folder() });
    const [ada, bo] = await Promise.all(
      ['Ada', 'Bo'].map(() => NativeClient.open(`ws://localhost:${server.port}/ws`)),
    );
    // Never answers the server's Close: it is waited for, and the connection of the one who asks stays meanwhile.
    bo?.socket.pause();
    const agent = keptConnection(server.port);
    expect(await agent.get('/readyz')).toMatchObject({ status: 200 });
    const ended = server.end('SIGTERM');
    await ada?.closed;
    const answer = await agent.get('/readyz');
    expect(answer.status).toBe(503);
    expect(JSON.parse(answer.body)).toMatchObject({ isReady: false, reasons: [{ code: 'stopping' }] });
    expect(await ended).toBe(0);
  }, 120_000);
});

describe.skipIf(postgres === undefined)('on PostgreSQL', () => {
  let database: Awaited<ReturnType<typeof temporaryDatabase>>;
  beforeAll(async () => {
    database = await temporaryDatabase(postgres ?? '');
  });
  afterAll(() => database.drop());

  it('[M1] the same names are shown', async () => {
    const [one, other] = [await serve(), await serve({ DATABASE_URL: database.url })];
    expect((await metricsOf(other.port)).names).toEqual((await metricsOf(one.port)).names);
  }, 120_000);

  it('[M8] not ready while the database is away, and ready by itself when it is back', async () => {
    const url = new URL(database.url);
    const way = await CuttableProxy.start();
    cleanUps.push(() => way.close());
    way.target = Number(url.port || 5432);
    url.host = `127.0.0.1:${way.port}`;
    const server = await serve({ DATABASE_URL: url.href });
    const ada = await enter(server, 'Ada');
    expect((await ada.post('before')).type).toBe('posted');
    expect((await metricsOf(server.port)).value('wireroom_commit_seconds_count')).toBeGreaterThan(0);
    way.cut();
    expect(await ada.post('lost')).toMatchObject({ type: 'refused', code: 'storage-failed' });
    expect(await readyz(server.port)).toEqual({ status: 503, isReady: false, codes: ['storage-failed'] });
    expect((await metricsOf(server.port)).value('wireroom_ready')).toBe(0);
    way.mend();
    await until(async () => (await readyz(server.port)).isReady);
    expect((await ada.post('after')).type).toBe('posted');
  }, 120_000);
});

/** One connection that stays: a server that stops takes no new ones in the end. */
function keptConnection(port: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  cleanUps.push(() => agent.destroy());
  return {
    get: (path: string) =>
      new Promise<{ status: number; body: string }>((resolve, reject) => {
        request({ port, path, agent, host: 'localhost' }, (response) => {
          let body = '';
          response.setEncoding('utf8').on('data', (text: string) => {
            body += text;
          });
          response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
        })
          .on('error', reject)
          .end();
      }),
  };
}
