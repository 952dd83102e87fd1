import { once } from 'node:events';
import http from 'node:http';
import { describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { atEnd, listen } from '../testing/loopback.ts';
import { ask, RawPeer, upgradeRequest } from '../testing/raw-peer.ts';

describe('requests that are not ours', () => {
  async function withHttp(): Promise<number> {
    const web = http.createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => response.end(`${request.method} ${request.url} ${body}`));
    });
    const listeners: number[] = [];
    const { port } = await listen({
      handOn(socket) {
        listeners.push(
          ...['data', 'readable', 'end', 'error', 'close'].map((name) => socket.listenerCount(name)),
        );
        web.emit('connection', socket);
      },
    });
    atEnd(() => {
      // What net itself listens to (`end`, to know when both sides are through) is all that is left.
      expect(listeners.every((count, i) => count === (i % 5 === 2 ? 1 : 0))).toBe(true);
    });
    return port;
  }

  it('[W8] go on to an http.Server on the same port, keep-alive and all', async () => {
    const port = await withHttp();
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const get = (path: string) =>
      new Promise<string>((resolve, reject) => {
        http
          .get({ port, path, agent, host: '127.0.0.1' }, (response) => {
            response.setEncoding('utf8');
            response.on('data', (chunk) => resolve(`${response.statusCode} ${chunk}`));
          })
          .on('error', reject);
      });
    expect(await get('/one')).toBe('200 GET /one ');
    expect(await get('/two')).toBe('200 GET /two ');
    agent.destroy();
    const client = new WebSocket(`ws://127.0.0.1:${port}/`);
    await once(client, 'open');
    client.close();
    await once(client, 'close');
  });

  it('[W8] go on with every byte, however they are cut', async () => {
    const port = await withHttp();
    const request =
      'POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello' +
      'GET /y HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
    for (const isBytewise of [false, true]) {
      const peer = await RawPeer.dial(port);
      if (isBytewise) await peer.writeBytewise(request);
      else peer.socket.write(request);
      const answer = (await peer.untilEnd()).toString();
      expect(answer).toContain('POST /x hello');
      expect(answer).toContain('GET /y ');
      peer.socket.destroy();
    }
  });

  it('[W8] by our own choice, too', async () => {
    const { port } = await listen({
      isForUs: ({ path, headers, method }) => path === '/ws' && method === 'GET' && headers.has('upgrade'),
      handOn: (socket) => socket.end('theirs'),
    });
    expect(await ask(port, upgradeRequest([], '/other'))).toBe('theirs');
    const peer = await RawPeer.dial(port);
    peer.socket.write(upgradeRequest([], '/ws?a'));
    expect(await peer.takeHead()).toContain(' 101 ');
    peer.socket.destroy();
  });

  it('[W8] are refused where nobody takes them', async () => {
    const { port } = await listen({
      isForUs: ({ path, headers }) => path === '/ws' && headers.has('upgrade'),
    });
    expect(await ask(port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')).toMatch(
      /426 Upgrade Required.*Upgrade: websocket/s,
    );
    expect(await ask(port, upgradeRequest([], '/other'))).toContain('404 Not Found');
  });
});
