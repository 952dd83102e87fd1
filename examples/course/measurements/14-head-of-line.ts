// A chat line while 100 MB of history are on their way: behind it on the same connection, in pieces, or beside it.
import { type Connection, connect, WebSocketServer } from '@wireroom/websocket';
import { type Cell, type Report, rounded, t } from './report.ts';

const BULK_BYTES = 100_000_000;
const PIECE_BYTES = 64 * 1024;
const LIMITS = { messageBytesMax: BULK_BYTES, bufferedBytesMax: 2 * BULK_BYTES } as const;

type Download = (connection: Connection) => void;

const inOnePiece: Download = (connection) => {
  connection.send(Buffer.alloc(BULK_BYTES));
};

/** Never more on its way than one piece: whatever else is sent waits for that at most. */
async function inPieces(connection: Connection): Promise<void> {
  const piece = Buffer.alloc(PIECE_BYTES);
  for (let sent = 0; sent < BULK_BYTES && connection.state === 'open'; sent += PIECE_BYTES) {
    connection.send(piece);
    await connection.flushed();
  }
}

const piecewise: Download = (connection) => {
  inPieces(connection).catch(() => undefined); // the measurement is over before the download
};

/** Milliseconds from asking for the line to having it, while the download runs on `connections` of them. */
async function delayOf(download: Download, isBeside: boolean): Promise<number> {
  const server = new WebSocketServer({
    limits: LIMITS,
    onConnection: (connection) => {
      connection.handle({
        message: (message) =>
          message.text() === 'download' ? download(connection) : connection.send('a line of chat'),
      });
    },
  });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  const chat = await connect(`ws://127.0.0.1:${port}/`, { limits: LIMITS });
  const bulk = isBeside ? await connect(`ws://127.0.0.1:${port}/`, { limits: LIMITS }) : chat;
  if (isBeside) bulk.handle({});
  bulk.send('download');
  await bulk.flushed();
  const asked = performance.now();
  const came = new Promise<number>((resolve) => {
    chat.handle({ message: (message) => message.kind === 'text' && resolve(performance.now()) });
  });
  chat.send('line');
  const ms = (await came) - asked;
  chat.terminate();
  bulk.terminate();
  await server.close();
  return ms;
}

export async function measure(): Promise<Report> {
  const ways: readonly (readonly [Cell, Download, boolean])[] = [
    [t('同一条连接，一整条消息', 'same connection, as one message'), inOnePiece, false],
    [
      t(`同一条连接，每块 ${PIECE_BYTES / 1024} KiB`, `same connection, ${PIECE_BYTES / 1024} KiB at a time`),
      piecewise,
      false,
    ],
    [t('另开一条连接', 'a connection of its own'), inOnePiece, true],
  ];
  const rows: Cell[][] = [];
  for (const [name, download, isBeside] of ways)
    rows.push([name, rounded(await delayOf(download, isBeside), 1)]);
  return {
    title: t(
      `下载 ${BULK_BYTES / 1e6} MB 时，一句聊天要等多久`,
      `How long a line of chat waits during a download of ${BULK_BYTES / 1e6} MB`,
    ),
    columns: [t('下载走哪里', 'where the download goes'), t('聊天延迟（毫秒）', 'delay of the line (ms)')],
    rows,
    note: t(
      '这是本机回环；带宽越小，第一行越长。',
      'This is the loopback; the less bandwidth, the longer the first line.',
    ),
  };
}
