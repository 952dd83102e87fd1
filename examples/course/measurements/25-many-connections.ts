// A thousand idle connections: what they cost this process in memory and in file descriptors. The clients live in another.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { WebSocketServer } from '@wireroom/websocket';
import { type Cell, type Report, rounded, t } from './report.ts';
import { upgradeRequest } from './wires.ts';

const COUNT = 1_000;

/** The clients: plain sockets that ask for an upgrade and then say nothing. They end with their standard input. */
const CLIENTS = `
  const net = require('node:net');
  const [port, count, head] = JSON.parse(process.argv[1]);
  let opened = 0;
  const next = () => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write(head));
    socket.once('data', () => (++opened === count ? process.stdout.write('open') : next()));
  };
  next();
  process.stdin.on('close', () => process.exit(0)).resume();
`;

/** Bytes of this process in the machine's memory, once the garbage was collected. */
function bytesInUse(): number {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  for (let times = 0; times < 3; times++) if (typeof collect === 'function') collect();
  return process.memoryUsage.rss();
}

/** Where Linux tells; elsewhere it is not to be read here. */
function fromProc(read: () => Cell): Cell {
  try {
    return read();
  } catch {
    return '–';
  }
}

const openFiles = (): number => readdirSync('/proc/self/fd').length;
const filesMax = (): string =>
  /Max open files\s+(\d+)/.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? '–';

export async function measure(): Promise<Report> {
  const server = new WebSocketServer({ onConnection: (connection) => connection.handle({}) });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  const before = { bytes: bytesInUse(), files: fromProc(openFiles) };
  const clients = spawn(process.execPath, ['-e', CLIENTS, JSON.stringify([port, COUNT, upgradeRequest()])], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(clients.stdout, 'data');
  const after = { bytes: bytesInUse(), files: fromProc(openFiles) };
  const count = [...server.connections].length;
  clients.stdin.end();
  await once(clients, 'exit');
  await server.close({ timeoutMs: 100 });
  const files =
    typeof after.files === 'number' && typeof before.files === 'number' ? after.files - before.files : '–';
  return {
    title: t(`${count} 条空闲连接`, `${count} idle connections`),
    columns: [t('资源', 'resource'), t('合计', 'all'), t('每条连接', 'a connection')],
    rows: [
      [
        t('进程内存（KiB）', 'memory of the process (KiB)'),
        rounded((after.bytes - before.bytes) / 1024),
        rounded((after.bytes - before.bytes) / 1024 / count, 1),
      ],
      [
        t('文件描述符', 'file descriptors'),
        files,
        typeof files === 'number' ? rounded(files / count, 1) : '–',
      ],
      [t('本进程的描述符上限', 'descriptors allowed to this process'), fromProc(filesMax), '–'],
    ],
    note: t(
      '内核里每个 socket 的收发缓冲区不在这里面，它们随数据涨落。',
      'The kernel’s buffers of each socket are not in it; they grow and shrink with the data.',
    ),
  };
}
