// A server goes while each client is owed a message: by closing the sockets, and by saying goodbye.
import { connect, WebSocketServer } from '@wireroom/websocket';
import { type Cell, type Report, t } from './report.ts';

const CLIENTS = 10;
/** More than the kernel's buffers hold between two ends. */
const OWED = Buffer.alloc(12 * 1024 * 1024);
const LIMITS = { messageBytesMax: OWED.length } as const;

interface Seen {
  readonly code: number;
  readonly isComplete: boolean;
}

async function whenItGoes(go: (server: WebSocketServer) => void): Promise<readonly Cell[]> {
  const server = new WebSocketServer({ onConnection: (connection) => connection.handle({}) });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  const clients = await Promise.all(
    Array.from({ length: CLIENTS }, () => connect(`ws://127.0.0.1:${port}/`, { limits: LIMITS })),
  );
  const seen = clients.map(
    (client) =>
      new Promise<Seen>((resolve) => {
        let isComplete = false;
        client.handle({
          message: ({ data }) => {
            isComplete = data.length === OWED.length;
          },
          close: ({ code }) => resolve({ code, isComplete }),
        });
      }),
  );
  for (const connection of server.connections) connection.send(OWED);
  go(server);
  const ends = await Promise.all(seen);
  await server.close();
  const codes = [...new Set(ends.map(({ code }) => code))].join(', ');
  return [codes, `${ends.filter(({ isComplete }) => isComplete).length} / ${CLIENTS}`];
}

export async function measure(): Promise<Report> {
  return {
    title: t('服务器要走了，而它还欠每个客户端12 MiB', 'The server goes, and owes each client 12 MiB'),
    columns: [
      t('怎么走', 'how it goes'),
      t('客户端得到的码', 'code that clients get'),
      t('欠的消息送到了', 'got what they were owed'),
    ],
    rows: [
      [
        t('直接断开', 'cuts the sockets'),
        ...(await whenItGoes((server) =>
          [...server.connections].forEach((connection) => void connection.terminate()),
        )),
      ],
      [
        t('停止监听，发完，Close 1012', 'stops listening, sends what is owed, Close 1012'),
        ...(await whenItGoes((server) => void server.close({ code: 1012, reason: 'restart' }))),
      ],
    ],
  };
}
