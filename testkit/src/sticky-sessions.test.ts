// What the course says of polling without sticky sessions, with two real Socket.IO servers. Its own scene plays it with
// servers that speak as much Engine.IO as it needs; here it is shown that the real ones say the same.
import { createServer, type Server as HttpServer } from 'node:http';
import { Server } from 'socket.io';
import { afterEach, describe, expect, it } from 'vitest';

interface Running {
  readonly http: HttpServer;
  readonly io: Server;
  readonly url: string;
}

const servers: Running[] = [];
afterEach(async () => {
  for (const { io } of servers.splice(0)) await io.close();
});

async function start(): Promise<Running> {
  const http = createServer();
  const io = new Server(http);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const address = http.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const running = { http, io, url: `http://127.0.0.1:${port}/socket.io/?EIO=4&transport=polling` };
  servers.push(running);
  return running;
}

/** Opens a session at a server: its id. */
async function open({ url }: Running): Promise<string> {
  const opened = await (await fetch(url)).text();
  return /"sid":"([^"]+)"/.exec(opened)?.[1] ?? '';
}

const connectIn = ({ url }: Running, sid: string): Promise<Response> =>
  fetch(`${url}&sid=${sid}`, { method: 'POST', body: '40' });

describe('two real Socket.IO servers', () => {
  it('[T11] the one does not know the session that the other has opened', async () => {
    const [a, b] = [await start(), await start()];
    const refused = await connectIn(b, await open(a));
    expect(refused.status).toBe(400);
    expect(await refused.json()).toEqual({ code: 1, message: 'Session ID unknown' });
  });

  it('[T11] the one that has opened it does', async () => {
    const a = await start();
    const answer = await connectIn(a, await open(a));
    expect([answer.status, await answer.text()]).toEqual([200, 'ok']);
  });

  it('[T11] a transport that it does not know has a code of its own', async () => {
    const a = await start();
    const refused = await fetch(a.url.replace('polling', 'nothing'));
    expect(await refused.json()).toEqual({ code: 0, message: 'Transport unknown' });
  });

  it('[T11] so has WebSocket without an upgrade, as it comes from a proxy that drops the header', async () => {
    const a = await start();
    const refused = await fetch(a.url.replace('polling', 'websocket'));
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ code: 3, message: 'Bad request' });
  });
});
