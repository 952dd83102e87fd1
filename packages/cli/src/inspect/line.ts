// The stream that a client of the engine talks through: TCP or TLS and what is known of it. When the server has refused,
// it goes on reading for a moment, so that the body of the answer can be shown.
import net from 'node:net';
import { Duplex } from 'node:stream';
import tls from 'node:tls';
import type { Address, TlsInfo } from '@wireroom/capture';
import type { Connector } from '@wireroom/websocket';
import { INSPECT_LIMITS } from './limits.ts';

export class Line extends Duplex {
  readonly client: Address;
  readonly server: Address;
  readonly tls: TlsInfo | undefined;
  /** Set when the answer was a refusal: what still comes after the engine has let go is given to it, until it says false. */
  takeLate: ((chunk: Buffer) => boolean) | undefined;
  readonly #socket: net.Socket;
  #lateBytes = 0;

  constructor(socket: net.Socket) {
    super({ allowHalfOpen: true });
    this.#socket = socket;
    this.client = { address: socket.localAddress ?? '', port: socket.localPort ?? 0 };
    this.server = { address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 };
    this.tls = socket instanceof tls.TLSSocket ? tlsInfo(socket) : undefined;
    socket.on('data', (chunk) => {
      if (this.destroyed) this.#late(chunk);
      else if (!this.push(chunk)) socket.pause();
    });
    socket.on('end', () => this.push(null));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.destroy());
  }

  /** Bytes that the engine does not know of; it counts what is written through the stream. */
  writePast(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const socket = this.#socket;
    if (this.takeLate === undefined || socket.destroyed || socket.readableEnded) {
      socket.destroy();
      done(error);
      return;
    }
    const timer = setTimeout(() => socket.destroy(), INSPECT_LIMITS.refusalBodyMs);
    socket.once('end', () => socket.destroy());
    socket.once('close', () => {
      clearTimeout(timer);
      done(error);
    });
    socket.resume();
  }

  #late(chunk: Buffer): void {
    this.#lateBytes += chunk.length;
    const wantsMore = this.takeLate?.(chunk) ?? false;
    if (!wantsMore || this.#lateBytes >= INSPECT_LIMITS.refusalBodyBytesMax) this.#socket.destroy();
  }
}

/** Dials as the engine does, and hands out each line that it made. */
export function lineConnector(dialled: (line: Line) => void): Connector {
  return ({ host, port, secure, tls: options }, signal) =>
    new Promise((resolve, reject) => {
      const servername = net.isIP(host) === 0 ? { servername: host } : {};
      const socket = secure
        ? tls.connect({ ...servername, ...options, host, port })
        : net.connect({ host, port, allowHalfOpen: true });
      const aborted = (): void => void socket.destroy(new Error('given up'));
      signal.addEventListener('abort', aborted, { once: true });
      socket.once('error', reject);
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        signal.removeEventListener('abort', aborted);
        socket.off('error', reject);
        socket.setNoDelay(true);
        const line = new Line(socket);
        dialled(line);
        resolve(line);
      });
    });
}

function tlsInfo(socket: tls.TLSSocket): TlsInfo {
  const { alpnProtocol } = socket;
  const serverName: unknown = Reflect.get(socket, 'servername');
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().standardName,
    ...(typeof alpnProtocol === 'string' && { alpn: alpnProtocol }),
    ...(typeof serverName === 'string' && serverName !== '' && { serverName }),
  };
}
