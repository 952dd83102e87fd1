// Which bytes a text message may carry, tried out on a server; the same bytes as a binary message for comparison.
import { WebSocketServer } from '@wireroom/websocket';
import { type Cell, type Report, t } from './report.ts';
import { frame, nextChunk, open, readFrame } from './wires.ts';

const TEXTS: readonly (readonly [Cell, string])[] = [
  [t('「你好」', '“你好”'), 'e4bda0e5a5bd'],
  [t('表情 😀，四个字节', 'the emoji 😀, four bytes'), 'f09f9880'],
  [t('U+0000', 'U+0000'), '00'],
  [t('「你」少了最后一个字节', '“你” without its last byte'), 'e4bda0e5a5'],
  [t('「/」的超长写法', 'an overlong “/”'), 'c0af'],
  [t('半个代理对 U+D800', 'half a surrogate pair, U+D800'), 'eda080'],
  [t('超过 U+10FFFF', 'above U+10FFFF'), 'f4908080'],
  [t('GBK 的「你好」', '“你好” in GBK'), 'c4e3bac3'],
];

/** `echo`, or the code with which the server closed. */
async function outcome(port: number, opcode: number, frames: readonly Buffer[]): Promise<Cell> {
  const socket = await open(port);
  for (const bytes of frames) socket.write(bytes);
  const answer = readFrame(await nextChunk(socket));
  socket.destroy();
  if (answer?.opcode === opcode) return t('收下', 'taken');
  return answer?.opcode === 8 ? answer.payload.readUInt16BE(0) : t('没有回答', 'no answer');
}

export async function measure(): Promise<Report> {
  const server = new WebSocketServer({
    onConnection: (connection) => connection.handle({ message: (message) => connection.send(message) }),
  });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  const rows: Cell[][] = [];
  for (const [name, hex] of TEXTS) {
    const bytes = Buffer.from(hex, 'hex');
    const asText = await outcome(port, 1, [frame(1, bytes)]);
    rows.push([name, (hex.match(/../g) ?? []).join(' '), asText, await outcome(port, 2, [frame(2, bytes)])]);
  }
  const [head, tail] = [Buffer.from('e4bda0e5', 'hex'), Buffer.from('a5bd', 'hex')];
  const cutText = await outcome(port, 1, [frame(1, head, { fin: false }), frame(0, tail)]);
  const cutBytes = await outcome(port, 2, [frame(2, head, { fin: false }), frame(0, tail)]);
  rows.push([
    t('「你好」，从「好」字中间分成两帧', '“你好”, cut inside 好 into two frames'),
    'e4 bd a0 e5 | a5 bd',
    cutText,
    cutBytes,
  ]);
  await server.close();
  return {
    title: t('文本消息只能是 UTF-8', 'A text message is UTF-8 and nothing else'),
    columns: [
      t('内容', 'content'),
      t('字节', 'bytes'),
      t('作为文本', 'as text'),
      t('作为二进制', 'as binary'),
    ],
    rows,
  };
}
