// A database "thread" on the caller's own thread, for tests and for tools in which waiting for the disk is no harm.
// The server never uses it: its event loop would wait for every commit.
import type { SqliteExecutor } from './sqlite-executor.ts';
import type { FromThread, PortListener, ThreadPort, ToThread } from './thread-port.ts';
import { startThreadService, type ThreadService } from './thread-service.ts';

export class InlineThread implements ThreadPort {
  readonly #open: () => Promise<SqliteExecutor>;
  #service: Promise<ThreadService | undefined> | undefined;
  #listener: PortListener | undefined;

  constructor(open: () => Promise<SqliteExecutor>) {
    this.#open = open;
  }

  listen(listener: PortListener): void {
    this.#listener = listener;
    this.#service = startThreadService(this.#open, (message) => this.#answer(message));
    this.#service.catch((error) => listener.ended(error));
  }

  send(message: ToThread): void {
    this.#service?.then((service) => service?.handle(message)).catch((error) => this.#listener?.ended(error));
  }

  #answer(message: FromThread): void {
    this.#listener?.message(structuredClone(message));
    if (message.type === 'closed') this.#listener?.ended(undefined);
  }
}
