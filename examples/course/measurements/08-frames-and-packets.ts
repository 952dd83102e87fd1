// The same three messages, given to TCP in different portions: reads, frames, and what a server would count that takes
// each read for a message.
import type net from 'node:net';
import { WebSocketServer } from '@wireroom/websocket';
import { type Cell, type Report, t } from './report.ts';
import { frame, open } from './wires.ts';

const MESSAGES = ['one', 'two', 'three'];
const BYTES = Buffer.concat(MESSAGES.map((text) => frame(1, text)));

/** Cuts the bytes at these places. */
function portions(...places: readonly number[]): readonly Buffer[] {
  const ends = [...places, BYTES.length];
  return ends.map((end, index) => BYTES.subarray(ends[index - 1] ?? 0, end));
}

const WAYS: readonly (readonly [Cell, readonly Buffer[]])[] = [
  [t('一次写三帧（“粘包”）', 'three frames in one write'), portions()],
  [t('一帧一次', 'a frame a write'), portions(9, 18)],
  [t('切口在帧头和 key 中间（“拆包”）', 'cut inside a header and a key'), portions(1, 12)],
  [
    t('一个字节一个字节地写', 'byte by byte'),
    portions(...Array.from({ length: BYTES.length - 1 }, (_, index) => index + 1)),
  ],
];

export async function measure(): Promise<Report> {
  const rows: Cell[][] = [];
  for (const [name, chunks] of WAYS) {
    const counted = await received(chunks);
    rows.push([name, chunks.length, counted.reads, counted.frames, counted.messages.join(' ')]);
  }
  return {
    title: t(
      `同样的 ${BYTES.length} 个字节，同样的三条消息`,
      `The same ${BYTES.length} bytes, the same three messages`,
    ),
    columns: [
      t('怎么交给 TCP', 'how they are given to TCP'),
      t('写了几次', 'writes'),
      t('读到几次', 'reads'),
      t('帧', 'frames'),
      t('得到的消息', 'messages'),
    ],
    rows,
    note: t(
      '“读一次就是一条消息”的服务器只有第二行是对的，而且是碰巧。',
      'A server that takes each read for a message is right in the second line only, by luck.',
    ),
  };
}

interface Counted {
  reads: number;
  frames: number;
  readonly messages: string[];
}

async function received(chunks: readonly Buffer[]): Promise<Counted> {
  const counted: Counted = { reads: 0, frames: 0, messages: [] };
  let isRead = (): void => undefined;
  const server = new WebSocketServer({
    tap: {
      open: () => ({
        read: (chunk) => {
          if (chunk.includes('HTTP/1.1')) return;
          counted.reads += 1;
          isRead();
        },
        frame: (direction, { opcode }) => void (direction === 'in' && opcode === 1 && counted.frames++),
      }),
    },
    onConnection: (connection) =>
      connection.handle({ message: (message) => void counted.messages.push(message.text()) }),
  });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  const socket: net.Socket = await open(port);
  for (const chunk of chunks) {
    // Only when the one before was read: else the kernel would join them again.
    const read = new Promise<void>((resolve) => {
      isRead = resolve;
    });
    socket.write(chunk);
    await read;
  }
  socket.destroy();
  await server.close();
  return counted;
}
