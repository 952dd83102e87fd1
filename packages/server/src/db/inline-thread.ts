// A database "thread" on the caller's own thread, for tests and for tools in which waiting for the disk is no harm.
// The server never uses it: its event loop would wait for every commit.
import { loadDriver, type SqliteDriver } from './sqlite.ts';
import { SqliteExecutor } from './sqlite-executor.ts';
import type { FromThread, PortListener, ThreadPort, ToThread } from './thread-port.ts';
import { startThreadService, type ThreadService } from './thread-service.ts';

export class InlineThread implements ThreadPort {
  readonly #file: string;
  readonly #driver: SqliteDriver | undefined;
  #service: Promise<ThreadService | undefined> | undefined;
  #listener: PortListener | undefined;

  /** Without a driver: the one that the server would take. */
  constructor(file: string, driver?: SqliteDriver) {
    this.#file = file;
    this.#driver = driver;
  }

  listen(listener: PortListener): void {
    this.#listener = listener;
    const open = (): Promise<SqliteExecutor> => SqliteExecutor.open(this.#file, this.#driver ?? loadDriver());
    this.#service = startThreadService(open, (message) => this.#answer(message));
    this.#service.catch((error) => listener.ended(error));
  }

  send(message: ToThread): void {
    this.#service
      ?.then((service) => service?.handle(structuredClone(message)))
      .catch((error) => this.#listener?.ended(error));
  }

  #answer(message: FromThread): void {
    this.#listener?.message(structuredClone(message));
    if (message.type === 'closed') this.#listener?.ended(undefined);
  }
}
