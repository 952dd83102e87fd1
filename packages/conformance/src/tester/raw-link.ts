// A TCP connection of the tester before and without a handshake: bytes out, bytes in, waits with a limit.
// It becomes a session when a handshake has gone through (opening.ts).
import net from 'node:net';
import tls from 'node:tls';
import type { Changes } from '../wire/http.ts';

/** How a server is reached, where that takes more than its URL. */
export interface Reach {
  /** Fields that every request has. */
  readonly changes?: Changes;
  /** Any certificate will do. */
  readonly isInsecure?: boolean;
}

export class RawLink {
  readonly socket: net.Socket;
  #received: Buffer = Buffer.alloc(0);
  #hasEnded = false;
  #wake: (() => void) | undefined;
  readonly #onData = (chunk: Buffer): void => {
    this.#received = Buffer.concat([this.#received, chunk]);
    this.#wake?.();
  };
  readonly #onEnd = (): void => {
    this.#hasEnded = true;
    this.#wake?.();
  };

  constructor(socket: net.Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on('data', this.#onData);
    for (const event of ['end', 'error', 'close']) socket.on(event, this.#onEnd);
  }

  static async dial(url: URL, timeoutMs: number, reach: Reach = {}): Promise<RawLink> {
    const isSecure = url.protocol === 'wss:';
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const port = url.port === '' ? (isSecure ? 443 : 80) : Number(url.port);
    const socket = isSecure
      ? tls.connect({
          ...{ host, port, rejectUnauthorized: reach.isInsecure !== true },
          ...(net.isIP(host) === 0 && { servername: host }),
        })
      : net.connect({ host, port, allowHalfOpen: true });
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        socket.destroy();
        reject(new Error(`no connection to ${url.host} within ${timeoutMs} ms`));
      }, timeoutMs);
      socket.once(isSecure ? 'secureConnect' : 'connect', () => {
        clearTimeout(timer);
        resolve();
      });
      socket.once('error', (error) => {
        clearTimeout(timer);
        reject(error);
      });
    });
    return new RawLink(socket);
  }

  get received(): Buffer {
    return this.#received;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  async write(text: string | Buffer, cut: 'whole' | 'bytes' = 'whole'): Promise<void> {
    if (cut === 'whole') {
      this.socket.write(text);
      return;
    }
    for (const byte of Buffer.from(text)) {
      if (!this.socket.writable) return;
      this.socket.write(Uint8Array.of(byte));
      await new Promise(setImmediate);
    }
  }

  /** Waits until this holds, TCP has ended, or the time is over. Returns whether it holds. */
  async until(condition: (link: RawLink) => boolean, timeoutMs: number): Promise<boolean> {
    const deadline = performance.now() + timeoutMs;
    while (!condition(this)) {
      const leftMs = deadline - performance.now();
      if (this.#hasEnded || leftMs <= 0) return false;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return true;
  }

  /** Forgets the first bytes of what came. */
  skip(bytes: number): void {
    this.#received = this.#received.subarray(bytes);
  }

  /** Hands the socket on, with what came and was not skipped. */
  release(): Buffer {
    this.socket.pause();
    this.socket.off('data', this.#onData);
    return this.#received;
  }
}
