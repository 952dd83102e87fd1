// Starts the download thread and speaks with it.
import { startThread } from '../lib/thread-start.ts';
import type { HistorySourceTask } from '../log/history-source.ts';
import { HISTORY_LIMITS } from './limits.ts';
import type { FromRenderer, ToRenderer } from './render-order.ts';

export interface RenderListener {
  message(message: FromRenderer): void;
  /** It is no more, with the error that ended it if there was one. Comes once, and last. */
  ended(error: Error | undefined): void;
}

export interface RenderPort {
  post(message: ToRenderer): void;
  /** For tests: it dies where it stands. */
  kill(): Promise<void>;
}

export type StartRenderer = (listener: RenderListener) => RenderPort;

export function rendererOn(task: HistorySourceTask): StartRenderer {
  return (listener) => {
    const worker = startWorker(task);
    let failure: Error | undefined;
    worker.on('message', (message: FromRenderer) => listener.message(message));
    worker.on('error', (error) => {
      failure ??= error instanceof Error ? error : new Error(String(error));
    });
    worker.on('exit', () => listener.ended(failure));
    return {
      post: (message) => {
        const memory = message.type === 'more' ? message.memory : undefined;
        worker.postMessage(message, memory === undefined ? [] : [memory]);
      },
      kill: async () => {
        await worker.terminate();
      },
    };
  };
}

const startWorker = (task: HistorySourceTask) =>
  startThread('history/history-thread', {
    name: 'wireroom-history',
    workerData: task,
    resourceLimits: {
      maxOldGenerationSizeMb: HISTORY_LIMITS.heapMiB,
      maxYoungGenerationSizeMb: HISTORY_LIMITS.youngHeapMiB,
    },
  });
