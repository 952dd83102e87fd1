// Four servers that answer the same handshake, each with another Sec-WebSocket-Accept, and what a client makes of them.
import { createHash } from 'node:crypto';
import net from 'node:net';
import { connect, WireError } from '@wireroom/websocket';
import { type Cell, type Report, t } from './report.ts';
import { listen } from './wires.ts';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const sha1 = (text: string): string => createHash('sha1').update(text).digest('base64');

type Answerer = (key: string) => string;

async function meets(answerer: Answerer): Promise<string> {
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (head: Buffer) => {
      const key = /^Sec-WebSocket-Key: (.*)\r$/im.exec(head.toString('latin1'))?.[1] ?? '';
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${answerer(key)}\r\n\r\n`,
      );
    });
  });
  const port = await listen(server);
  try {
    const connection = await connect(`ws://127.0.0.1:${port}/`);
    connection.terminate();
    return '101';
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return error.code;
  } finally {
    server.close();
  }
}

export async function measure(): Promise<Report> {
  const remembered = sha1(`dGhlIHNhbXBsZSBub25jZQ==${GUID}`);
  const servers: readonly (readonly [Cell, Answerer])[] = [
    [t('SHA-1(key + GUID)', 'SHA-1(key + GUID)'), (key) => sha1(key + GUID)],
    [t('GUID 少了一个字母', 'one letter of the GUID missing'), (key) => sha1(key + GUID.replace('DC', 'D'))],
    [t('只算 key，不加 GUID', 'of the key alone'), (key) => sha1(key)],
    [t('原样送回 key', 'the key as it came'), (key) => key],
    [t('缓存里的旧回答', 'an older answer from a cache'), () => remembered],
  ];
  const rows: Cell[][] = [];
  for (const [name, answerer] of servers) {
    const outcome = await meets(answerer);
    rows.push([name, outcome === '101' ? t('接受', 'accepted') : t('拒绝', 'refused'), outcome]);
  }
  return {
    title: t(
      '同一次握手，五种 Sec-WebSocket-Accept',
      'The same handshake, five values of Sec-WebSocket-Accept',
    ),
    columns: [t('服务器怎么算', 'how the server makes it'), t('客户端', 'the client'), t('错误码', 'code')],
    rows,
    note: t(
      `RFC 的例子：key dGhlIHNhbXBsZSBub25jZQ== 得到 ${remembered}`,
      `The RFC's example: the key dGhlIHNhbXBsZSBub25jZQ== gives ${remembered}`,
    ),
  };
}
