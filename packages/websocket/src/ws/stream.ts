// A WebSocket as a Duplex stream: each message is a chunk that comes out, each chunk that goes in is a message. Reading
// slowly pauses the socket; writing waits until the chunk is with the kernel.
import { Duplex, type DuplexOptions } from 'node:stream';
import type { RawData } from './payload.ts';
import { CLOSED, CONNECTING, OPEN } from './ready-state.ts';
import type { WebSocket } from './websocket.ts';

type Done = (error?: Error | null) => void;

/** The stream ends with the connection: ending it closes the socket, destroying it terminates the socket. */
export function createWebSocketStream(websocket: WebSocket, options: DuplexOptions = {}): Duplex {
  return new WebSocketStream(websocket, options);
}

class WebSocketStream extends Duplex {
  readonly #websocket: WebSocket;
  #mayTerminate = true;

  constructor(websocket: WebSocket, options: DuplexOptions) {
    super({ ...options, objectMode: false, writableObjectMode: false });
    this.#websocket = websocket;
    websocket.on('message', (data, isBinary) => {
      if (!this.push(toChunk(data, isBinary, this.readableObjectMode))) websocket.pause();
    });
    websocket.once('error', (error) => {
      // The socket closes by itself, with the code of the error.
      this.#mayTerminate = false;
      this.destroy(error);
    });
    websocket.once('close', () => {
      if (!this.destroyed) this.push(null);
    });
    this.on('end', () => {
      if (this.writableFinished) this.destroy();
    });
  }

  override _read(): void {
    if (this.#websocket.isPaused) this.#websocket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    this.#whenOpen(() => this.#websocket.send(chunk, done));
  }

  override _final(done: Done): void {
    this.#whenOpen(() => {
      const socket = this.#websocket._socket;
      // Without a socket the handshake has failed, and the error ends this stream.
      if (socket === null) return;
      if (this.#websocket.readyState === CLOSED || socket.writableFinished) {
        done();
        return;
      }
      let isDone = false;
      const finished = (): void => {
        if (!isDone) done();
        isDone = true;
      };
      socket.once('finish', finished);
      this.#websocket.once('close', finished);
      if (this.#websocket.readyState === OPEN) this.#websocket.close();
    });
  }

  override _destroy(error: Error | null, done: Done): void {
    if (this.#websocket.readyState === CLOSED) {
      done(error);
      return;
    }
    // A socket that is given up while it connects says so by an error, which is this stream's own doing.
    this.#websocket.on('error', () => undefined);
    this.#websocket.once('close', () => done(error));
    if (this.#mayTerminate) this.#websocket.terminate();
  }

  #whenOpen(act: () => void): void {
    if (this.#websocket.readyState === CONNECTING) this.#websocket.once('open', act);
    else act();
  }
}

function toChunk(data: RawData, isBinary: boolean, isObjectMode: boolean): unknown {
  if (isObjectMode) return isBinary || !Buffer.isBuffer(data) ? data : data.toString();
  if (data instanceof ArrayBuffer) return Buffer.from(data);
  return Array.isArray(data) ? Buffer.concat(data) : data;
}
