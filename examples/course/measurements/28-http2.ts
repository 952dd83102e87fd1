// Three WebSockets over HTTP/1.1 and three over one HTTP/2 connection (RFC 8441), with a small echo on Node's own http2.
import { once } from 'node:events';
import http2 from 'node:http2';
import { WebSocketServer } from '@wireroom/websocket';
import { type Cell, type Report, t, yesNo } from './report.ts';
import { frame, listen, nextChunk, open, readFrame, Wire } from './wires.ts';

const COUNT = 3;

interface Seen {
  readonly connections: number;
  readonly status: string;
  readonly hasKey: boolean;
  readonly isMasked: boolean;
  readonly echoes: number;
}

async function overHttp1(): Promise<Seen> {
  const server = new WebSocketServer({
    onConnection: (connection) => connection.handle({ message: (message) => connection.send(message) }),
  });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  const wire = await Wire.to(port);
  const sockets = await Promise.all(Array.from({ length: COUNT }, () => open(wire.port)));
  const sent = frame(1, 'hello');
  for (const socket of sockets) socket.write(sent);
  const answers = await Promise.all(sockets.map(async (socket) => readFrame(await nextChunk(socket))));
  const seen = {
    connections: wire.connections,
    status: 'GET → 101',
    hasKey: true,
    isMasked: isMasked(sent),
    echoes: echoesIn(answers),
  };
  await wire.close();
  await server.close();
  return seen;
}

async function overHttp2(): Promise<Seen> {
  const server = http2.createServer({ settings: { enableConnectProtocol: true } });
  let isMaskedThere = true;
  server.on('stream', (stream, headers) => {
    if (headers[':method'] !== 'CONNECT' || headers[':protocol'] !== 'websocket') return stream.close();
    stream.respond({ ':status': 200 });
    stream.on('data', (bytes: Buffer) => {
      isMaskedThere &&= isMasked(bytes);
      const key = bytes.subarray(2, 6);
      stream.write(
        frame(
          1,
          bytes.subarray(6).map((byte, index) => byte ^ (key[index % 4] ?? 0)),
          { mask: false },
        ),
      );
    });
  });
  const wire = await Wire.to(await listen(server));
  const session = http2.connect(`http://127.0.0.1:${wire.port}`);
  await once(session, 'remoteSettings');
  const results = await Promise.all(
    Array.from({ length: COUNT }, async () => {
      const stream = session.request(
        {
          ':method': 'CONNECT',
          ':protocol': 'websocket',
          ':path': '/',
          ':scheme': 'http',
          'sec-websocket-version': '13',
        },
        { endStream: false },
      );
      const [headers]: { ':status'?: number; 'sec-websocket-accept'?: string }[] = await once(
        stream,
        'response',
      );
      stream.write(frame(1, 'hello'));
      const [bytes]: Buffer[] = await once(stream, 'data');
      stream.close();
      return {
        status: headers?.[':status'],
        hasKey: headers?.['sec-websocket-accept'] !== undefined,
        answer: readFrame(bytes),
      };
    }),
  );
  const seen = {
    connections: wire.connections,
    status: `CONNECT → ${results[0]?.status}`,
    hasKey: results.some(({ hasKey }) => hasKey),
    isMasked: isMaskedThere,
    echoes: echoesIn(results.map(({ answer }) => answer)),
  };
  session.destroy();
  await wire.close();
  server.close();
  return seen;
}

const isMasked = (bytes: Buffer): boolean => ((bytes[1] ?? 0) & 0x80) !== 0;
const echoesIn = (answers: readonly ReturnType<typeof readFrame>[]): number =>
  answers.filter((answer) => answer?.payload.toString() === 'hello').length;

export async function measure(): Promise<Report> {
  const row = (
    name: Cell,
    { connections, status, hasKey, isMasked: masked, echoes }: Seen,
  ): readonly Cell[] => [name, connections, status, yesNo(hasKey), yesNo(masked), echoes];
  return {
    title: t(`${COUNT} 个 WebSocket，两种 HTTP`, `${COUNT} WebSockets over two versions of HTTP`),
    columns: [
      t('下面是', 'below it'),
      t('TCP 连接', 'TCP connections'),
      t('握手', 'handshake'),
      t('有 Key / Accept', 'has key and accept'),
      t('客户端的帧有掩码', 'client’s frames are masked'),
      t('收到的回声', 'echoes'),
    ],
    rows: [row('HTTP/1.1 (RFC 6455)', await overHttp1()), row('HTTP/2 (RFC 8441)', await overHttp2())],
  };
}
