// Starts the database thread as a worker and speaks with it.
import type { Worker } from 'node:worker_threads';
import { startThread } from '../lib/thread-start.ts';
import type { PortListener, ThreadPort, ThreadTask, ToThread } from './thread-port.ts';

export class WorkerPort implements ThreadPort {
  readonly #worker: Worker;

  constructor(task: ThreadTask) {
    this.#worker = startThread('db/sqlite-thread', {
      name: `wireroom-sqlite-${task.role}`,
      workerData: task,
    });
  }

  listen(listener: PortListener): void {
    let failure: Error | undefined;
    this.#worker.on('message', (message) => listener.message(message));
    this.#worker.on('messageerror', (error) => {
      failure ??= error;
    });
    this.#worker.on('error', (error) => {
      failure ??= error instanceof Error ? error : new Error(String(error));
    });
    this.#worker.on('exit', () => listener.ended(failure));
  }

  send(message: ToThread): void {
    this.#worker.postMessage(message);
  }

  /** For tests: the thread dies where it stands. */
  async kill(): Promise<void> {
    await this.#worker.terminate();
  }
}
