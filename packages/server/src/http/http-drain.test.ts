// Which HTTP connections end when, over a clock of the test's own: a real server, whose answers the test holds back.
import { once } from 'node:events';
import http, { type ServerResponse } from 'node:http';
import net, { type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { drainHttp } from './http-drain.ts';

let server: http.Server;
let door: net.Server;
let port: number;
let held: ServerResponse[];
const sockets = new Set<Socket>();
const clock = { now: 0 };

beforeEach(async () => {
  clock.now = 0;
  held = [];
  server = http.createServer((request, response) => {
    if (request.url === '/held') held.push(response);
    else response.end('done');
  });
  server.emit('listening');
  door = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    server.emit('connection', socket);
  });
  door.listen(0, '127.0.0.1');
  await once(door, 'listening');
  port = (door.address() as AddressInfo).port;
});
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  door.close();
});

/** A connection that has asked for `path`; all that it gets is kept. */
function ask(path: string): { readonly text: () => string; readonly ended: Promise<void> } {
  let text = '';
  const socket = net.connect(port, '127.0.0.1');
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk;
  });
  socket.on('error', () => {});
  socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
  return { text: () => text, ended: new Promise((resolve) => socket.on('close', () => resolve())) };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await turn();
}

const drained = (): Promise<void> =>
  drainHttp({
    servers: [server],
    sockets,
    graceMs: 1_000,
    now: () => clock.now,
    // Time passes only where the test says so.
    pause: turn,
  });

describe('the drain of HTTP', () => {
  it('[R5] ends who waits for a request at once, and lets an answer come to its end, however slowly', async () => {
    const [idle, busy] = [ask('/'), ask('/held')];
    await until(() => idle.text().endsWith('done') && held.length === 1);
    const over = drained();
    await idle.ended;
    const [response] = held;
    for (const word of ['one ', 'two ', 'three']) {
      response?.write(word);
      // Everything that was written has left: between two reads of the log an answer looks like this.
      await until(() => busy.text().includes(word.trim()));
      for (let turns = 0; turns < 20; turns++) await turn();
    }
    response?.end();
    await over;
    await busy.ended;
    expect(busy.text()).toContain('three');
    expect(busy.text().endsWith('0\r\n\r\n')).toBe(true);
  });

  it('[R5] cuts an answer that takes longer than that', async () => {
    const busy = ask('/held');
    await until(() => held.length === 1);
    const over = drained();
    held[0]?.write('begun');
    await until(() => busy.text().includes('begun'));
    clock.now = 1_000;
    await over;
    await busy.ended;
    expect(busy.text()).not.toContain('0\r\n\r\n');
  });
});
