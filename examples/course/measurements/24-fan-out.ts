// One message to everybody in a room: encoded for each reader, or once for all. Processor time of the sending alone.
import type net from 'node:net';
import { type Connection, prepare, WebSocketServer } from '@wireroom/websocket';
import { type Cell, type Report, rounded, t } from './report.ts';
import { open } from './wires.ts';

const READERS = 300;
const MESSAGES = 60;
const ENTRY = {
  type: 'entry',
  entry: {
    v: 1,
    roomId: 'r_lobby',
    epoch: 'e1',
    seq: 1,
    type: 'message',
    author: { authorId: 'a_1', name: 'Ada' },
    text: 'hello, everybody. '.repeat(16),
  },
};

type Way = (readers: readonly Connection[], seq: number) => void;

const entryOf = (seq: number): object => ({ ...ENTRY, entry: { ...ENTRY.entry, seq } });

const forEach: Way = (readers, seq) => {
  // The reader's number makes each text another one, as when everybody gets an answer of their own.
  readers.forEach((reader, index) => void reader.send(JSON.stringify({ ...entryOf(seq), reader: index })));
};

const once: Way = (readers, seq) => {
  const prepared = prepare(JSON.stringify(entryOf(seq)));
  for (const reader of readers) reader.sendPrepared(prepared);
};

async function cost(connections: readonly Connection[], way: Way): Promise<number> {
  let micros = 0;
  for (let seq = 0; seq < MESSAGES; seq++) {
    const before = process.cpuUsage();
    way(connections, seq);
    await new Promise(setImmediate);
    const { user, system } = process.cpuUsage(before);
    micros += user + system;
    await Promise.all(connections.map((connection) => connection.flushed()));
  }
  return micros / MESSAGES / connections.length;
}

export async function measure(): Promise<Report> {
  const server = new WebSocketServer({ onConnection: (connection) => connection.handle({}) });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  const sockets: net.Socket[] = [];
  for (let opened = 0; opened < READERS; opened++) sockets.push((await open(port)).resume());
  const connections = [...server.connections];
  await cost(connections, once); // warms both the engine and the sockets up
  const ways: readonly (readonly [Cell, number])[] = [
    [t('每个读者单独编码', 'encoded for each reader'), await cost(connections, forEach)],
    [t('编码一次，发给所有人', 'encoded once, sent to all'), await cost(connections, once)],
  ];
  for (const socket of sockets) socket.destroy();
  await server.close({ timeoutMs: 100 });
  return {
    title: t(`一条消息发给 ${READERS} 个读者`, `One message to ${READERS} readers`),
    columns: [
      t('怎么发', 'how'),
      t('每个读者的 CPU（微秒）', 'CPU a reader (µs)'),
      t('一条消息合计（毫秒）', 'all of a message (ms)'),
    ],
    rows: ways.map(([name, micros]) => [name, rounded(micros, 1), rounded((micros * READERS) / 1000, 2)]),
    note: t(
      '剩下的主要是每个 socket 一次写系统调用：这部分随人数线性增长，谁也省不掉。',
      'What is left is mostly one write to each socket: it grows with the readers, and nobody can save it.',
    ),
  };
}
