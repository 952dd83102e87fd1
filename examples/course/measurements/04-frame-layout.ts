// What a frame adds to a message of each size, in both directions, counted on the wire.
import { connect, WebSocketServer } from '@wireroom/websocket';
import { type Cell, type Report, rounded, t } from './report.ts';
import { Wire } from './wires.ts';

const SIZES = [0, 1, 125, 126, 65_535, 65_536, 1_000_000] as const;

export async function measure(): Promise<Report> {
  const server = new WebSocketServer({
    onConnection: (connection) => connection.handle({ message: (message) => connection.send(message) }),
  });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  const wire = await Wire.to(port);
  const connection = await connect(`ws://127.0.0.1:${wire.port}/`);
  const rows: Cell[][] = [];
  for (const size of SIZES) {
    const [up, down] = [wire.toServer, wire.toClient];
    const back = new Promise<void>((resolve) => connection.handle({ message: () => resolve() }));
    connection.send(Buffer.alloc(size));
    await back;
    const [added, answered] = [wire.toServer - up - size, wire.toClient - down - size];
    const form = size < 126 ? 7 : size < 65_536 ? t('7 + 16', '7 + 16') : t('7 + 64', '7 + 64');
    rows.push([size, form, added, answered, size === 0 ? '–' : `${rounded((100 * added) / size, 3)}%`]);
  }
  await wire.close();
  await server.close();
  return {
    title: t('帧头有多长', 'How long the header of a frame is'),
    columns: [
      t('消息字节', 'bytes of message'),
      t('长度占的位', 'bits for the length'),
      t('客户端发：帧头', 'header from a client'),
      t('服务器发：帧头', 'header from a server'),
      t('上行多出', 'more, upwards'),
    ],
    rows,
    note: t('上行总是多 4 个字节：掩码的 key。', 'Upwards there are always 4 bytes more: the masking key.'),
  };
}
