// The Socket.IO gateway: socket.io 4 (and 2.x clients, `allowEIO3`) into the same rooms. It runs on both ports through one
// Engine.IO server, whose WebSockets are our engine's; what it says is lesson-session.ts's.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Tap } from '@wireroom/websocket';
import { writeRefusal } from '@wireroom/websocket/core';
import { type ServerOptions, WebSocketServer } from '@wireroom/websocket/ws';
import { Server } from 'socket.io';
import type { AddressLimit } from '../lib/address-limit.ts';
import { clientAddress } from '../lib/client-address.ts';
import { explainAddressLimit, explainOrigin, RESTARTS, RETRY_AFTER_RESTART } from './admission.ts';
import type { Leaver } from './drain.ts';
import { type LessonParts, LessonSession } from './lesson-session.ts';
import { GATEWAY_LIMITS } from './limits.ts';
import { judgeOrigin, type OriginRules, type OriginVerdict, tooManySockets } from './origin.ts';
import { type BeginSocketIoRecording, SocketIoRecordings } from './socketio-recording.ts';
import { prepareSession, recoveryAdapter } from './socketio-recovery.ts';

export interface SocketIoParts extends LessonParts {
  readonly originRules: OriginRules;
  readonly addressLimit: AddressLimit;
  readonly trustProxy: boolean;
  readonly pingIntervalMs: number;
  readonly pingTimeoutMs: number;
  /** Looks on at the WebSocket connections. */
  readonly tap: Tap | undefined;
  /** Undefined: nothing is recorded on this server. */
  readonly beginRecording: BeginSocketIoRecording | undefined;
  readonly onRefused: (event: {
    readonly address: string;
    readonly status: number;
    readonly reason: string;
  }) => void;
}

/** What is used here of an Engine.IO connection. */
interface EngineTransport {
  readonly id: string;
  readonly request: IncomingMessage;
  on(event: 'close' | 'upgrade', listener: () => void): void;
  on(event: 'packet', listener: (packet: { readonly type: string; readonly data?: unknown }) => void): void;
  close(): void;
  /** Polling or WebSocket. */
  readonly transport: object;
}

export const SOCKET_IO_PATH = '/socket.io/';

export const isSocketIoPath = (url: string | undefined): boolean => url?.startsWith(SOCKET_IO_PATH) === true;

export class SocketIoGateway {
  readonly #parts: SocketIoParts;
  readonly #io: Server;
  readonly #recordings: SocketIoRecordings | undefined;
  readonly #transports = new Set<EngineTransport>();

  /** Both ports bring their requests by `handleRequest` and `handleUpgrade`. */
  constructor(parts: SocketIoParts) {
    this.#parts = parts;
    const recordings =
      parts.beginRecording &&
      new SocketIoRecordings(parts.beginRecording, (request, recording) => {
        explainOrigin(this.#judgeOrigin(request), request.headers.origin, recording);
        explainAddressLimit(parts.addressLimit, recording);
      });
    this.#recordings = recordings;
    this.#io = new Server(createServer(), {
      path: SOCKET_IO_PATH,
      allowEIO3: true,
      serveClient: false,
      maxHttpBufferSize: GATEWAY_LIMITS.socketIoMessageBytesMax,
      pingInterval: parts.pingIntervalMs,
      pingTimeout: parts.pingTimeoutMs,
      wsEngine: wsEngine(parts.tap, recordings),
      adapter: recoveryAdapter(parts),
      connectionStateRecovery: { skipMiddlewares: false },
      allowRequest: (request, done) => this.#judge(request, done),
      cors: ((request: IncomingMessage, done: (error: null, options: object) => void) =>
        done(null, { origin: this.#isOriginAllowed(request), credentials: true })) as never,
    });
    this.#io.engine.on('connection', (transport: EngineTransport) => {
      limitSessions(transport);
      recordings?.connected(transport.id, transport.request);
      transport.on('upgrade', () => recordings?.upgraded(transport.id));
      transport.on('close', () => recordings?.closed(transport.id));
      this.#transports.add(transport);
      transport.on('close', () => this.#transports.delete(transport));
      const release = parts.addressLimit.take(this.#addressOf(transport.request));
      if (release === undefined) {
        transport.close();
        return;
      }
      transport.on('close', release);
    });
    this.#io.use((socket, next) => prepareSession(parts.recoveries, socket, next));
    this.#io.on('connection', (socket) => {
      const { id } = socket.conn as unknown as EngineTransport;
      new LessonSession(parts, socket, recordings?.of(id));
    });
  }

  handleRequest(request: IncomingMessage, response: ServerResponse): void {
    if (this.#isTooLate(request)) {
      const type = { 'content-type': 'text/plain; charset=utf-8', connection: 'close' };
      response.writeHead(503, { ...type, ...RETRY_AFTER_RESTART }).end(`${RESTARTS}\n`);
      return;
    }
    this.#recordings?.poll(request, response);
    this.#io.engine.handleRequest(request as never, response as never);
  }

  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.#isTooLate(request)) {
      socket.end(writeRefusal(503, RESTARTS, RETRY_AFTER_RESTART));
      return;
    }
    this.#io.engine.handleUpgrade(request as never, socket as never, head);
  }

  get connectionCount(): number {
    return this.#io.engine.clientsCount;
  }

  /** Everybody who is here now, to be sent away: without a Socket.IO goodbye, so that they reconnect, in their own time. */
  leavers(): Leaver[] {
    return [...this.#transports].map((transport) => ({ leave: () => transport.close() }));
  }

  /** Cuts who is still here, likewise. */
  async close(): Promise<void> {
    await this.#io.close();
    for (const { transport } of this.#transports) endWait(transport);
  }

  /** A newcomer while the server stops; whoever is here already (`sid`) may still be sent away. */
  #isTooLate(request: IncomingMessage): boolean {
    return this.#parts.isStopping() && !/[?&]sid=/.test(request.url ?? '');
  }

  #judge(request: IncomingMessage, done: (error: string | null | undefined, success: boolean) => void): void {
    const address = this.#addressOf(request);
    const verdict = this.#judgeOrigin(request);
    const isFull = this.#parts.addressLimit.isFull(address);
    if (verdict.isAllowed && !isFull) {
      done(null, true);
      return;
    }
    const reason = verdict.isAllowed ? tooManySockets(this.#parts.addressLimit.max) : verdict.reason;
    this.#parts.onRefused({ address, status: verdict.isAllowed ? 429 : 403, reason });
    done(reason, false);
  }

  #judgeOrigin(request: IncomingMessage): OriginVerdict {
    const { origin, host } = request.headers;
    if (!isDisguised(request)) return judgeOrigin({ origin, host }, this.#parts.originRules);
    const reason = 'Pages of other sites may not connect by script tags or opaque requests.';
    return { isAllowed: false, rule: 'hidden-page', reason };
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

/** The class that Engine.IO makes its WebSocket server of: our engine's, looked on at. */
function wsEngine(tap: Tap | undefined, recordings: SocketIoRecordings | undefined): typeof WebSocketServer {
  const tapFor =
    recordings && ((request: IncomingMessage, socket: Duplex) => recordings.tapFor(request, socket));
  return class extends WebSocketServer {
    constructor(options: ServerOptions) {
      super({ ...options, tap, tapFor });
    }
  };
}

/**
 * Who polls and is between two polls hears of the close by the next one. Engine.IO waits for it for 30 s, by a timer that keeps the
 * process, and closing once more does not end that: what it would do then is private, and done here.
 */
function endWait(transport: object): void {
  const close: unknown = Reflect.get(transport, 'shouldClose');
  if (typeof close === 'function') close();
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}

/** Socket.IO's CONNECT packets make a session each; a few are a client that left and came back, thousands are an attack. */
function limitSessions(transport: EngineTransport): void {
  let connects = 0;
  transport.on('packet', ({ type, data }) => {
    if (type !== 'message' || typeof data !== 'string' || !data.startsWith('0')) return;
    connects += 1;
    if (connects > GATEWAY_LIMITS.socketIoConnectsMax) transport.close();
  });
}

/** A browser's request that hides which page it is for: JSONP by a script tag, or another site's request without an Origin. */
function isDisguised(request: IncomingMessage): boolean {
  const isJsonp = /[?&]j=/.test(request.url ?? '');
  return (
    isJsonp || (request.headers.origin === undefined && request.headers['sec-fetch-site'] === 'cross-site')
  );
}
