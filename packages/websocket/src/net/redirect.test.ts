import net, { type AddressInfo } from 'node:net';
import tls from 'node:tls';
import { generate } from 'selfsigned';
import { describe, expect, it } from 'vitest';
import { atEnd } from '../testing/loopback.ts';
import { acceptance, failure, type RawServer, rawServer } from '../testing/raw-server.ts';
import { connect } from './client.ts';
import type { ConnectTarget } from './dial.ts';
import { follow, type Way } from './redirect.ts';

function redirection(location: string, status = 302): string {
  return `HTTP/1.1 ${status} Elsewhere\r\nLocation: ${location}\r\nContent-Length: 5\r\n\r\nthere`;
}

/** Answers the request with this index; returns it once its socket has ended. */
async function answer(server: RawServer, index: number, response: string): Promise<string> {
  const { peer, request } = await server.peer(index);
  peer.socket.write(response);
  await peer.untilEnd();
  return request;
}

const HEADERS = {
  Cookie: 'c=1',
  authorization: 'Basic abc',
  'Proxy-Authorization': 'Basic def',
  'X-Other': 'stays',
};

describe('redirects', () => {
  it('[W86] are refused unless chosen, and the error says where they point', async () => {
    const server = await rawServer();
    const connecting = failure(connect(server.url));
    await answer(server, 0, redirection('wss://elsewhere.example/chat'));
    expect(await connecting).toMatchObject({
      code: 'redirect-refused',
      httpStatus: 302,
      message:
        'The server answered 302 and points to "wss://elsewhere.example/chat": redirects are not followed.',
    });
  });

  it('[W86] an answer without Location is a refusal like others', async () => {
    const server = await rawServer();
    const connecting = failure(connect(server.url, { redirectsMax: 5 }));
    await answer(server, 0, 'HTTP/1.1 302 Found\r\n\r\n');
    expect(await connecting).toMatchObject({ code: 'response-refused', httpStatus: 302 });
    const other = failure(connect(server.url, { redirectsMax: 5 }));
    await answer(server, 1, redirection('/a', 300));
    expect(await other).toMatchObject({ code: 'response-refused', httpStatus: 300 });
  });

  it('[W87] are followed by choice: relative ones within the server, with everything and a fresh key', async () => {
    const server = await rawServer();
    const connecting = connect(`${server.url}a/b?x=1`, {
      redirectsMax: 3,
      headers: HEADERS,
      subprotocols: ['chat'],
    });
    const requests = [
      await answer(server, 0, redirection('c?y=2#part', 301)),
      await answer(server, 1, redirection('/d', 308)),
      await answer(server, 2, redirection(`http://127.0.0.1:${server.port}/e`, 307)),
    ];
    const { peer, request, accept } = await server.peer(3);
    peer.socket.write(acceptance(accept, 'Sec-WebSocket-Protocol: chat\r\n'));
    const client = await connecting;
    expect(client.subprotocol).toBe('chat');
    client.terminate();
    const all = [...requests, request];
    const targets = all.map((one) => one.split(' ', 2)[1]);
    expect(targets).toEqual(['/a/b?x=1', '/a/c?y=2', '/d', '/e']);
    for (const one of all) {
      for (const [name, value] of Object.entries(HEADERS)) expect(one).toContain(`\r\n${name}: ${value}\r\n`);
    }
    const keys = all.map((one) => /Sec-WebSocket-Key: (.*)\r\n/.exec(one)?.[1]);
    expect(new Set(keys).size).toBe(4);
  });

  it('[W88] secrets do not go to another origin, and do not come back', async () => {
    const [first, second] = [await rawServer(), await rawServer()];
    const connecting = connect(first.url, { redirectsMax: 2, headers: HEADERS });
    await answer(first, 0, redirection(second.url));
    const there = await answer(second, 0, redirection(first.url));
    const { peer, request, accept } = await first.peer(1);
    peer.socket.write(acceptance(accept));
    (await connecting).terminate();
    for (const one of [there, request]) {
      expect(one).not.toMatch(/cookie|authorization/i);
      expect(one).toContain('\r\nX-Other: stays\r\n');
    }
    expect(there).toContain(`\r\nHost: 127.0.0.1:${second.port}\r\n`);
  });

  it('[W88] nor do client certificate and server name; what is trusted stays', () => {
    const way: Way = {
      url: new URL('wss://a.example/'),
      headers: {},
      tls: { ca: 'ca', cert: 'cert', key: 'key', servername: 'a.example', rejectUnauthorized: true },
    };
    const elsewhere = follow(way, { status: 302, location: 'https://b.example/' }, false);
    expect(elsewhere).toMatchObject({ tls: { ca: 'ca', rejectUnauthorized: true } });
    expect(Object.keys(elsewhere.tls)).toEqual(['ca', 'rejectUnauthorized']);
    expect(elsewhere.url.href).toBe('wss://b.example/');
    expect(follow(way, { status: 302, location: '/x' }, false).tls).toBe(way.tls);
    const samePort = follow(way, { status: 302, location: 'wss://a.example:443/x' }, false);
    expect(samePort.tls).toBe(way.tls);
  });

  it('[W87] never leave TLS', async () => {
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }]);
    const secure = tls.createServer({ key, cert }, (socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(redirection('ws://127.0.0.1:1/')));
    });
    await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
    atEnd(() => void secure.close());
    const { port } = secure.address() as AddressInfo;
    const connecting = connect(`wss://127.0.0.1:${port}/`, {
      redirectsMax: 5,
      tls: { rejectUnauthorized: false },
    });
    expect(await failure(connecting)).toMatchObject({
      code: 'redirect-refused',
      message: 'The server answered 302 and points to "ws://127.0.0.1:1/": which would leave TLS.',
    });
  });

  it('[W87] to what is no address of a WebSocket', async () => {
    for (const location of ['ftp://a/', 'ws://user:pass@a/', 'http://:1/', 'javascript:1']) {
      const server = await rawServer();
      const connecting = failure(connect(server.url, { redirectsMax: 1 }));
      await answer(server, 0, redirection(location));
      expect(await connecting, location).toMatchObject({ code: 'redirect-invalid', httpStatus: 302 });
    }
    const server = await rawServer();
    const connecting = failure(connect(server.url, { redirectsMax: 1 }));
    await answer(server, 0, redirection('/a\r\nLocation: /b'));
    expect((await connecting).code).toBe('redirect-invalid');
  });

  it('[W87] that go round in a circle come to an end', async () => {
    const server = await rawServer();
    const connecting = failure(connect(server.url, { redirectsMax: 2 }));
    for (const index of [0, 1, 2]) await answer(server, index, redirection('/'));
    expect(await connecting).toMatchObject({ code: 'redirects-exceeded', httpStatus: 302 });
  });

  it('[W13] [W87] one deadline and one abort for all, and the connector is asked each time', async () => {
    const server = await rawServer();
    const targets: ConnectTarget[] = [];
    const slow = failure(connect(server.url, { redirectsMax: 5, timeoutMs: 400 }));
    await answer(server, 0, redirection('/a'));
    const last = await server.peer(1);
    expect((await slow).code).toBe('connect-timeout');
    await last.peer.untilEnd();

    const controller = new AbortController();
    const aborted = failure(
      connect('ws://first.example/', {
        redirectsMax: 5,
        signal: controller.signal,
        connector: (target) => {
          targets.push(target);
          return net.connect(server.port, '127.0.0.1');
        },
      }),
    );
    await answer(server, 2, redirection('wss://second.example:8443/x'));
    const { peer } = await server.peer(3);
    controller.abort();
    expect((await aborted).code).toBe('connect-aborted');
    await peer.untilEnd();
    expect(targets).toEqual([
      { host: 'first.example', port: 80, secure: false, tls: {} },
      { host: 'second.example', port: 8443, secure: true, tls: {} },
    ]);
  });
});
