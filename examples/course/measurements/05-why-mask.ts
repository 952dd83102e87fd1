// The same text fifty times in each direction, looked at by somebody on the wire who knows nothing of WebSocket.
import { connect, WebSocketServer } from '@wireroom/websocket';
import { type Report, t } from './report.ts';
import { closePayload, frame, nextChunk, open, readFrame } from './wires.ts';

const COUNT = 50;
/** What an attacker's page would like a careless proxy to take for a request of its own. */
const BAIT = 'GET /jquery.js HTTP/1.1\r\nHost: cdn.example.com\r\n\r\n';

export async function measure(): Promise<Report> {
  const seen = { up: [] as string[], down: [] as string[] };
  const server = new WebSocketServer({
    onConnection: (connection) => connection.handle({ message: (message) => connection.send(message) }),
  });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  const connection = await connect(`ws://127.0.0.1:${port}/`, {
    tap: {
      open: () => ({
        wrote: (bytes) => void (isFrame(bytes) && seen.up.push(bytes.toString('latin1'))),
        read: (bytes) => void (isFrame(bytes) && seen.down.push(bytes.toString('latin1'))),
      }),
    },
  });
  for (let sent = 0; sent < COUNT; sent++) {
    const back = new Promise<void>((resolve) => connection.handle({ message: () => resolve() }));
    connection.send(BAIT);
    await back;
  }
  connection.terminate();
  const unmasked = await open(port);
  unmasked.write(frame(1, BAIT, { mask: false }));
  const answer = readFrame(await nextChunk(unmasked));
  unmasked.destroy();
  await server.close();
  const row = (texts: readonly string[]) => [
    texts.length,
    new Set(texts).size,
    texts.filter((text) => text.includes(BAIT)).length,
  ];
  const refused =
    answer?.opcode === 8 &&
    answer.payload.equals(
      closePayload(answer.payload.readUInt16BE(0), answer.payload.subarray(2).toString()),
    );
  return {
    title: t(`同一段文本，每个方向发 ${COUNT} 次`, `The same text, ${COUNT} times in each direction`),
    columns: [
      t('方向', 'direction'),
      t('帧', 'frames'),
      t('不同的字节串', 'different byte strings'),
      t('原文可见', 'text to be seen in'),
    ],
    rows: [
      [t('客户端 → 服务器（有掩码）', 'client → server (masked)'), ...row(seen.up)],
      [t('服务器 → 客户端（无掩码）', 'server → client (not masked)'), ...row(seen.down)],
    ],
    note: refused
      ? t(
          `客户端发来不带掩码的帧：服务器以 ${answer.payload.readUInt16BE(0)} 关闭。`,
          `A frame without a mask from a client: the server closes with ${answer.payload.readUInt16BE(0)}.`,
        )
      : t('不带掩码的帧居然被接受了。', 'The frame without a mask was taken.'),
  };
}

const isFrame = (bytes: Buffer): boolean => bytes[0] === 0x81;
