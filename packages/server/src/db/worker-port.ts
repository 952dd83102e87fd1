// Starts the database thread as a worker and speaks with it. Knows how a worker is started from source and from dist.
import { Worker } from 'node:worker_threads';
import type { PortListener, ThreadPort, ToThread } from './thread-port.ts';

export class WorkerPort implements ThreadPort {
  readonly #worker: Worker;

  constructor(file: string) {
    const options = { name: 'wireroom-sqlite', workerData: file };
    this.#worker = import.meta.url.endsWith('.ts')
      ? new Worker(new URL('./sqlite-thread-from-source.mjs', import.meta.url), {
          ...options,
          execArgv: ['--conditions', '@wireroom/source'],
        })
      : new Worker(new URL('./sqlite-thread.js', import.meta.url), options);
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
