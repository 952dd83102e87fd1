// The second WebSocket in Node: the client of our own engine, which can make the server wait.
import { type Connection, connect } from '@wireroom/websocket';
import type { DownloadSocketHandlers, OpenDownloadSocket } from './download-socket.ts';

export const engineSocket: OpenDownloadSocket = (url, handlers) => {
  const attempt = new AbortController();
  let connection: Connection | undefined;
  connect(url, { signal: attempt.signal }).then(
    (opened) => {
      connection = opened;
      handle(opened, handlers);
      // Given up at the very moment it came about.
      if (attempt.signal.aborted) opened.close(1000);
      else handlers.open();
    },
    (error: unknown) => handlers.close(error instanceof Error ? error.message : String(error)),
  );
  return {
    send: (text) => void connection?.send(text),
    close() {
      attempt.abort();
      connection?.close(1000);
    },
    flow: { pause: () => connection?.pause(), resume: () => connection?.resume() },
  };
};

function handle(connection: Connection, handlers: DownloadSocketHandlers): void {
  connection.handle({
    message(message) {
      if (message.kind === 'text') handlers.text(message.text());
      // A copy: the engine may use its buffer again.
      else handlers.bytes(new Uint8Array(message.data));
    },
    close: ({ reason }) => handlers.close(reason),
  });
}
