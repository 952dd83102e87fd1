// Servers on free local ports whose events a test can read, ended after the test. For tests only.
import { afterEach } from 'vitest';
import type { CloseEvent } from '../core/connection-state.ts';
import type { WireError } from '../core/wire-error.ts';
import type { Connection, ConnectionHandlers } from '../net/connection.ts';
import { WebSocketServer, type WebSocketServerOptions } from '../net/server.ts';

export interface Loopback {
  readonly server: WebSocketServer;
  readonly port: number;
  readonly url: string;
  /** In the order in which they came. */
  readonly connections: readonly Connection[];
  /** What each close handler got. */
  readonly closes: readonly CloseEvent[];
  readonly errors: readonly WireError[];
  /** The first connection, once there is one. */
  connection(): Promise<Connection>;
  /** Resolves when so many close handlers were called. */
  closed(count?: number): Promise<CloseEvent>;
}

const cleanups: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Has something ended after the test. */
export function atEnd(cleanup: () => Promise<void> | void): void {
  cleanups.push(cleanup);
}

/** A server that echoes, unless its handlers say otherwise. */
export async function listen(
  options: Partial<WebSocketServerOptions> = {},
  handlers: (connection: Connection) => ConnectionHandlers = echo,
): Promise<Loopback> {
  const connections: Connection[] = [];
  const closes: CloseEvent[] = [];
  const errors: WireError[] = [];
  let wakers: (() => void)[] = [];
  const wake = (): void => {
    const woken = wakers;
    wakers = [];
    for (const waker of woken) waker();
  };
  const server = new WebSocketServer({
    onError: (error) => errors.push(error),
    ...options,
    onConnection(connection, request) {
      connections.push(connection);
      const given = handlers(connection);
      connection.handle({
        ...given,
        close(event) {
          closes.push(event);
          given.close?.(event);
          wake();
        },
      });
      options.onConnection?.(connection, request);
      wake();
    },
  });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  atEnd(() => server.close({ timeoutMs: 50 }));
  const until = async <T>(look: () => T | undefined): Promise<T> => {
    for (;;) {
      const seen = look();
      if (seen !== undefined) return seen;
      await new Promise<void>((resolve) => wakers.push(resolve));
    }
  };
  return {
    server,
    port,
    url: `ws://127.0.0.1:${port}/`,
    connections,
    closes,
    errors,
    connection: () => until(() => connections[0]),
    closed: (count = 1) => until(() => closes[count - 1]),
  };
}

export function echo(connection: Connection): ConnectionHandlers {
  return {
    message: (message) => connection.send(message.kind === 'text' ? message.text() : message.data),
  };
}

/** Lets the event loop turn until the condition holds. */
export async function eventually(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}
