// The port to the second WebSocket, and its adapter for runtimes that have one. Texts both ways, bytes towards us; it knows no history.

export interface DownloadSocketHandlers {
  open(): void;
  text(text: string): void;
  bytes(bytes: Uint8Array): void;
  /** Once, at the end, whether `open` was called or not. */
  close(reason: string): void;
}

export interface DownloadSocket {
  send(text: string): void;
  close(): void;
  /** Makes the other side wait, where the runtime can: browsers cannot. */
  readonly flow?: { pause(): void; resume(): void };
}

/** Starts to connect. Handlers are called later, never from inside this call. May throw: then nothing was started. */
export type OpenDownloadSocket = (url: string, handlers: DownloadSocketHandlers) => DownloadSocket;

/** The runtime's own WebSocket, looked up at the call. */
export const globalSocket: OpenDownloadSocket = (url, handlers) => {
  const { WebSocket } = globalThis;
  if (WebSocket === undefined) throw new Error('This runtime has no WebSocket.');
  const socket = new WebSocket(url);
  socket.binaryType = 'arraybuffer';
  socket.addEventListener('open', () => handlers.open());
  socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (typeof data === 'string') handlers.text(data);
    else if (data instanceof ArrayBuffer) handlers.bytes(new Uint8Array(data));
  });
  socket.addEventListener('close', ({ reason }) => handlers.close(reason));
  return { send: (text) => socket.send(text), close: () => socket.close(1000) };
};
