// The same server with the same pause, measured by a client that waits for each answer and by one that keeps to its timetable.
import { type Connection, connect, WebSocketServer } from '@wireroom/websocket';
import { type Cell, type Report, rounded, t } from './report.ts';
import { wait } from './wires.ts';

const EVERY_MS = 5;
const DURATION_MS = 2_000;
const PAUSE = { fromMs: 800, ms: 500 } as const;

/** Asks and gives the milliseconds from `due`, which is now unless told. */
type Ask = (due?: number) => Promise<number>;

function asker(connection: Connection): Ask {
  const waiting: (() => void)[] = [];
  connection.handle({ message: () => waiting.shift()?.() });
  return (due = performance.now()) => {
    connection.send('ping');
    return new Promise((resolve) => waiting.push(() => resolve(performance.now() - due)));
  };
}

/** One question at a time, the next after the answer: while the server pauses, nothing is asked, and nothing measured. */
async function closedLoop(ask: Ask): Promise<readonly number[]> {
  const found: number[] = [];
  const end = performance.now() + DURATION_MS;
  while (performance.now() < end) {
    found.push(await ask());
    await wait(EVERY_MS);
  }
  return found;
}

/** Asks when it is due, whatever became of the question before, and counts from when it was due. */
async function openLoop(ask: Ask): Promise<readonly number[]> {
  const begin = performance.now();
  const asked: Promise<number>[] = [];
  for (let due = begin; due < begin + DURATION_MS; due += EVERY_MS) {
    while (performance.now() < due) await wait(due - performance.now());
    asked.push(ask(due));
  }
  return Promise.all(asked);
}

async function against(loop: typeof openLoop): Promise<readonly Cell[]> {
  const started = performance.now();
  const server = new WebSocketServer({
    onConnection: (connection) => {
      connection.handle({
        message: (message) => {
          const at = performance.now() - started;
          const isPaused = at >= PAUSE.fromMs && at < PAUSE.fromMs + PAUSE.ms;
          if (isPaused) setTimeout(() => connection.send(message), PAUSE.fromMs + PAUSE.ms - at);
          else connection.send(message);
        },
      });
    },
  });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  const connection = await connect(`ws://127.0.0.1:${port}/`);
  const found = [...(await loop(asker(connection)))].sort((a, b) => a - b);
  connection.terminate();
  await server.close();
  const at = (share: number): string =>
    rounded(found[Math.min(found.length - 1, Math.floor(found.length * share))] ?? 0, 1);
  return [found.length, at(0.5), at(0.9), at(0.99), at(1)];
}

export async function measure(): Promise<Report> {
  const [closed, opened] = await Promise.all([against(closedLoop), against(openLoop)]);
  return {
    title: t(
      `服务器在 ${DURATION_MS / 1000} 秒里停顿一次 ${PAUSE.ms} ms`,
      `A server that pauses once for ${PAUSE.ms} ms in ${DURATION_MS / 1000} s`,
    ),
    columns: [
      t('压测方式', 'how it is loaded'),
      t('样本', 'samples'),
      'p50 (ms)',
      'p90 (ms)',
      'p99 (ms)',
      t('最大 (ms)', 'most (ms)'),
    ],
    rows: [
      [t('等回答再发下一个（闭环）', 'next after the answer (closed loop)'), ...closed],
      [t(`每 ${EVERY_MS} ms 准时发（开环）`, `every ${EVERY_MS} ms, on time (open loop)`), ...opened],
    ],
  };
}
