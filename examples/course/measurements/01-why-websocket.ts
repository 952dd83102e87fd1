// How many bytes it takes to bring twenty short messages to a page: by asking again and again, by long polling, by
// server-sent events, and over one WebSocket.
import http from 'node:http';
import { WebSocketServer } from '@wireroom/websocket';
import { type Report, rounded, t } from './report.ts';
import { listen, open, Wire } from './wires.ts';

const COUNT = 20;
const LINE = '{"type":"CHAT","sender":"Ada","message":"hello"}';
/** What a browser sends along with each request, cookies of a modest site included. */
const HEADERS: Readonly<Record<string, string>> = {
  Host: 'chat.example.com',
  'User-Agent':
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
  Accept: '*/*',
  'Accept-Language': 'zh-CN,zh;q=0.9,en;q=0.8',
  'Accept-Encoding': 'gzip, deflate, br, zstd',
  Referer: 'http://chat.example.com/room',
  Cookie: 'sid=0123456789abcdef0123456789abcdef; theme=dark',
};

interface Taken {
  readonly requests: number;
  readonly up: number;
  readonly down: number;
}

async function through(serverPort: number, run: (wire: Wire) => Promise<number>): Promise<Taken> {
  const wire = await Wire.to(serverPort);
  const requests = await run(wire);
  const taken = { requests, up: wire.toServer, down: wire.toClient };
  await wire.close();
  return taken;
}

function get(port: number, path: string, agent: http.Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = http.get({ port, host: '127.0.0.1', path, agent, headers: HEADERS }, async (response) => {
      let body = '';
      for await (const chunk of response) body += String(chunk);
      resolve(body);
    });
    request.on('error', reject);
  });
}

/** Every second question of the short polling finds nothing new; every one of the long polling waits until there is. */
function httpServer(): http.Server {
  let asked = 0;
  return http.createServer((request, response) => {
    if (request.url === '/events') {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      for (let sent = 0; sent < COUNT; sent++) response.write(`data: ${LINE}\n\n`);
      response.end();
      return;
    }
    asked += 1;
    const isEmpty = request.url === '/poll' && asked % 2 === 1;
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(isEmpty ? '[]' : `[${LINE}]`);
  });
}

async function polls(port: number, path: string, requests: number): Promise<number> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  for (let sent = 0; sent < requests; sent++) await get(port, path, agent);
  agent.destroy();
  return requests;
}

async function overWebSocket(port: number): Promise<number> {
  const socket = await open(port, { ...HEADERS, Origin: 'http://chat.example.com' });
  let came = 0;
  // The server's frames are not masked: two bytes of header and the line.
  for await (const chunk of socket) {
    came += Buffer.isBuffer(chunk) ? chunk.length : 0;
    if (came >= COUNT * (2 + LINE.length)) break;
  }
  return 1;
}

export async function measure(): Promise<Report> {
  const plain = httpServer();
  const httpPort = await listen(plain);
  const engine = new WebSocketServer({
    onConnection: (connection) => {
      for (let sent = 0; sent < COUNT; sent++) connection.send(LINE);
    },
  });
  const { port } = await engine.listen({ port: 0, host: '127.0.0.1' });
  const ways = [
    [
      t('轮询（一半的请求扑空）', 'polling (every second request in vain)'),
      await through(httpPort, (wire) => polls(wire.port, '/poll', COUNT * 2)),
    ],
    [t('长轮询', 'long polling'), await through(httpPort, (wire) => polls(wire.port, '/long', COUNT))],
    [
      t('SSE（只能下行）', 'SSE (downwards only)'),
      await through(httpPort, (wire) => polls(wire.port, '/events', 1)),
    ],
    ['WebSocket', await through(port, (wire) => overWebSocket(wire.port))],
  ] as const;
  plain.close();
  await engine.close();
  return {
    title: t(
      `把 ${COUNT} 条各 ${LINE.length} 字节的消息送到页面`,
      `Bringing ${COUNT} messages of ${LINE.length} bytes each to a page`,
    ),
    columns: [
      t('方式', 'way'),
      t('请求数', 'requests'),
      t('上行字节', 'bytes up'),
      t('下行字节', 'bytes down'),
      t('每条消息合计', 'all per message'),
    ],
    rows: ways.map(([name, { requests, up, down }]) => [
      name,
      requests,
      up,
      down,
      rounded((up + down) / COUNT),
    ]),
    note: t(
      '握手也算在内；TCP 和 IP 自己的头不算。',
      'Handshakes are included; the headers of TCP and IP are not.',
    ),
  };
}
