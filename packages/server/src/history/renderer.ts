// The main thread's side of the download thread: it starts with the first download, orders go to it, and what it says finds
// whoever asked. When it dies, those who were being served are told and begin again on the next one.
import type { FromRenderer, ToRenderer } from './render-order.ts';
import type { RenderPort, StartRenderer } from './render-thread.ts';

export interface RenderClient {
  heard(message: FromRenderer): void;
  /** The thread ended in the middle. */
  threadEnded(error: Error): void;
}

export class Renderer {
  readonly #start: StartRenderer;
  readonly #onError: (error: unknown) => void;
  readonly #clients = new Map<number, RenderClient>();
  #port: RenderPort | undefined;
  #lastId = 0;
  #closed: Promise<void> | undefined;
  #resolveClosed: () => void = () => {};

  constructor(start: StartRenderer, onError: (error: unknown) => void) {
    this.#start = start;
    this.#onError = onError;
  }

  /** A number under which `client` hears answers until it leaves. */
  enter(client: RenderClient): number {
    this.#lastId += 1;
    this.#clients.set(this.#lastId, client);
    return this.#lastId;
  }

  leave(id: number): void {
    if (this.#clients.delete(id)) this.#port?.post({ type: 'forget', id });
  }

  post(message: ToRenderer): void {
    if (this.#closed !== undefined) return;
    this.#port ??= this.#begin();
    this.#port.post(message);
  }

  /** For tests: the thread dies where it stands. */
  async kill(): Promise<void> {
    await this.#port?.kill();
  }

  close(): Promise<void> {
    this.#closed ??= new Promise((resolve) => {
      this.#resolveClosed = resolve;
      if (this.#port === undefined) resolve();
      else this.#port.post({ type: 'close' });
    });
    return this.#closed;
  }

  #begin(): RenderPort {
    const port = this.#start({
      message: (message) => {
        if (message.type !== 'closed') this.#clients.get(message.id)?.heard(message);
      },
      ended: (failure) => {
        if (this.#port === port) this.#port = undefined;
        if (this.#closed !== undefined) {
          this.#resolveClosed();
          return;
        }
        const error = new Error('The download thread has ended unasked.', { cause: failure });
        this.#onError(error);
        for (const client of [...this.#clients.values()]) client.threadEnded(error);
      },
    });
    return port;
  }
}
