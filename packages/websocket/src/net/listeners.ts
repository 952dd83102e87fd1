// The server's own listening sockets, plain and TLS. Accepts and counts nothing but TLS handshakes under way; every
// connection goes to the server, which opens it.
import net from 'node:net';
import tls from 'node:tls';
import { getSystemErrorName } from 'node:util';
import { WireError } from '../core/wire-error.ts';
import type { WebSocketLimits } from '../limits.ts';
import { NOBODY, socketInfo } from './socket-info.ts';
import type { SocketInfo } from './tap.ts';
import { acceptHandles, type TcpHandle } from './tcp-handle.ts';

/** Where a server listens. */
export interface ListenOptions {
  readonly port: number;
  /** Name or address to listen on. Default: all addresses. */
  readonly host?: string;
  /** Connections that the system holds until they are accepted. Default: Node's, 511. */
  readonly backlog?: number;
  /** Certificate and key (PEM), and whatever else `node:tls` takes: then `wss` is spoken here. */
  readonly tls?: tls.TlsOptions;
}

/** Where it listens in fact. */
export interface ListeningAddress {
  readonly port: number;
  readonly address: string;
}

export interface ListenersHost {
  readonly limits: WebSocketLimits;
  accepted(socket: net.Socket): void;
  /** The same, of a connection that no socket was made for. */
  acceptedHandle(handle: TcpHandle, localPort: number): void;
  report(error: WireError, info: SocketInfo): void;
}

export class Listeners {
  readonly #host: ListenersHost;
  readonly #servers = new Set<net.Server>();
  // Connections whose TLS handshake is not through; nobody else could end them.
  readonly #beforeTls = new Map<string, net.Socket>();

  constructor(host: ListenersHost) {
    this.#host = host;
  }

  listen(options: ListenOptions): Promise<ListeningAddress> {
    const { port, host, backlog } = options;
    const server = options.tls === undefined ? this.#plainServer() : this.#tlsServer(options.tls);
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      const where = {
        port,
        ...(host !== undefined && { host }),
        ...(backlog !== undefined && { backlog }),
      };
      server.listen(where, () => {
        server.off('error', reject);
        this.#keep(server);
        const address = server.address();
        if (address === null || typeof address === 'string') {
          reject(new Error('a TCP listener has an address'));
          return;
        }
        if (options.tls === undefined) this.#acceptHandles(server, address.port);
        resolve({ port: address.port, address: address.address });
      });
    });
  }

  async stop(): Promise<void> {
    // The callback of `close` waits for every connection, also for those that were handed on; not listening any more
    // is a matter of this moment.
    for (const server of this.#servers) server.close();
    this.#servers.clear();
  }

  /** Ends what never became a connection. */
  destroy(): void {
    for (const socket of this.#beforeTls.values()) socket.destroy();
  }

  #keep(server: net.Server): void {
    this.#servers.add(server);
    server.on('error', (cause) => {
      this.#host.report(new WireError('accept-failed', cause.message, { cause }), NOBODY);
    });
  }

  /** The shorter way: a connection's handle without the socket around it. */
  #acceptHandles(server: net.Server, port: number): void {
    acceptHandles(server, (error, handle) => {
      if (error === 0) this.#host.acceptedHandle(handle, port);
      else server.emit('error', new Error(`accept ${getSystemErrorName(error)}`));
    });
  }

  #plainServer(): net.Server {
    return net.createServer({ allowHalfOpen: true }, (socket) => this.#host.accepted(socket));
  }

  #tlsServer(options: tls.TlsOptions): tls.Server {
    const { handshakeTimeoutMs, handshakesMax } = this.#host.limits;
    // The type of the options lacks allowHalfOpen, which a tls.Server takes like every net.Server.
    const all: tls.TlsOptions & net.ServerOpts = {
      ...options,
      allowHalfOpen: true,
      handshakeTimeout: handshakeTimeoutMs,
    };
    const server = tls.createServer(all, (socket) => this.#host.accepted(socket));
    server.on('connection', (socket: net.Socket) => {
      const key = peerOf(socket);
      if (this.#beforeTls.size >= handshakesMax) socket.destroy();
      this.#beforeTls.set(key, socket);
      socket.once('close', () => this.#beforeTls.delete(key));
    });
    server.on('secureConnection', (socket) => this.#beforeTls.delete(peerOf(socket)));
    server.on('tlsClientError', (cause, socket) => {
      this.#host.report(new WireError('tls-failed', cause.message, { cause }), socketInfo('server', socket));
    });
    return server;
  }
}

/** The same for the raw socket and for the TLS socket around it. */
function peerOf(socket: net.Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort} ${socket.localPort}`;
}
