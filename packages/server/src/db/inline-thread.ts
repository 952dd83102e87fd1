// A database "thread" on the caller's own thread, for tests and for tools in which waiting for the disk is no harm.
// The server never uses it: its event loop would wait for every commit.
import { loadDriver, type SqliteDriver } from './sqlite.ts';
import { SqliteExecutor } from './sqlite-executor.ts';
import type { FromThread, PortListener, ThreadPort, ThreadTask, ToThread } from './thread-port.ts';
import { startThreadService, type ThreadService } from './thread-service.ts';

export class InlineThread implements ThreadPort {
  readonly #file: string;
  readonly #driver: SqliteDriver | undefined;
  readonly #role: ThreadTask['role'];
  #service: Promise<ThreadService | undefined> | undefined;
  #listener: PortListener | undefined;

  /** Without a driver: the one that the server would take. */
  constructor(file: string, driver?: SqliteDriver, role: ThreadTask['role'] = 'writer') {
    this.#file = file;
    this.#driver = driver;
    this.#role = role;
  }

  listen(listener: PortListener): void {
    this.#listener = listener;
    const open = async (): Promise<SqliteExecutor> => {
      const driver = this.#driver ?? loadDriver();
      const isWriter = this.#role === 'writer';
      return isWriter
        ? SqliteExecutor.open(this.#file, driver)
        : SqliteExecutor.openToRead(this.#file, driver);
    };
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
