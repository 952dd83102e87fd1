// A sender against a reader that has stopped: with and without listening to what `send` answers.
import { type Connection, WebSocketServer } from '@wireroom/websocket';
import { type Cell, type Report, rounded, t } from './report.ts';
import { open, within } from './wires.ts';

const BLOCK = Buffer.alloc(64 * 1024);
const BLOCKS = 1_000;
const PATIENCE_MS = 2_000;
const MIB = 1024 * 1024;

interface Sent {
  blocks: number;
  peak: number;
}

function note(connection: Connection, sent: Sent): void {
  sent.blocks += 1;
  sent.peak = Math.max(sent.peak, connection.bufferedBytes);
}

async function regardless(connection: Connection, sent: Sent): Promise<void> {
  while (sent.blocks < BLOCKS && connection.state === 'open') {
    connection.send(BLOCK);
    note(connection, sent);
    if (sent.blocks % 10 === 0) await new Promise(setImmediate);
  }
}

async function patient(connection: Connection, sent: Sent): Promise<void> {
  while (sent.blocks < BLOCKS && connection.state === 'open') {
    const isClear = connection.send(BLOCK);
    note(connection, sent);
    if (!isClear) await connection.flushed().catch(() => undefined);
  }
}

async function against(way: typeof patient): Promise<readonly Cell[]> {
  const sent: Sent = { blocks: 0, peak: 0 };
  let begin: (connection: Connection) => void = () => undefined;
  const connected = new Promise<Connection>((resolve) => {
    begin = resolve;
  });
  const server = new WebSocketServer({
    limits: { closeTimeoutMs: 50 },
    onConnection: (connection) => begin(connection),
  });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  const reader = await open(port);
  reader.pause();
  const connection = await connected;
  const closed = new Promise<number>((resolve) => connection.handle({ close: ({ code }) => resolve(code) }));
  const done = way(connection, sent);
  const code = await within(PATIENCE_MS, closed);
  const row = [sent.blocks, rounded(sent.peak / MIB, 2), code ?? t('还开着', 'still open')];
  reader.destroy();
  connection.terminate();
  await done;
  await server.close();
  return row;
}

export async function measure(): Promise<Report> {
  return {
    title: t(
      `想发 ${BLOCKS} 块、每块 64 KiB，而对方不读`,
      `${BLOCKS} blocks of 64 KiB to somebody who does not read`,
    ),
    columns: [
      t('发送方', 'the sender'),
      t('发出的块', 'blocks sent'),
      t('排队的峰值（MiB）', 'most that waited (MiB)'),
      t('连接', 'the connection'),
    ],
    rows: [
      [t('只管 send()', 'just calls send()'), ...(await against(regardless))],
      [t('send() 返回 false 就等', 'waits when send() says false'), ...(await against(patient))],
    ],
    note: t(
      '1013 是引擎的上限：慢读者最多占这么多内存，然后被请走。',
      '1013 is the engine’s bound: a slow reader costs that much memory, then it has to go.',
    ),
  };
}
