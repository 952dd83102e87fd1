// The Socket.IO gateway: socket.io 4 (and 2.x clients, `allowEIO3`) into the same rooms. It runs on both ports through one
// Engine.IO server; what it says is lesson-session.ts's.
import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from '@wireroom/websocket/ws';
import { Server } from 'socket.io';
import type { AddressLimit } from '../lib/address-limit.ts';
import { clientAddress } from '../lib/client-address.ts';
import { type LessonParts, LessonSession } from './lesson-session.ts';
import { GATEWAY_LIMITS } from './limits.ts';
import { judgeOrigin, type OriginRules, tooManySockets } from './origin.ts';

export interface SocketIoParts extends LessonParts {
  readonly originRules: OriginRules;
  readonly addressLimit: AddressLimit;
  readonly trustProxy: boolean;
  readonly pingIntervalMs: number;
  readonly pingTimeoutMs: number;
  readonly onRefused: (event: {
    readonly address: string;
    readonly status: number;
    readonly reason: string;
  }) => void;
}

export const SOCKET_IO_PATH = '/socket.io/';

export const isSocketIoPath = (url: string | undefined): boolean => url?.startsWith(SOCKET_IO_PATH) === true;

export class SocketIoGateway {
  readonly #parts: SocketIoParts;
  readonly #io: Server;

  /** Attaches to the main port's HTTP server; further ports bring their requests by `handleRequest` and `handleUpgrade`. */
  constructor(httpServer: HttpServer, parts: SocketIoParts) {
    this.#parts = parts;
    this.#io = new Server(httpServer, {
      path: SOCKET_IO_PATH,
      allowEIO3: true,
      serveClient: false,
      wsEngine: WebSocketServer,
      // The main port's other upgrades are answered by the app; Engine.IO would cut them after a second.
      destroyUpgrade: false,
      maxHttpBufferSize: GATEWAY_LIMITS.socketIoMessageBytesMax,
      pingInterval: parts.pingIntervalMs,
      pingTimeout: parts.pingTimeoutMs,
      allowRequest: (request, done) => this.#judge(request, done),
      cors: ((request: IncomingMessage, done: (error: null, options: object) => void) =>
        done(null, { origin: this.#isOriginAllowed(request), credentials: false })) as never,
    });
    this.#io.engine.on(
      'connection',
      (transport: {
        request: IncomingMessage;
        on(event: 'close', listener: () => void): void;
        close(): void;
      }) => {
        const release = parts.addressLimit.take(this.#addressOf(transport.request));
        if (release === undefined) transport.close();
        else transport.on('close', release);
      },
    );
    this.#io.on('connection', (socket) => new LessonSession(parts, socket));
  }

  handleRequest(request: IncomingMessage, response: ServerResponse): void {
    this.#io.engine.handleRequest(request as never, response as never);
  }

  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#io.engine.handleUpgrade(request as never, socket as never, head);
  }

  get connectionCount(): number {
    return this.#io.engine.clientsCount;
  }

  /** Cuts the transports without a Socket.IO goodbye, after which clients reconnect by themselves. */
  async close(): Promise<void> {
    await this.#io.close();
  }

  #judge(request: IncomingMessage, done: (error: string | null | undefined, success: boolean) => void): void {
    const { origin, host } = request.headers;
    const address = this.#addressOf(request);
    const verdict = judgeOrigin({ origin, host }, this.#parts.originRules);
    const isFull = this.#parts.addressLimit.isFull(address);
    if (verdict.isAllowed && !isFull) {
      done(null, true);
      return;
    }
    const reason = verdict.isAllowed ? tooManySockets(this.#parts.addressLimit.max) : verdict.reason;
    this.#parts.onRefused({ address, status: verdict.isAllowed ? 429 : 403, reason });
    done(reason, false);
  }

  #addressOf(request: IncomingMessage): string {
    const forwarded = this.#parts.trustProxy ? header(request, 'x-forwarded-for') : undefined;
    return clientAddress(request.socket.remoteAddress, forwarded);
  }

  #isOriginAllowed(request: IncomingMessage): boolean {
    const { origin, host } = request.headers;
    return judgeOrigin({ origin, host }, this.#parts.originRules).isAllowed;
  }
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}
