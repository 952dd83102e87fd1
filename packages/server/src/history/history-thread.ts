// Where the download thread starts: it opens its own way into the log, steps back behind those who serve sockets, and makes
// downloads. render-service.ts does the work; render-thread.ts is the main thread's end.
import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { moduleInThread } from '../lib/thread-start.ts';
import type { HistorySource } from '../log/history-source.ts';
import { HISTORY_LIMITS } from './limits.ts';
import type { FromRenderer, ToRenderer } from './render-order.ts';
import { RenderService } from './render-service.ts';

const port = parentPort;
if (port === null) throw new Error('history-thread is started as a worker thread.');
stepBack();
const source = await openSource(workerData);
const service = new RenderService({
  source,
  answer: (message: FromRenderer) => {
    port.postMessage(message, message.type === 'piece' ? [message.bytes.buffer as ArrayBuffer] : []);
    if (message.type === 'closed') port.close();
  },
  turn: () => setImmediate(),
  pause: (ms) => setTimeout(ms),
});
port.on('message', (message: ToRenderer) => service.handle(message));

/**
 * Linux has priorities for threads; elsewhere the thread is one like the others. Its turns are rarer than those of whoever serves
 * sockets, and yet it has some on a machine that is busy, where the idle class would get none and downloads would come to a stop.
 */
function stepBack(): void {
  if (process.platform !== 'linux') return;
  try {
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    if (thread > 0) setPriority(thread, HISTORY_LIMITS.niceness);
  } catch {
    // No /proc, say: downloads then take their share like everybody.
  }
}

async function openSource(task: unknown): Promise<HistorySource> {
  const isTask = typeof task === 'object' && task !== null && 'module' in task && 'options' in task;
  if (!isTask || typeof task.module !== 'string')
    throw new TypeError('The thread is told what to read from.');
  const loaded: unknown = await import(/* @vite-ignore */ moduleInThread(task.module));
  const isSource = typeof loaded === 'object' && loaded !== null && 'openHistorySource' in loaded;
  if (!isSource || typeof loaded.openHistorySource !== 'function')
    throw new TypeError(`${task.module} exports no openHistorySource`);
  return loaded.openHistorySource(task.options);
}
