// Where a token shows up that was sent in different ways: a proxy in front writes the usual access log.
import http from 'node:http';
import net from 'node:net';
import { connect, type UpgradeRequest, WebSocketServer } from '@wireroom/websocket';
import { type Cell, type Report, t, yesNo } from './report.ts';
import { listen } from './wires.ts';

const TOKEN = 's3cr3t-t0k3n';

/** Forwards upgrades and writes one line each, like the `combined` format of web servers. */
async function proxyTo(port: number, log: string[]): Promise<http.Server> {
  const proxy = http.createServer();
  proxy.on('upgrade', (request, socket, head) => {
    const { method, url, httpVersion, headers, rawHeaders } = request;
    log.push(
      `127.0.0.1 "${method} ${url} HTTP/${httpVersion}" 101 "${headers.referer ?? '-'}" "${headers['user-agent'] ?? '-'}"`,
    );
    const upstream = net.connect(port, '127.0.0.1');
    const pairs = rawHeaders.flatMap((name, index) =>
      index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1]}\r\n`] : [],
    );
    upstream.write(`${method} ${url} HTTP/1.1\r\n${pairs.join('')}\r\n`);
    upstream.write(head);
    upstream
      .on('error', () => socket.destroy())
      .pipe(socket)
      .on('error', () => upstream.destroy())
      .pipe(upstream);
  });
  return proxy;
}

interface Way {
  readonly name: Cell;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly subprotocols?: readonly string[];
  readonly firstMessage?: string;
  /** Whether a script in a browser can do it: its constructor takes a URL and subprotocols, and nothing else. */
  readonly isOpenToScripts: boolean;
}

const WAYS: readonly Way[] = [
  { name: t('URL 参数', 'in the URL'), path: `/?token=${TOKEN}`, isOpenToScripts: true },
  {
    name: t('Authorization 头', 'Authorization header'),
    headers: { Authorization: `Bearer ${TOKEN}` },
    isOpenToScripts: false,
  },
  {
    name: t('Cookie（HttpOnly）', 'cookie (HttpOnly)'),
    headers: { Cookie: `sid=${TOKEN}` },
    isOpenToScripts: true,
  },
  { name: t('借用子协议', 'as a subprotocol'), subprotocols: ['chat', TOKEN], isOpenToScripts: true },
  { name: t('第一条消息', 'in the first message'), firstMessage: TOKEN, isOpenToScripts: true },
];

const knows = ({ target, headers, subprotocols }: UpgradeRequest): boolean =>
  [target, headers.get('authorization'), headers.get('cookie'), ...subprotocols].some((place) =>
    place?.includes(TOKEN),
  );

export async function measure(): Promise<Report> {
  const log: string[] = [];
  let isKnownAtHandshake = false;
  const server = new WebSocketServer({
    decide: (request) => {
      isKnownAtHandshake = knows(request);
      return request.subprotocols.includes('chat') ? { accept: true, subprotocol: 'chat' } : { accept: true };
    },
    onConnection: () => undefined,
  });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  const proxy = await proxyTo(port, log);
  const proxyPort = await listen(proxy);
  const rows: Cell[][] = [];
  for (const { name, path = '/', headers = {}, subprotocols = [], firstMessage, isOpenToScripts } of WAYS) {
    const connection = await connect(`ws://127.0.0.1:${proxyPort}${path}`, { headers, subprotocols });
    if (firstMessage !== undefined) connection.send(firstMessage);
    connection.terminate();
    rows.push([
      name,
      yesNo(log.at(-1)?.includes(TOKEN) === true),
      yesNo(isKnownAtHandshake),
      yesNo(isOpenToScripts),
    ]);
  }
  proxy.close();
  await server.close();
  return {
    title: t('token 放在哪里，会出现在哪里', 'Where a token is put, and where it turns up'),
    columns: [
      t('怎么送', 'sent'),
      t('进了代理的访问日志', 'in the proxy’s access log'),
      t('握手时服务器就知道', 'known at the handshake'),
      t('浏览器脚本做得到', 'open to scripts in browsers'),
    ],
    rows,
    note: t(
      '最后一列是浏览器 API 的事实：构造函数只收 URL 和子协议。Cookie 由浏览器自己带。',
      'The last column is a fact of the browser’s API: its constructor takes a URL and subprotocols. Cookies are sent by the browser itself.',
    ),
  };
}
