// The WebSocketServer of the ws API: upgrades of a node:http server (its own, a given one, or given one by one) become
// WebSockets on the engine's connections. The requests are judged by the engine's core.
import { EventEmitter } from 'node:events';
import http, { type Server as HttpServer, type IncomingMessage } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { acceptDeflate } from '../core/deflate-offer.ts';
import { acceptSteps, readUpgradeRequest, type UpgradeOffer } from '../core/handshake.ts';
import { isToken } from '../core/http-head.ts';
import { WireError, type WireErrorCode } from '../core/wire-error.ts';
import { Connection, type ConnectionSettings } from '../net/connection.ts';
import type { DeflateNegotiation, DeflateSettings } from '../net/deflate.ts';
import { socketInfo } from '../net/socket-info.ts';
import type { ConnectionTap } from '../net/tap.ts';
import { settingsOf } from './connection-settings.ts';
import { deflateSettingsOf, negotiationOf } from './deflate-options.ts';
import { acceptanceLines, joinLines, type Refusal, refuse } from './handshake-answer.ts';
import { headersOfRefusal, serverError } from './handshake-error.ts';
import { isVersion8, pumpFor, requestHeadersOf, tapUpgrade } from './handshake-socket.ts';
import { SERVER_DEFAULTS, type ServerOptions } from './options.ts';
import { adopt, WebSocket } from './websocket.ts';

/** What a server emits, with the arguments of its listeners. */
export interface WebSocketServerEvents {
  connection: [websocket: WebSocket, request: IncomingMessage];
  /** The lines of the answer, to be added to before they are sent. */
  headers: [headers: string[], request: IncomingMessage];
  listening: [];
  close: [];
  error: [error: Error];
  /** A handshake that cannot be. Whoever listens has to answer and to end the socket. */
  wsClientError: [error: Error, socket: Duplex, request: IncomingMessage];
}

/** Gets the WebSocket that an upgrade has become. */
export type UpgradeCallback = (websocket: WebSocket, request: IncomingMessage) => void;

/** A request and where its answer goes. */
interface Arrival {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly tap: ConnectionTap | undefined;
}

/** A valid request on its way to being accepted. */
interface Upgrade extends Arrival {
  readonly head: Buffer;
  readonly offer: UpgradeOffer;
  readonly callback: UpgradeCallback;
}

/** What was agreed on, and how it is said. */
interface Terms {
  readonly subprotocol: string;
  readonly deflate: DeflateNegotiation | undefined;
  readonly answer: Buffer;
}

type ServerState = 0 | 1 | 2;
const RUNNING = 0;
const CLOSING = 1;
const CLOSED = 2;

const TOLD_LATER: ReadonlySet<WireErrorCode> = new Set([
  'target-invalid',
  'host-invalid',
  'connection-missing',
  'version-unsupported',
  'version-repeated',
]);
const KEY = /^[+/0-9A-Za-z]{22}==$/;
const UNAUTHORIZED = 401;
/** Marks sockets that have become WebSockets, of whatever server. */
const UPGRADED = Symbol('upgraded');

/** The `WebSocketServer` of the package `ws`. */
export class WebSocketServer extends EventEmitter<WebSocketServerEvents> {
  readonly options: ServerOptions;
  /** The open ones. Undefined with `clientTracking: false`; the type does not say so, as that of ws does not. */
  declare readonly clients: Set<WebSocket>;

  readonly #settings: ConnectionSettings;
  readonly #deflate: DeflateSettings | undefined;
  readonly #ownServer: HttpServer | undefined;
  readonly #clients: Set<WebSocket> | undefined;
  #server: HttpServer | HttpsServer | undefined;
  #detach: () => void = () => undefined;
  #state: ServerState = RUNNING;
  #closesWhenEmpty = false;

  /** @param listening called once the port that the options name is listened on */
  constructor(options: ServerOptions = {}, listening?: () => void) {
    super();
    const { port, server, noServer = false, host, backlog } = options;
    const places = [port !== undefined && port !== null, server !== undefined && server !== null, noServer];
    if (places.filter(Boolean).length !== 1) {
      throw new TypeError(
        'One and only one of the "port", "server", or "noServer" options must be specified',
      );
    }
    this.options = { ...SERVER_DEFAULTS, ...options };
    this.#settings = settingsOf('server', options);
    this.#deflate = deflateSettingsOf(options.perMessageDeflate);
    if (options.clientTracking !== false) {
      this.#clients = new Set();
      this.clients = this.#clients;
    }
    this.#ownServer = port === undefined || port === null ? undefined : http.createServer(askForUpgrade);
    this.#server = this.#ownServer ?? server;
    if (this.#server !== undefined) this.#attach(this.#server);
    this.#ownServer?.listen(port, host, backlog, listening);
  }

  /** The HTTP server underneath, where there is one; programs written for ws look for it under this name. */
  get _server(): HttpServer | HttpsServer | null {
    return this.#server ?? null;
  }

  /** 0 running, 1 closing, 2 closed; programs written for ws look for it under this name. */
  get _state(): ServerState {
    return this.#state;
  }

  /** Where the server listens. Throws in the mode `noServer`. */
  address(): AddressInfo | string | null {
    if (this.options.noServer === true) throw new Error('The server is operating in "noServer" mode');
    return this.#server?.address() ?? null;
  }

  /**
   * Takes no more connections; those that are there stay. A server of our own stops listening, a given one only stops
   * being listened to. The callback comes with the `close` event, with an error if there was nothing left to close.
   */
  close(callback?: (error?: Error) => void): void {
    if (this.#state === CLOSED) {
      if (callback !== undefined) this.once('close', () => callback(new Error('The server is not running')));
      process.nextTick(() => this.#emitClose());
      return;
    }
    if (callback !== undefined) this.once('close', () => callback());
    if (this.#state === CLOSING) return;
    this.#state = CLOSING;
    this.#detach();
    this.#server = undefined;
    if (this.#ownServer !== undefined) this.#ownServer.close(() => this.#emitClose());
    else if (this.#clients === undefined || this.#clients.size === 0)
      process.nextTick(() => this.#emitClose());
    else this.#closesWhenEmpty = true;
  }

  /** Whether a request is for this server; by its path, unless overridden. */
  shouldHandle(request: IncomingMessage): boolean {
    const { path } = this.options;
    if (path === undefined || path === '') return true;
    const [pathname] = (request.url ?? '').split('?', 1);
    return pathname === path;
  }

  /** Takes an `upgrade` event. The callback gets the WebSocket; `connection` is not emitted. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, callback: UpgradeCallback): void {
    socket.on('error', ignore);
    const arrival = { request, socket, tap: tapUpgrade(this.options, { request, socket, head }) };
    this.#orRefuse(arrival, () => {
      const { method = '', url = '', httpVersion } = request;
      const headers = requestHeadersOf(request);
      const offer = readUpgradeRequest({ method, target: url, httpVersion, headers });
      if (!this.shouldHandle(request)) refuse(arrival, { status: 400 });
      else this.#verify({ ...arrival, head, offer, callback });
    });
  }

  #attach(server: HttpServer | HttpsServer): void {
    const listening = (): void => void this.emit('listening');
    const failed = (error: Error): void => void this.emit('error', error);
    const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void =>
      this.handleUpgrade(request, socket, head, (websocket) => this.emit('connection', websocket, request));
    server.on('listening', listening);
    server.on('error', failed);
    server.on('upgrade', upgrade);
    this.#detach = () => {
      server.off('listening', listening);
      server.off('error', failed);
      server.off('upgrade', upgrade);
    };
  }

  /** A request that cannot be, or an answer of the program that cannot be sent, ends this socket and nothing else. */
  #orRefuse(arrival: Arrival, act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      const told = serverError(firstWrong(error, arrival.request));
      if (this.emit('wsClientError', told, arrival.socket, arrival.request)) return;
      refuse(arrival, {
        status: told.httpStatus ?? 400,
        message: told.message,
        headers: headersOfRefusal(told),
      });
    }
  }

  #verify(upgrade: Upgrade): void {
    const { verifyClient } = this.options;
    const { request } = upgrade;
    if (verifyClient === undefined || verifyClient === null) {
      this.#accept(upgrade);
      return;
    }
    const info = {
      origin: headerOf(request, isVersion8(request) ? 'sec-websocket-origin' : 'origin'),
      secure: socketInfo('server', request.socket).encrypted,
      req: request,
    };
    const answer = (isWelcome: boolean, refusal: Refusal): void =>
      this.#orRefuse(upgrade, () => {
        if (isWelcome) this.#accept(upgrade);
        else refuse(upgrade, refusal);
      });
    if (verifyClient.length < 2) {
      answer(Boolean(verifyClient(info, () => undefined)), { status: UNAUTHORIZED });
      return;
    }
    verifyClient(info, (isWelcome, status = UNAUTHORIZED, message, headers) =>
      answer(isWelcome, { status, message, headers }),
    );
  }

  #accept(upgrade: Upgrade): void {
    const { request, socket, offer } = upgrade;
    // The other side may have left while the program was thinking.
    if (!socket.readable || !socket.writable) {
      socket.destroy();
      return;
    }
    if (UPGRADED in socket) {
      throw new Error(
        'server.handleUpgrade() was called more than once with the same socket, possibly due to a misconfiguration',
      );
    }
    if (this.#state !== RUNNING) {
      refuse(upgrade, { status: 503 });
      return;
    }
    const subprotocol = this.#choose(offer, request);
    const deflate = this.#deflate && acceptDeflate(offer.extensions, this.#deflate.wishes);
    const steps = acceptSteps(offer.key);
    const lines = acceptanceLines(steps.accept, subprotocol, deflate?.header ?? '');
    this.emit('headers', lines, request);
    const answer = joinLines(lines);
    Object.assign(socket, { [UPGRADED]: true });
    const negotiation = negotiationOf('server', deflate?.agreement, this.#deflate);
    upgrade.tap?.response?.(answer, steps);
    const websocket = this.#open(upgrade, { subprotocol, deflate: negotiation, answer });
    upgrade.callback(websocket, request);
  }

  #choose({ subprotocols }: UpgradeOffer, request: IncomingMessage): string {
    const [first = ''] = subprotocols;
    const { handleProtocols } = this.options;
    if (first === '' || handleProtocols === undefined || handleProtocols === null) return first;
    const chosen = handleProtocols(new Set(subprotocols), request) || '';
    // What was not offered is the client's to refuse, as with ws; what is no name would break the answer.
    if (chosen === '' || isToken(chosen)) return chosen;
    const cause = new TypeError(`not a subprotocol: ${JSON.stringify(chosen)}`);
    throw new WireError('decision-failed', undefined, { cause });
  }

  #open({ socket, head, tap }: Upgrade, { subprotocol, deflate, answer }: Terms): WebSocket {
    socket.off('error', ignore);
    const pump = pumpFor(socket, tap);
    const connection = new Connection({
      settings: this.#settings,
      pump,
      subprotocol,
      info: socketInfo('server', socket),
      // The parser unmasks in place, and the bytes may be somebody else's.
      unread: Buffer.from(head),
      deflate,
      tap,
    });
    pump.write(answer);
    // Programs written for ws may write to the socket themselves from here on: the answer comes first.
    pump.flush();
    const websocket = new (this.options.WebSocket ?? WebSocket)(null, undefined, this.options);
    adopt(websocket, { connection, pump, socket });
    this.#track(websocket);
    return websocket;
  }

  #track(websocket: WebSocket): void {
    const clients = this.#clients;
    if (clients === undefined) return;
    clients.add(websocket);
    websocket.on('close', () => {
      clients.delete(websocket);
      if (this.#closesWhenEmpty && clients.size === 0) process.nextTick(() => this.#emitClose());
    });
  }

  #emitClose(): void {
    this.#state = CLOSED;
    this.emit('close');
  }
}

/** Of several things that are wrong ws tells of the upgrade first, then of the key. */
function firstWrong(error: WireError, request: IncomingMessage): WireError {
  if (!TOLD_LATER.has(error.code)) return error;
  if (headerOf(request, 'upgrade')?.toLowerCase() !== 'websocket') return new WireError('upgrade-missing');
  return KEY.test(headerOf(request, 'sec-websocket-key') ?? '') ? error : new WireError('key-invalid');
}

function headerOf({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

function ignore(): void {
  // A socket that breaks during the handshake tells nobody anything; its close is seen where it matters.
}

function askForUpgrade(_request: IncomingMessage, response: http.ServerResponse): void {
  const body = 'Upgrade Required';
  response.writeHead(426, { 'Content-Length': body.length, 'Content-Type': 'text/plain' });
  response.end(body);
}
