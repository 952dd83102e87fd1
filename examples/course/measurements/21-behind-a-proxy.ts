// A proxy between client and server, set up in four ways: the headers of one hop, the time-out of silence, the address.
import http from 'node:http';
import net from 'node:net';
import { connect, WebSocketServer, WireError } from '@wireroom/websocket';
import { type Cell, type Report, rounded, t } from './report.ts';
import { listen, within } from './wires.ts';

const IDLE_MS = 300;
const WATCHED_MS = 900;
/** Headers that are meant for the next hop only (RFC 9110 section 7.6.1): a proxy drops them unless told otherwise. */
const ONE_HOP = /^(connection|upgrade|keep-alive|te|trailer|transfer-encoding|proxy-.*)$/i;

/** Takes `Upgrade` for what it is to a proxy that was told nothing: a header of this hop. */
function ignorant(port: number): http.Server {
  const proxy = http.createServer();
  proxy.on('upgrade', (request, socket) => {
    const headers = Object.fromEntries(
      Object.entries(request.headers).filter(([name]) => !ONE_HOP.test(name)),
    );
    http
      .get({ port, host: '127.0.0.1', path: request.url, headers, agent: false }, (answer) => {
        answer.resume();
        socket.end(
          `HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
        );
      })
      .on('error', () => socket.destroy());
  });
  return proxy;
}

/** Passes upgrades on, says for whom, and cuts connections on which nothing moved. */
function knowing(port: number): http.Server {
  const proxy = http.createServer();
  proxy.on('upgrade', (request, socket: net.Socket) => {
    const upstream = net.connect(port, '127.0.0.1');
    const pairs = request.rawHeaders.flatMap((name, index, all) =>
      index % 2 === 0 ? [`${name}: ${all[index + 1]}\r\n`] : [],
    );
    upstream.write(`GET ${request.url} HTTP/1.1\r\n${pairs.join('')}X-Forwarded-For: 203.0.113.7\r\n\r\n`);
    for (const end of [socket, upstream]) {
      end
        .on('error', () => undefined)
        .on('close', () => [socket, upstream].forEach((other) => void other.destroy()));
      end.setTimeout(IDLE_MS, () => end.destroy());
    }
    upstream.pipe(socket).pipe(upstream);
  });
  return proxy;
}

async function throughProxy(make: typeof knowing, pingIntervalMs: number): Promise<readonly Cell[]> {
  let seen: Cell = '–';
  const server = new WebSocketServer({
    limits: { pingIntervalMs },
    onConnection: (connection, request) => {
      seen = `${connection.remoteAddress}, X-Forwarded-For ${request.headers.get('x-forwarded-for')}`;
    },
  });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  const proxy = make(port);
  const proxyPort = await listen(proxy);
  try {
    const client = await connect(`ws://127.0.0.1:${proxyPort}/`);
    const started = performance.now();
    const lost = new Promise<number>((resolve) => client.handle({ close: ({ code }) => resolve(code) }));
    const code = await within(WATCHED_MS, lost);
    const after = rounded(performance.now() - started);
    client.terminate();
    return [
      '101',
      code === undefined
        ? t(`${WATCHED_MS} ms 后还在`, `there after ${WATCHED_MS} ms`)
        : t(`${after} ms 后断，${code}`, `lost after ${after} ms, ${code}`),
      seen,
    ];
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return [String(error.httpStatus ?? error.code), '–', seen];
  } finally {
    proxy.closeAllConnections();
    proxy.close();
    await server.close({ timeoutMs: 100 });
  }
}

export async function measure(): Promise<Report> {
  return {
    title: t(`代理的空闲超时是 ${IDLE_MS} ms`, `The proxy cuts what is idle for ${IDLE_MS} ms`),
    columns: [
      t('代理和心跳', 'proxy and heartbeat'),
      t('握手', 'handshake'),
      t('之后', 'then'),
      t('服务器看到的来源', 'where it comes from, as the server sees it'),
    ],
    rows: [
      [
        t('不转发 Upgrade（代理的默认）', 'does not pass Upgrade on (a proxy’s default)'),
        ...(await throughProxy(ignorant, 0)),
      ],
      [t('转发 Upgrade，没有 Ping', 'passes it on, no pings'), ...(await throughProxy(knowing, 0))],
      [
        t('转发 Upgrade，每 100 ms 一个 Ping', 'passes it on, a ping every 100 ms'),
        ...(await throughProxy(knowing, 100)),
      ],
    ],
  };
}
