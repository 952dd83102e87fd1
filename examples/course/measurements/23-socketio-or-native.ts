// The same chat line over a plain WebSocket and over Socket.IO: what is on the wire until it is open, per line and per beat.
import http from 'node:http';
import { connect, WebSocketServer } from '@wireroom/websocket';
import { Server } from 'socket.io';
import { io as ioClient } from 'socket.io-client';
import { type Cell, type Report, rounded, t } from './report.ts';
import { listen, Wire, wait } from './wires.ts';

const LINE = { type: 'CHAT', message: 'hello' } as const;
const COUNT = 50;
/** Long enough for the upgrade from polling to be over, whose last steps nobody is told of. */
const SETTLED_MS = 150;

interface Seen {
  readonly connections: number;
  readonly toOpen: number;
  readonly perLine: number;
}

async function native(): Promise<Seen> {
  const server = new WebSocketServer({
    onConnection: (connection) => connection.handle({ message: (message) => connection.send(message) }),
  });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  const wire = await Wire.to(port);
  const client = await connect(`ws://127.0.0.1:${wire.port}/`);
  const toOpen = wire.bytes;
  for (let sent = 0; sent < COUNT; sent++) {
    const back = new Promise<void>((resolve) => client.handle({ message: () => resolve() }));
    client.send(JSON.stringify(LINE));
    await back;
  }
  const seen = { connections: wire.connections, toOpen, perLine: (wire.bytes - toOpen) / COUNT };
  client.terminate();
  await wire.close();
  await server.close();
  return seen;
}

async function socketIo(transports: string[]): Promise<Seen> {
  const web = http.createServer();
  const server = new Server(web);
  server.on('connection', (socket) => socket.on('message', (line) => socket.emit('message', line)));
  const wire = await Wire.to(await listen(web));
  const client = ioClient(`http://127.0.0.1:${wire.port}`, { transports, reconnection: false });
  await new Promise<void>((resolve) => client.on('connect', resolve));
  await wait(SETTLED_MS);
  const toOpen = wire.bytes;
  for (let sent = 0; sent < COUNT; sent++) {
    const back = new Promise<void>((resolve) => client.once('message', () => resolve()));
    client.emit('message', LINE);
    await back;
  }
  const seen = { connections: wire.connections, toOpen, perLine: (wire.bytes - toOpen) / COUNT };
  client.disconnect();
  await wire.close();
  await server.close();
  return seen;
}

export async function measure(): Promise<Report> {
  const ways: readonly (readonly [Cell, Seen])[] = [
    [t('原生 WebSocket', 'plain WebSocket'), await native()],
    [t('Socket.IO，只用 WebSocket', 'Socket.IO, WebSocket alone'), await socketIo(['websocket'])],
    [
      t('Socket.IO，默认（轮询再升级）', 'Socket.IO as it comes (polling, then upgrade)'),
      await socketIo(['polling', 'websocket']),
    ],
  ];
  return {
    title: t(
      `一行 ${JSON.stringify(LINE)}，发出去再收回来`,
      `One line ${JSON.stringify(LINE)}, there and back`,
    ),
    columns: [
      t('方式', 'way'),
      t('TCP 连接', 'TCP connections'),
      t('打开为止的字节', 'bytes until open'),
      t('每行来回字节', 'bytes a line, both ways'),
    ],
    rows: ways.map(([name, { connections, toOpen, perLine }]) => [
      name,
      connections,
      toOpen,
      rounded(perLine, 1),
    ]),
    note: t(
      `在线上，Socket.IO 的一行是 42["message",${JSON.stringify(LINE)}]：4 是 Engine.IO 的 message，2 是 Socket.IO 的 EVENT。`,
      `On the wire a line of Socket.IO is 42["message",${JSON.stringify(LINE)}]: 4 is Engine.IO’s message, 2 is Socket.IO’s EVENT.`,
    ),
  };
}
