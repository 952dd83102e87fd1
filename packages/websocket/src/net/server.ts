// The server's door: sockets come in (own listeners, or accepted elsewhere), connections come out, one policy function
// in between. Keeps the sets of what is alive, so that it can be closed. The protocol itself is in ../core.
import type { IncomingMessage } from 'node:http';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import { asksForWebSocket } from '../core/handshake.ts';
import { HeaderMap, type RawHeader } from '../core/header-map.ts';
import { WireError } from '../core/wire-error.ts';
import { tickMsFor, type WebSocketLimits, withDefaults } from '../limits.ts';
import {
  beginReading,
  CONNECTION_SEATS,
  Connection,
  type ConnectionSettings,
  failConnection,
} from './connection.ts';
import { type DeflateOptions, type DeflateSettings, deflateSettings } from './deflate.ts';
import { AcceptedWire } from './handle-wire.ts';
import { Listeners, type ListeningAddress, type ListenOptions } from './listeners.ts';
import { type Accepted, Opening, type OpeningHost, type RequestGlance } from './opening.ts';
import { surfaceProgramError } from './program-error.ts';
import { type ReadonlyRoster, Roster, type Seating } from './roster.ts';
import { handleInfo, socketInfo } from './socket-info.ts';
import type { SocketInfo, Tap } from './tap.ts';
import type { TcpHandle } from './tcp-handle.ts';
import type { UpgradeDecision, UpgradeRequest } from './upgrade-request.ts';
import { type Clock, SYSTEM_CLOCK, Watch } from './watch.ts';
import type { Wire } from './wire.ts';

/** What a server is made of. Only `onConnection` is needed. */
export interface WebSocketServerOptions {
  /** Policy: origin, path, subprotocol, limits per address. Default: everybody is accepted, without subprotocol. */
  decide?(request: UpgradeRequest): UpgradeDecision | Promise<UpgradeDecision>;
  /** Called when the 101 has been written and before anything is read: set the handlers here. */
  onConnection(connection: Connection, request: UpgradeRequest): void;
  /** Whether a well-formed HTTP request is ours. Default: whatever asks for an upgrade to websocket. */
  isForUs?(glance: RequestGlance): boolean;
  /** Takes a socket whose request is not ours, with all its bytes unread. Default: such a request is refused. */
  handOn?(socket: net.Socket): void;
  readonly limits?: Partial<WebSocketLimits>;
  /** Compression of messages (RFC 7692), for clients that offer it. Default: off. */
  readonly perMessageDeflate?: boolean | DeflateOptions;
  readonly tap?: Tap;
  /** News for a log: what went wrong on a socket. Errors thrown by the program's own functions come here as well. */
  onError?(error: WireError, info: SocketInfo): void;
  /** The clock of the time-outs, for tests. */
  readonly clock?: Clock;
}

/** How a server ends its connections. */
export interface CloseOptions {
  readonly code?: number;
  readonly reason?: string;
  /** After this time those who have not answered are cut. Default: the limit `closeTimeoutMs`. */
  readonly timeoutMs?: number;
}

const OPENING_SEATS: Seating<Opening> = {
  seatOf: (opening) => opening.seat,
  seat: (opening, seat) => {
    opening.seat = seat;
  },
};

const ACCEPT: UpgradeDecision = { accept: true };

/** A WebSocket server. It listens by itself (`listen`), or takes sockets (`handleSocket`) and upgrades (`handleUpgrade`) from others. */
export class WebSocketServer {
  readonly #options: WebSocketServerOptions;
  readonly #limits: WebSocketLimits;
  readonly #deflate: DeflateSettings | undefined;
  readonly #watch: Watch;
  readonly #openings = new Roster<Opening>(OPENING_SEATS);
  readonly #connections = new Roster<Connection>(CONNECTION_SEATS);
  readonly #listeners: Listeners;
  readonly #host: OpeningHost;
  readonly #settings: ConnectionSettings;
  #isClosing = false;
  #whenEmpty: (() => void)[] = [];

  constructor(options: WebSocketServerOptions) {
    this.#options = options;
    this.#limits = withDefaults(options.limits);
    this.#deflate = deflateSettings(options.perMessageDeflate);
    this.#watch = new Watch(options.clock ?? SYSTEM_CLOCK, tickMsFor(this.#limits));
    this.#listeners = new Listeners({
      limits: this.#limits,
      accepted: (socket) => this.handleSocket(socket),
      acceptedHandle: (handle, localPort) => this.#openHandle(handle, localPort),
      report: (error, info) => this.#report(error, info),
    });
    this.#host = this.#makeHost();
    this.#settings = {
      role: 'server',
      limits: this.#limits,
      watch: this.#watch,
      closed: (connection) => {
        this.#connections.delete(connection);
        this.#checkEmpty();
      },
      report: (error, info) => this.#report(error, info),
    };
  }

  /** The connections that are open or closing. Going through them is going through those who are there at that moment. */
  get connections(): ReadonlyRoster<Connection> {
    return this.#connections;
  }

  /** Listens on a port of its own; may be called for several. Port 0 takes a free one. Rejects as `net` does. */
  listen(options: ListenOptions): Promise<ListeningAddress> {
    return this.#listeners.listen(options);
  }

  /** Takes a TCP or TLS connection that was accepted elsewhere and of which nothing has been read. */
  handleSocket(socket: net.Socket): void {
    this.#open(socket);
  }

  /** Takes an `upgrade` event of an `http.Server`. The request is ours, whatever `isForUs` says. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const opening = this.#open(socket);
    if (opening === undefined) return;
    const { method = '', url = '', httpVersion, rawHeaders } = request;
    const headers = new HeaderMap(pairs(rawHeaders));
    const lines = headers.raw.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    const rawHead = Buffer.from(`${method} ${url} HTTP/${httpVersion}\r\n${lines}\r\n`, 'latin1');
    opening.takeRequest({ method, target: url, httpVersion, headers }, rawHead, head);
  }

  /** No new TCP connections; those that are there stay. */
  stopListening(): Promise<void> {
    return this.#listeners.stop();
  }

  /**
   * Ends everything: stops listening, refuses the handshakes under way, closes every connection (with 1001 unless told
   * otherwise), cuts those that take too long. Resolves when all are gone.
   */
  async close(options: CloseOptions = {}): Promise<void> {
    const { code = 1001, reason = '', timeoutMs = this.#limits.closeTimeoutMs } = options;
    this.#isClosing = true;
    await this.stopListening();
    this.#listeners.destroy();
    for (const opening of this.#openings) opening.refuse(new WireError('shutting-down'));
    for (const connection of this.#connections) connection.close(code, reason);
    const timer = setTimeout(() => {
      for (const opening of this.#openings) opening.abandon();
      for (const connection of this.#connections) connection.terminate();
    }, timeoutMs);
    await this.#empty();
    clearTimeout(timer);
  }

  #makeHost(): OpeningHost {
    const { decide, isForUs, handOn } = this.#options;
    return {
      limits: this.#limits,
      watch: this.#watch,
      deflate: this.#deflate,
      isForUs: (glance) => (isForUs === undefined ? asksForWebSocket(glance) : isForUs(glance)),
      decide: (request) => (decide === undefined ? ACCEPT : decide(request)),
      // The sockets of this server are net.Sockets; only `handleUpgrade` takes others, and it hands none on.
      handOn: handOn && ((socket) => socket instanceof net.Socket && handOn(socket)),
      accepted: (accepted) => this.#accept(accepted),
      finished: (opening) => {
        this.#openings.delete(opening);
        this.#checkEmpty();
      },
      report: (error, info) => this.#report(error, info),
    };
  }

  #open(socket: Duplex): Opening | undefined {
    if (socket.destroyed) return undefined;
    if (socket instanceof net.Socket) {
      socket.setTimeout(0);
      socket.setNoDelay(true);
    }
    return this.#openWire(socket, socketInfo('server', socket));
  }

  #openHandle(handle: TcpHandle, localPort: number): void {
    handle.setNoDelay(true);
    this.#openWire(new AcceptedWire(handle), handleInfo(handle, localPort));
  }

  #openWire(wire: Wire | Duplex, info: SocketInfo): Opening {
    const opening = new Opening(this.#host, wire, info, this.#options.tap?.open?.(info));
    const isFull = this.#openings.size >= this.#limits.handshakesMax;
    this.#openings.add(opening);
    if (this.#isClosing) opening.refuse(new WireError('shutting-down'));
    else if (isFull) opening.refuse(new WireError('too-many-handshakes'));
    return opening;
  }

  #accept({ pump, request, subprotocol, deflate, unread, tap, info }: Accepted): void {
    const connection = new Connection({
      settings: this.#settings,
      pump,
      subprotocol,
      deflate,
      info,
      unread,
      tap,
    });
    this.#connections.add(connection);
    try {
      this.#options.onConnection(connection, request);
    } catch (cause) {
      failConnection(connection, new WireError('handler-failed', undefined, { cause }));
    }
    beginReading(connection);
  }

  #report(error: WireError, info: SocketInfo): void {
    if (this.#options.onError === undefined) surfaceProgramError(error);
    else this.#options.onError(error, info);
  }

  #empty(): Promise<void> {
    return new Promise((resolve) => {
      this.#whenEmpty.push(resolve);
      this.#checkEmpty();
    });
  }

  #checkEmpty(): void {
    if (this.#openings.size > 0 || this.#connections.size > 0) return;
    const waiting = this.#whenEmpty;
    this.#whenEmpty = [];
    for (const resolve of waiting) resolve();
  }
}

/** Node keeps names and values of the header fields in one list, in turns. */
function pairs(flat: readonly string[]): RawHeader[] {
  const headers: RawHeader[] = [];
  for (let i = 0; i < flat.length; i += 2) headers.push([flat[i] ?? '', flat[i + 1] ?? '']);
  return headers;
}
