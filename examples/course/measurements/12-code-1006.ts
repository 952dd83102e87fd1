// What the `close` event of the browser's class says for endings of very different causes.
import net from 'node:net';
import { WebSocketServer } from '@wireroom/websocket';
import { type CloseEvent, WebSocket } from '@wireroom/websocket/whatwg';
import { type Cell, type Report, t, yesNo } from './report.ts';
import { listen } from './wires.ts';

const EMPTY_CLOSE = Buffer.from([0x88, 0]);

async function closeEventOf(port: number): Promise<CloseEvent> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`);
  return new Promise((resolve) => {
    socket.addEventListener('close', (event) => resolve(event));
  });
}

/** The event when the server does this to a connection that has just opened. */
async function whenServer(options: ConstructorParameters<typeof WebSocketServer>[0]): Promise<CloseEvent> {
  const server = new WebSocketServer(options);
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  const event = await closeEventOf(port);
  await server.close();
  return event;
}

async function whenTcp(answer: (socket: net.Socket) => void): Promise<CloseEvent> {
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => answer(socket));
  });
  const event = await closeEventOf(await listen(server));
  server.close();
  return event;
}

async function whenNobodyListens(): Promise<CloseEvent> {
  const server = net.createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return closeEventOf(port);
}

export async function measure(): Promise<Report> {
  const cases: readonly (readonly [Cell, CloseEvent])[] = [
    [t('没有人监听这个端口', 'nobody listens on the port'), await whenNobodyListens()],
    [
      t('握手被 403 拒绝', 'the handshake is refused: 403'),
      await whenServer({
        decide: () => ({ accept: false, status: 403, reason: 'Not from this page.' }),
        onConnection: () => undefined,
      }),
    ],
    [
      t('对面不是 WebSocket 服务器（回 200）', 'not a WebSocket server (200)'),
      await whenTcp((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')),
    ],
    [
      t('打开之后 TCP 断了，没有 Close', 'open, then TCP ends without a Close'),
      await whenServer({ onConnection: (connection) => connection.terminate() }),
    ],
    [
      t('Close 帧里什么都没写', 'a Close frame that says nothing'),
      await whenServer({ onConnection: (connection) => connection.sendFrames([EMPTY_CLOSE]) }),
    ],
    [
      t('Close 帧：1011 "oops"', 'a Close frame: 1011 "oops"'),
      await whenServer({ onConnection: (connection) => connection.close(1011, 'oops') }),
    ],
    [
      t('Close 帧：4401 "token expired"', 'a Close frame: 4401 "token expired"'),
      await whenServer({ onConnection: (connection) => connection.close(4401, 'token expired') }),
    ],
  ];
  return {
    title: t('onclose 里看得到什么', 'What onclose gets to see'),
    columns: [t('真正的原因', 'the true cause'), 'code', 'reason', 'wasClean'],
    rows: cases.map(([name, { code, reason, wasClean }]) => [name, code, reason || '–', yesNo(wasClean)]),
    note: t(
      '前四种原因完全不同，脚本得到的却一模一样。',
      'The first four have nothing in common, and look alike to a script.',
    ),
  };
}
