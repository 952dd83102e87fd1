// permessage-deflate on chat lines: bytes, processor time and memory, with a history kept between messages and without. And
// what the length of a compressed message gives away.
import zlib from 'node:zlib';
import { connect, type DeflateOptions, WebSocketServer } from '@wireroom/websocket';
import { type Cell, type Report, rounded, t } from './report.ts';
import { Wire } from './wires.ts';

const COUNT = 2_000;
const CONNECTIONS = 300;
const KIB = 1024;

const line = (index: number): string =>
  JSON.stringify({
    type: 'entry',
    roomId: 'r_lobby',
    seq: index,
    author: { name: index % 3 === 0 ? 'Ada' : '林溪' },
    at: `2026-11-26T10:${String(index % 60).padStart(2, '0')}:00.000Z`,
    text: `message number ${index * 7919}`,
  });

interface Cost {
  readonly bytes: number;
  readonly micros: number;
  readonly memoryKiB: number;
}

async function costOf(perMessageDeflate: DeflateOptions | false): Promise<Cost> {
  const server = new WebSocketServer({
    perMessageDeflate,
    onConnection: (connection) => {
      connection.handle({ message: () => connection.send(line(0)) });
    },
  });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  const rest = process.memoryUsage.rss();
  const others = await Promise.all(
    Array.from({ length: CONNECTIONS }, () =>
      connect(`ws://127.0.0.1:${port}/`, { perMessageDeflate: perMessageDeflate !== false }),
    ),
  );
  await Promise.all(
    others.map(
      (client) =>
        new Promise<void>((resolve) => {
          client.handle({ message: () => resolve() });
          client.send('one line, please');
        }),
    ),
  );
  const memoryKiB = Math.max(0, process.memoryUsage.rss() - rest) / CONNECTIONS / KIB;
  for (const client of others) client.terminate();
  const wire = await Wire.to(port);
  const reader = await connect(`ws://127.0.0.1:${wire.port}/`, {
    perMessageDeflate: perMessageDeflate !== false,
  });
  let came = 0;
  const all = new Promise<void>((resolve) => reader.handle({ message: () => ++came === COUNT && resolve() }));
  const [sender] = [...server.connections].slice(-1);
  const [bytes, cpu] = [wire.toClient, process.cpuUsage()];
  for (let sent = 0; sent < COUNT; sent++) sender?.send(line(sent));
  await all;
  const used = process.cpuUsage(cpu);
  const cost = {
    bytes: (wire.toClient - bytes) / COUNT,
    micros: (used.user + used.system) / COUNT,
    memoryKiB,
  };
  reader.terminate();
  await wire.close();
  await server.close();
  return cost;
}

const SECRET = 'token=K7Q2M9';

/** The compressed length of a message in which a secret stands beside what somebody else chose. */
const lengthWith = (guess: string): number =>
  zlib.deflateRawSync(`{"cookie":"${SECRET}","search":"token=${guess}"}`).length;

export async function measure(): Promise<Report> {
  const ways: readonly (readonly [Cell, DeflateOptions | false])[] = [
    [t('不压缩', 'off'), false],
    [
      t('每条从头开始（no_context_takeover）', 'each from scratch (no_context_takeover)'),
      { thresholdBytes: 0, serverNoContextTakeover: true, clientNoContextTakeover: true },
    ],
    [t('保留历史（默认）', 'with history (the default)'), { thresholdBytes: 0 }],
  ];
  const rows: Cell[][] = [];
  await costOf(false); // the first round pays for code that is compiled and memory that is never given back
  for (const [name, options] of ways) {
    const { bytes, micros, memoryKiB } = await costOf(options);
    rows.push([name, rounded(bytes), rounded(micros, 1), rounded(memoryKiB)]);
  }
  const [wrong, right] = [lengthWith('X4T1B8'), lengthWith('K7Q2M9')];
  return {
    title: t(`${COUNT} 行聊天 JSON`, `${COUNT} lines of chat as JSON`),
    columns: [
      t('压缩', 'compression'),
      t('每条字节', 'bytes a message'),
      t('每条 CPU（微秒，两端合计）', 'CPU a message (µs, both ends)'),
      t('每连接内存（KiB，两端合计）', 'memory a connection (KiB, both ends)'),
    ],
    rows,
    note: t(
      `旁路：同一条消息里有秘密和攻击者选的文字。猜错，压缩后 ${wrong} 字节；猜对，${right} 字节。长度泄密，这就是 CRIME 一类攻击的原理。`,
      `A side channel: a message holds a secret and what an attacker chose. Wrong guess: ${wrong} bytes compressed; right guess: ${right}. The length tells, and that is what attacks like CRIME live on.`,
    ),
  };
}
