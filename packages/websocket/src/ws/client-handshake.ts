// The client's handshake of the ws API, by node:http, so that its agents, options, redirects and events are what programs
// written for ws know. The answer is judged by the engine's core; after that the engine has the socket.
import { randomBytes } from 'node:crypto';
import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https, { type RequestOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import { assertSubprotocols, readUpgradeResponse } from '../core/handshake.ts';
import { WireError } from '../core/wire-error.ts';
import { tickMsFor } from '../limits.ts';
import { Connection } from '../net/connection.ts';
import { surfaceProgramError } from '../net/program-error.ts';
import { socketInfo } from '../net/socket-info.ts';
import { SYSTEM_CLOCK, Watch } from '../net/watch.ts';
import { parseAddress, type Target } from './address.ts';
import { headerMapOf, pumpFor } from './handshake-socket.ts';
import { type ClientOptions, limitsOf } from './options.ts';
import type { Adoption, WebSocket } from './websocket.ts';

const REDIRECTS_MAX = 10;
// What must not follow a redirect to somebody else.
const PRIVATE_HEADERS: ReadonlySet<string> = new Set([
  'authorization',
  'cookie',
  'host',
  'proxy-authorization',
]);

export type HandshakeOutcome =
  | { readonly type: 'open'; readonly adoption: Adoption }
  | { readonly type: 'failed'; readonly error: Error };

export class ClientHandshake {
  readonly #websocket: WebSocket;
  readonly #protocols: readonly string[];
  readonly #first: Target;
  #options: ClientOptions;
  #target: Target;
  #key = '';
  #redirects = 0;
  #request: ClientRequest | undefined;
  #timer: NodeJS.Timeout | undefined;
  #end: ((outcome: HandshakeOutcome) => void) | undefined;

  /** Throws a SyntaxError for an address or a subprotocol that cannot be, a RangeError for another version than 13. */
  constructor(
    websocket: WebSocket,
    address: string | URL,
    protocols: readonly string[],
    options: ClientOptions,
  ) {
    const { protocolVersion = 13 } = options;
    if (protocolVersion !== 13)
      throw new RangeError(`version ${protocolVersion} is not spoken here, only 13 is`);
    this.#websocket = websocket;
    this.#protocols = protocols;
    this.#options = options;
    this.#first = parseAddress(address);
    this.#target = this.#first;
    try {
      assertSubprotocols(protocols);
    } catch (cause) {
      throw new SyntaxError(cause instanceof Error ? cause.message : String(cause), { cause });
    }
  }

  get url(): string {
    return this.#target.href;
  }

  start(end: (outcome: HandshakeOutcome) => void): void {
    this.#end = end;
    const { handshakeTimeout } = this.#options;
    if (handshakeTimeout !== undefined && handshakeTimeout > 0) {
      const late = (): void => this.#fail(new Error('Opening handshake has timed out'));
      this.#timer = setTimeout(late, handshakeTimeout);
    }
    this.#send();
  }

  /** Gives the attempt up; the error is told in the next tick. */
  abort(error: Error): void {
    const request = this.#request;
    // What the request says about being destroyed is no news.
    this.#request = undefined;
    request?.destroy();
    process.nextTick(() => this.#fail(error));
  }

  #send(isRedirect = false): void {
    const { secure } = this.#target;
    this.#key = randomBytes(16).toString('base64');
    const request = (secure ? https : http).request(this.#requestOptions());
    this.#request = request;
    request.on('error', (error) => request === this.#request && this.#fail(error));
    request.on('response', (response) => this.#answered(request, response));
    request.on('upgrade', (response, socket, head) => this.#upgraded(response, socket, head));
    if (isRedirect) this.#websocket.emit('redirect', this.url, request);
    const { finishRequest } = this.#options;
    if (finishRequest === undefined) request.end();
    else finishRequest(request, this.#websocket);
  }

  #requestOptions(): RequestOptions {
    const { host, port, path, socketPath, auth } = this.#target;
    const { protocolVersion, generateMask, finishRequest, handshakeTimeout, headers, origin, ...options } =
      this.#options;
    return {
      ...options,
      ...(auth === undefined ? {} : { auth }),
      ...(socketPath === undefined ? { host, port } : { socketPath }),
      path,
      method: 'GET',
      headers: {
        ...(origin === undefined ? {} : { Origin: origin }),
        ...(Array.isArray(headers) ? {} : headers),
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': this.#key,
        ...(this.#protocols.length === 0 ? {} : { 'Sec-WebSocket-Protocol': this.#protocols.join(',') }),
      },
      // A kept connection is of no use: the socket becomes ours.
      agent: options.agent ?? (options.createConnection === undefined ? false : undefined),
    };
  }

  #answered(request: ClientRequest, response: IncomingMessage): void {
    const { statusCode = 0, headers } = response;
    const { followRedirects = false, maxRedirects = REDIRECTS_MAX } = this.#options;
    if (followRedirects && headers.location !== undefined && statusCode >= 300 && statusCode < 400) {
      this.#redirects += 1;
      this.#request = undefined;
      request.destroy();
      if (this.#redirects > maxRedirects) this.#fail(new Error('Maximum redirects exceeded'));
      else this.#follow(headers.location);
      return;
    }
    if (this.#end === undefined) return;
    if (this.#websocket.emit('unexpected-response', request, response)) return;
    request.destroy();
    this.#fail(new Error(`Unexpected server response: ${statusCode}`));
  }

  #follow(location: string): void {
    try {
      this.#target = parseAddress(new URL(location, this.#target.base));
    } catch (cause) {
      this.#fail(new SyntaxError(`The redirect leads nowhere: ${location}`, { cause }));
      return;
    }
    const { host, port, secure } = this.#target;
    const first = this.#first;
    const isSame = host === first.host && port === first.port && (secure || !first.secure);
    // Who listens to `redirect` gets the request and decides on its headers.
    const isWatched = this.#websocket.listenerCount('redirect') > 0;
    if (!isSame && !isWatched) this.#options = withoutSecrets(this.#options);
    this.#send(true);
  }

  #upgraded(response: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#websocket.emit('upgrade', response);
    // A listener may have closed the socket by now.
    if (this.#end === undefined || this.#websocket.readyState !== 0) {
      socket.destroy();
      return;
    }
    try {
      const subprotocol = this.#judge(response);
      this.#finish({
        type: 'open',
        adoption: { connection: this.#connect(socket, head, subprotocol), socket },
      });
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      socket.destroy();
      this.#fail(error);
    }
  }

  #judge(response: IncomingMessage): string {
    const { statusCode = 0, statusMessage = '', httpVersion } = response;
    const subprotocol = readUpgradeResponse(
      { status: statusCode, reason: statusMessage, httpVersion, headers: headerMapOf(response) },
      { key: this.#key, subprotocols: this.#protocols },
    );
    // A browser fails here as well (WHATWG, "establish a WebSocket connection").
    if (subprotocol === '' && this.#protocols.length > 0) {
      throw new WireError('response-invalid', 'The server chose none of the subprotocols.');
    }
    return subprotocol;
  }

  #connect(socket: Duplex, head: Buffer, subprotocol: string): Connection {
    const limits = limitsOf(this.#options);
    return new Connection({
      settings: {
        role: 'client',
        limits,
        watch: new Watch(SYSTEM_CLOCK, tickMsFor(limits)),
        autoPong: this.#options.autoPong !== false,
        deliversWhileClosing: true,
        closed: () => undefined,
        report: surfaceProgramError,
      },
      pump: pumpFor(socket),
      subprotocol,
      info: socketInfo('client', socket),
      unread: Buffer.from(head),
      // The skin declines the extension, so far.
      deflate: undefined,
      tap: undefined,
    });
  }

  #fail(error: Error): void {
    this.#finish({ type: 'failed', error });
    this.#request?.destroy();
  }

  #finish(outcome: HandshakeOutcome): void {
    const end = this.#end;
    this.#end = undefined;
    clearTimeout(this.#timer);
    end?.(outcome);
  }
}

function withoutSecrets(options: ClientOptions): ClientOptions {
  const { auth: _auth, headers = {}, ...rest } = options;
  const kept = Object.entries(headers).filter(([name]) => !PRIVATE_HEADERS.has(name.toLowerCase()));
  return { ...rest, headers: Object.fromEntries(kept) };
}
