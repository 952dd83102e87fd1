// Our servers of the bench start, from source, and carry a message: nobody would notice in time if they did not.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { io } from 'socket.io-client';
import { afterEach, expect, test } from 'vitest';
import WebSocket from 'ws';
import { root } from '../scripts/root.mjs';

let server: ChildProcess | undefined;
afterEach(async () => {
  if (server === undefined) return;
  const ended = once(server, 'exit');
  server.kill('SIGKILL');
  await ended;
  server = undefined;
});

/** Resolves with the port that it says it listens on. */
async function start(file: string, ...args: readonly string[]): Promise<number> {
  const path = fileURLToPath(new URL(`servers/${file}`, import.meta.url));
  server = spawn(
    process.execPath,
    ['--conditions=@wireroom/source', '--import', 'tsx', path, '0', ...args],
    // Socket.IO comes from the server's own dependencies here.
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, BENCH_PEERS: `${root}/packages/server`, BENCH_ENGINE: 'wireroom' },
    },
  );
  if (server.stdout === null) throw new Error('stdout is a pipe');
  for await (const line of createInterface({ input: server.stdout })) {
    const port = /^listening (\d+)$/.exec(line)?.[1];
    if (port !== undefined) return Number(port);
  }
  throw new Error(`${file} ended without listening`);
}

interface Opened {
  readonly socket: WebSocket;
  /** What the server answered about extensions. */
  readonly agreed: string | undefined;
}

async function open(port: number): Promise<Opened> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`);
  const [[response]] = await Promise.all([once(socket, 'upgrade'), once(socket, 'open')]);
  return { socket, agreed: response.headers['sec-websocket-extensions'] };
}

const servers = ['wireroom.mjs', 'wireroom-ws-api.mjs'];

test.each(servers)('%s sends text and bytes back as they came', async (file) => {
  const { socket } = await open(await start(file, 'echo'));
  socket.send('grüße');
  expect(await once(socket, 'message')).toEqual([Buffer.from('grüße'), false]);
  socket.send(Buffer.from([0, 255]));
  expect(await once(socket, 'message')).toEqual([Buffer.from([0, 255]), true]);
});

test.each(servers)('%s sends to all, the sender too', async (file) => {
  const port = await start(file, 'bcast');
  const sockets = [await open(port), await open(port)] as const;
  const received = sockets.map(({ socket }) => once(socket, 'message'));
  sockets[0].socket.send('to all');
  for (const message of received) expect(await message).toEqual([Buffer.from('to all'), false]);
});

test.each([
  ['shared', 'permessage-deflate; server_no_context_takeover'],
  ['takeover', 'permessage-deflate'],
])('wireroom.mjs compresses: %s', async (deflate, parameters) => {
  const { socket, agreed } = await open(await start('wireroom.mjs', 'echo', deflate));
  expect(agreed).toBe(parameters);
  socket.send('again and again and again');
  expect(await once(socket, 'message')).toEqual([Buffer.from('again and again and again'), false]);
});

test('socketio.cjs runs on our engine', async () => {
  const port = await start('socketio.cjs', 'echo');
  const socket = io(`http://127.0.0.1:${port}`, { transports: ['websocket'], reconnection: false });
  const answer = new Promise((resolve) => socket.on('m', resolve));
  socket.emit('m', 'hello');
  expect(await answer).toBe('hello');
  socket.disconnect();
});
