// The wire goes silent without a word. How long each end believes in the connection, with heartbeats and without.
import { connect, WebSocketServer } from '@wireroom/websocket';
import { type Cell, type Report, rounded, t } from './report.ts';
import { Wire, within } from './wires.ts';

/** Long enough to see; without a heartbeat it would be just as true after an hour. */
const WATCHED_MS = 1_500;

interface Beat {
  readonly pingIntervalMs: number;
  readonly pongTimeoutMs: number;
}

const NEVER: Beat = { pingIntervalMs: 0, pongTimeoutMs: 0 };
const SLOW: Beat = { pingIntervalMs: 400, pongTimeoutMs: 200 };
const QUICK: Beat = { pingIntervalMs: 100, pongTimeoutMs: 100 };

async function noticedAfter(atServerBeat: Beat, atClientBeat: Beat): Promise<readonly Cell[]> {
  let noticed: (ms: number) => void = () => undefined;
  const atServer = new Promise<number>((resolve) => {
    noticed = resolve;
  });
  const server = new WebSocketServer({
    limits: atServerBeat,
    onConnection: (connection) => {
      connection.handle({ close: () => noticed(performance.now()) });
    },
  });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  const wire = await Wire.to(port);
  const client = await connect(`ws://127.0.0.1:${wire.port}/`, { limits: atClientBeat });
  const atClient = new Promise<number>((resolve) =>
    client.handle({ close: () => resolve(performance.now()) }),
  );
  wire.silence();
  client.send('can you hear me?');
  const cut = performance.now();
  const [serverAt, clientAt] = await Promise.all([
    within(WATCHED_MS, atServer),
    within(WATCHED_MS, atClient),
  ]);
  const isSending = client.send('still there?');
  await wire.close();
  client.terminate();
  await server.close({ timeoutMs: 100 });
  const told = (at: number | undefined): Cell =>
    at === undefined
      ? t(`${WATCHED_MS} ms 后仍不知道`, `unaware after ${WATCHED_MS} ms`)
      : `${rounded(at - cut)} ms`;
  return [told(serverAt), told(clientAt), isSending ? t('成功', 'succeeds') : t('失败', 'fails')];
}

const named = ({ pingIntervalMs, pongTimeoutMs }: Beat): Cell =>
  pingIntervalMs === 0
    ? t('没有', 'none')
    : t(
        `每 ${pingIntervalMs} ms，等 ${pongTimeoutMs} ms`,
        `every ${pingIntervalMs} ms, patience ${pongTimeoutMs} ms`,
      );

export async function measure(): Promise<Report> {
  const rows: (readonly Cell[])[] = [];
  for (const [server, client] of [
    [NEVER, NEVER],
    [SLOW, NEVER],
    [QUICK, NEVER],
    [QUICK, QUICK],
  ] as const) {
    rows.push([named(server), named(client), ...(await noticedAfter(server, client))]);
  }
  return {
    title: t('网线拔掉之后', 'After the cable was pulled'),
    columns: [
      t('服务器的 Ping', 'pings by the server'),
      t('客户端的 Ping', 'pings by the client'),
      t('服务器发现', 'the server notices'),
      t('客户端发现', 'the client notices'),
      t('客户端再 send()', 'send() by the client'),
    ],
    rows,
    note: t(
      'send() 成功只表示交给了内核，不表示对方收到。',
      'That send() succeeds means that the kernel took it, not that anybody got it.',
    ),
  };
}
