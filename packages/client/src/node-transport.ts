// The transport for Node: the client of our own engine, since Node 20 has no WebSocket of its own. Only node.ts imports it.
import { SUBPROTOCOL } from '@wireroom/protocol';
import { type Connection, connect } from '@wireroom/websocket';
import type { OpenTransport, Transport, TransportHandlers } from './transport.ts';

const NEVER_OPENED = 1006;

export const nodeTransport: OpenTransport = (url, handlers, subprotocols = [SUBPROTOCOL]) => {
  // A URL that cannot be fails here and now, as in a browser.
  const { protocol } = new URL(url);
  if (protocol !== 'ws:' && protocol !== 'wss:') throw new TypeError(`not a ws: or wss: URL: ${url}`);
  return new NodeTransport(url, handlers, subprotocols);
};

class NodeTransport implements Transport {
  readonly #handlers: TransportHandlers;
  readonly #attempt = new AbortController();
  #connection: Connection | undefined;

  constructor(url: string, handlers: TransportHandlers, subprotocols: readonly string[]) {
    this.#handlers = handlers;
    connect(url, { subprotocols: [...subprotocols], signal: this.#attempt.signal }).then(
      (connection) => this.#connected(connection),
      (error: unknown) =>
        handlers.close(NEVER_OPENED, error instanceof Error ? error.message : String(error)),
    );
  }

  get bufferedAmount(): number {
    return this.#connection?.bufferedBytes ?? 0;
  }

  send(text: string): void {
    this.#connection?.send(text);
  }

  close(code: number, reason: string): void {
    this.#attempt.abort();
    this.#connection?.close(code, reason);
  }

  #connected(connection: Connection): void {
    this.#connection = connection;
    connection.handle({
      message: (message) => {
        if (message.kind === 'text') this.#handlers.message(message.text());
      },
      close: ({ code, reason }) => this.#handlers.close(code, reason),
    });
    // Given up at the very moment it came about.
    if (this.#attempt.signal.aborted) connection.close(1000);
    else this.#handlers.open();
  }
}
