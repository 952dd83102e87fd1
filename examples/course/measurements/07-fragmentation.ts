// One message in several frames, a ping between them, and the orders of frames that a server refuses.
import { WebSocketServer } from '@wireroom/websocket';
import { type Cell, type Report, t } from './report.ts';
import { frame, nextChunk, open, readFrame } from './wires.ts';

const OPENING = { fin: false } as const;

const ORDERS: readonly (readonly [Cell, readonly Buffer[]])[] = [
  [
    t('文本(未完) → 续帧(完)', 'text (more) → continuation (end)'),
    [frame(1, 'hel', OPENING), frame(0, 'lo')],
  ],
  [
    t('文本(未完) → Ping → 续帧(完)', 'text (more) → ping → continuation (end)'),
    [frame(1, 'hel', OPENING), frame(9, 'now'), frame(0, 'lo')],
  ],
  [t('文本(未完) → 新的文本', 'text (more) → another text'), [frame(1, 'hel', OPENING), frame(1, 'lo')]],
  [t('一上来就是续帧', 'a continuation to begin with'), [frame(0, 'hello')]],
  [t('Ping 拆成两帧', 'a ping in two frames'), [frame(9, 'no', OPENING), frame(0, 'w')]],
  [t('Ping 载荷 126 字节', 'a ping of 126 bytes'), [frame(9, 'x'.repeat(126))]],
];

async function answers(port: number, frames: readonly Buffer[]): Promise<Cell> {
  const socket = await open(port);
  const heard: string[] = [];
  for (const bytes of frames) {
    socket.write(bytes);
    // What has to be answered at once is waited for before the next frame goes out.
    if ((bytes[0] ?? 0) === 0x89) heard.push(told(await nextChunk(socket)));
  }
  if (!heard.some((line) => line.startsWith('Close'))) heard.push(told(await nextChunk(socket)));
  socket.destroy();
  return heard.join(', ');
}

function told(bytes: Buffer | undefined): string {
  const found = readFrame(bytes);
  if (found === undefined) return '–';
  if (found.opcode === 8) return `Close ${found.payload.readUInt16BE(0)}`;
  return `${found.opcode === 10 ? 'Pong' : 'Text'} "${found.payload}"`;
}

export async function measure(): Promise<Report> {
  const server = new WebSocketServer({
    onConnection: (connection) => connection.handle({ message: (message) => connection.send(message) }),
  });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  const rows: Cell[][] = [];
  for (const [name, frames] of ORDERS) rows.push([name, await answers(port, frames)]);
  await server.close();
  return {
    title: t('分片的规矩', 'The rules of fragments'),
    columns: [t('客户端发的帧', 'frames from the client'), t('服务器的回答', 'what the server answers')],
    rows,
    note: t(
      'Ping 可以插在分片中间，而且当场就有 Pong。',
      'A ping may stand between fragments, and its pong comes at once.',
    ),
  };
}
