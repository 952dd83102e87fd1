// Faults that real proxies cause, with a real nginx and the configurations that the course shows.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  type CloseEvent,
  type Connection,
  WebSocketServer,
  type WebSocketServerOptions,
} from '@wireroom/websocket';
import { afterEach, describe, expect, it } from 'vitest';
import { findNginx, startNginx } from './nginx.ts';

const nginx = findNginx();
const configOf = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../docs/course/nginx/${name}`, import.meta.url)), 'utf8');

const PING = Buffer.from([0x89, 0x00]);
/** Masked, as from a client, with a key of zeros. */
const PONG = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

interface Behind {
  readonly connections: readonly Connection[];
  /** What went wrong at the server, by code. */
  readonly errors: readonly string[];
  /** How the first connection ended, as the server's program is told. */
  readonly closed: Promise<CloseEvent>;
  /** What a client gets that asks nginx for a WebSocket, up to the end, or up to what it waits for. */
  ask(until: (received: string) => boolean): Promise<string>;
}

async function behindNginx(location: string, options: Partial<WebSocketServerOptions> = {}): Promise<Behind> {
  const connections: Connection[] = [];
  const errors: string[] = [];
  let tellClosed: (event: CloseEvent) => void = () => undefined;
  const closed = new Promise<CloseEvent>((resolve) => {
    tellClosed = resolve;
  });
  const server = new WebSocketServer({
    onError: ({ code }) => errors.push(code),
    ...options,
    onConnection(connection) {
      connections.push(connection);
      connection.handle({ close: tellClosed });
      connection.send('welcome');
    },
  });
  ends.push(() => server.close({ timeoutMs: 50 }));
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  const proxy = await startNginx(nginx ?? '', location, port);
  ends.push(() => proxy.stop());
  return {
    connections,
    errors,
    closed,
    ask: (until) =>
      new Promise((resolve) => {
        const socket = proxy.connect();
        ends.push(async () => void socket.destroy());
        let received = '';
        socket.on('data', (chunk: Buffer) => {
          received += chunk.toString('latin1');
          if (PING.equals(chunk)) socket.write(PONG);
          if (until(received)) resolve(received);
        });
        socket.on('error', () => undefined);
        socket.on('end', () => resolve(`${received}[end]`));
        socket.write(
          'GET /ws HTTP/1.1\r\nHost: chat.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
            'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
        );
      }),
  };
}

describe.skipIf(nginx === undefined)('a real nginx', () => {
  it('[T12] by its defaults passes a request on that asks for no upgrade: 426', async () => {
    const { ask, errors, connections } = await behindNginx(configOf('upgrade-missing.conf'));
    expect(await ask((received) => received.includes('\r\n\r\n'))).toMatch(/^HTTP\/1\.1 426 /);
    expect(errors).toEqual(['upgrade-missing']);
    expect(connections).toEqual([]);
  });

  it('[T12] passes the upgrade and the messages on when it is told to', async () => {
    const { ask, errors } = await behindNginx(configOf('upgrade.conf'));
    const answer = await ask((received) => received.includes('welcome'));
    expect(answer).toMatch(/^HTTP\/1\.1 101 /);
    expect(answer).toContain('Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
    expect(errors).toEqual([]);
  });

  it('[T12] ends a connection on which the server is silent for proxy_read_timeout', async () => {
    const impatient = configOf('upgrade.conf').replace('proxy_read_timeout 60s', 'proxy_read_timeout 300ms');
    const { ask, closed } = await behindNginx(impatient, { limits: { pingIntervalMs: 0 } });
    expect(await ask(() => false)).toMatch(/welcome\[end\]$/);
    expect(await closed).toMatchObject({ code: 1006, wasClean: false });
  });

  it('[T12] keeps a connection on which the server pings more often', async () => {
    // nginx moves a timer only by 300 ms or more, so pings that come oftener would need a longer time-out to be seen.
    const impatient = configOf('upgrade.conf').replace('proxy_read_timeout 60s', 'proxy_read_timeout 1s');
    const { ask, errors } = await behindNginx(impatient, { limits: { pingIntervalMs: 350 } });
    // Four pings, each answered, take longer than nginx waits for a byte.
    const received = await ask((all) => all.split(PING.toString('latin1')).length > 4);
    expect(received).not.toContain('[end]');
    expect(errors).toEqual([]);
  });
});
