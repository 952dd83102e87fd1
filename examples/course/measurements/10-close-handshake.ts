// How a connection can end: by Close frames, by the end of the TCP stream alone, by a reset. What the server's program is told.
import type net from 'node:net';
import { type Connection, WebSocketServer } from '@wireroom/websocket';
import { type Cell, type Report, t, yesNo } from './report.ts';
import { closePayload, frame, nextChunk, open, readFrame } from './wires.ts';

type Ending = (socket: net.Socket, server: Connection) => Promise<string>;

/** Reads to the end: which frames came, and whether the other side ended TCP by itself. */
async function rest(socket: net.Socket): Promise<string> {
  const seen: string[] = [];
  for (;;) {
    const bytes = await nextChunk(socket);
    if (bytes === undefined) return [...seen, 'FIN'].join(' → ');
    const answer = readFrame(bytes);
    seen.push(answer?.opcode === 8 ? `Close ${answer.payload.readUInt16BE(0)}` : 'frame');
    if (answer?.opcode === 8 && !socket.writableEnded) socket.write(frame(8, answer.payload));
  }
}

const ENDINGS: readonly (readonly [Cell, Ending])[] = [
  [
    t('客户端发 Close 1000', 'the client sends Close 1000'),
    async (socket) => {
      socket.write(frame(8, closePayload(1000)));
      const answer = readFrame(await nextChunk(socket));
      const code = answer?.opcode === 8 ? answer.payload.readUInt16BE(0) : '–';
      return `Close ${code} → ${await rest(socket)}`;
    },
  ],
  [
    t('服务器发 Close 1001', 'the server sends Close 1001'),
    async (socket, server) => {
      server.close(1001);
      return rest(socket);
    },
  ],
  [
    t('客户端只发 FIN，不发 Close', 'the client sends FIN and no Close'),
    async (socket) => {
      socket.end();
      return rest(socket);
    },
  ],
  [
    t('客户端发 RST', 'the client sends RST'),
    async (socket) => {
      socket.resetAndDestroy();
      return '–';
    },
  ],
];

export async function measure(): Promise<Report> {
  const rows: Cell[][] = [];
  for (const [name, ending] of ENDINGS) {
    let connected: (connection: Connection) => void = () => undefined;
    const connection = new Promise<Connection>((resolve) => {
      connected = resolve;
    });
    const server = new WebSocketServer({ onConnection: (accepted) => connected(accepted) });
    const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
    const socket = await open(port);
    const end = await connection;
    const told = new Promise<{ code: number; wasClean: boolean }>((resolve) =>
      end.handle({ close: resolve }),
    );
    const seen = await ending(socket, end);
    const { code, wasClean } = await told;
    socket.destroy();
    await server.close();
    rows.push([name, seen, code, yesNo(wasClean)]);
  }
  return {
    title: t('四种结束，两层协议', 'Four endings, two layers'),
    columns: [
      t('发生了什么', 'what happens'),
      t('客户端在线上看到', 'what the client sees on the wire'),
      t('服务器程序得到', 'the server’s program is told'),
      'wasClean',
    ],
    rows,
  };
}
