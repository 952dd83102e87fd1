// One database thread as the main thread sees it: it opens or is refused, it answers, it ends when it is asked to or
// unasked. sqlite-client.ts has one that writes and one that reads.
import type { DriverName } from './sqlite.ts';
import { OpenError } from './sqlite-error.ts';
import type { FromThread, ThreadPort, ToThread } from './thread-port.ts';

type Ran = Extract<FromThread, { type: 'ran' }>;

export interface DatabaseThreadParts {
  readonly port: ThreadPort;
  readonly onRan: (ran: Ran) => void;
  /** It has ended after it was open, although nobody asked it to. Called once. */
  readonly onFailure: (error: Error) => void;
}

export class DatabaseThread {
  /** Rejects with an OpenError where the database cannot be used. */
  readonly opened: Promise<DriverName>;
  readonly #port: ThreadPort;
  readonly #onRan: (ran: Ran) => void;
  readonly #onFailure: (error: Error) => void;
  readonly #ended: Promise<void>;
  #settleOpened: { resolve: (driver: DriverName) => void; reject: (error: Error) => void } | undefined;
  #resolveEnded: () => void = () => {};
  #state: 'running' | 'closed' | 'ended' = 'running';

  constructor({ port, onRan, onFailure }: DatabaseThreadParts) {
    this.#port = port;
    this.#onRan = onRan;
    this.#onFailure = onFailure;
    this.opened = new Promise((resolve, reject) => {
      this.#settleOpened = { resolve, reject };
    });
    this.#ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
    port.listen({ message: (message) => this.#receive(message), ended: (error) => this.#end(error) });
  }

  send(message: ToThread): void {
    if (this.#state === 'running') this.#port.send(message);
  }

  /** Resolves when the thread is gone, whatever it had been. */
  close(): Promise<void> {
    this.send({ type: 'close' });
    return this.#ended;
  }

  #receive(message: FromThread): void {
    switch (message.type) {
      case 'opened':
        this.#settleOpened?.resolve(message.driver);
        this.#settleOpened = undefined;
        return;
      case 'refused': {
        const { code, cause } = message;
        this.#settleOpened?.reject(new OpenError(code, message.message, { cause }));
        this.#settleOpened = undefined;
        this.#state = 'closed';
        return;
      }
      case 'ran':
        this.#onRan(message);
        return;
      case 'closed':
        this.#state = 'closed';
        return;
    }
  }

  #end(error: Error | undefined): void {
    if (this.#state === 'running') {
      const failure = new Error('The database thread has ended unasked; nothing can be stored.', {
        cause: error,
      });
      if (this.#settleOpened === undefined) this.#onFailure(failure);
      else this.#settleOpened.reject(failure);
    }
    this.#state = 'ended';
    this.#resolveEnded();
  }
}
