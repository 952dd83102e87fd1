// The port to a WebSocket, and its adapter for runtimes that have one. Texts only; the protocol says nothing in binary.
// Knows no protocol and never reconnects: connection.ts does.
import { SUBPROTOCOL } from '@wireroom/protocol';

export interface TransportHandlers {
  open(): void;
  message(text: string): void;
  /** Once, at the end, whether `open` was called or not. */
  close(code: number, reason: string): void;
}

export interface Transport {
  send(text: string): void;
  /** Bytes that were given to `send` and have not left, where the runtime tells. */
  readonly bufferedAmount?: number;
  close(code: number, reason: string): void;
}

/** Starts to connect. Handlers are called later, never from inside this call. May throw: then nothing was started. */
export type OpenTransport = (
  url: string,
  handlers: TransportHandlers,
  /** Default: that of the chat. */
  subprotocols?: readonly string[],
) => Transport;

interface SocketEvent {
  readonly type: string;
  /** Of `message`. */
  readonly data?: unknown;
  /** Of `close`. */
  readonly code?: number;
  readonly reason?: string;
}

/** As much of a WHATWG WebSocket as is used here. */
interface WebSocketLike {
  readonly bufferedAmount?: number;
  addEventListener(type: string, listener: (event: SocketEvent) => void): void;
  send(text: string): void;
  close(code: number, reason: string): void;
}

export type WebSocketConstructor = new (url: string, subprotocols: string[]) => WebSocketLike;

/** A transport over the given class: the browser's WebSocket, or another with its shape. */
export function webSocketTransport(WebSocketClass: WebSocketConstructor): OpenTransport {
  return (url, handlers, subprotocols = [SUBPROTOCOL]) => {
    const socket = new WebSocketClass(url, [...subprotocols]);
    socket.addEventListener('open', () => handlers.open());
    socket.addEventListener('message', ({ data }) => {
      if (typeof data === 'string') handlers.message(data);
    });
    // An `error` event tells nothing that the `close` after it does not.
    socket.addEventListener('close', ({ code = 1006, reason = '' }) => handlers.close(code, reason));
    return socket;
  };
}

/** The runtime's own WebSocket. Looked up at the call, so that importing the SDK needs none. */
export const globalTransport: OpenTransport = (url, handlers, subprotocols) => {
  const { WebSocket } = globalThis;
  if (WebSocket === undefined) throw new Error('No WebSocket here: pass openTransport to createChat.');
  return webSocketTransport(WebSocket)(url, handlers, subprotocols);
};
