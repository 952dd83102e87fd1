// The client's handshake of the ws API, by node:http, so that its agents, options, redirects and events are what programs
// written for ws know. The answer is judged by the engine's core; after that the engine has the socket.
import { randomBytes } from 'node:crypto';
import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https, { type RequestOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import { DEFLATE_NAME, readDeflateAcceptance, writeDeflateOffer } from '../core/deflate-offer.ts';
import { readExtensions } from '../core/extension-header.ts';
import { assertSubprotocols, readUpgradeResponse } from '../core/handshake.ts';
import type { HeaderMap } from '../core/header-map.ts';
import { WireError } from '../core/wire-error.ts';
import { Connection } from '../net/connection.ts';
import type { DeflateNegotiation, DeflateSettings } from '../net/deflate.ts';
import { socketInfo } from '../net/socket-info.ts';
import { parseAddress, type Target } from './address.ts';
import { settingsOf } from './connection-settings.ts';
import { deflateSettingsOf, negotiationOf } from './deflate-options.ts';
import { clientError } from './handshake-error.ts';
import { type Adoption, headerMapOf, pumpFor } from './handshake-socket.ts';
import type { ClientOptions } from './options.ts';
import type { WebSocket } from './websocket.ts';

const REDIRECTS_MAX = 10;
// What must not follow a redirect to somebody else, or out of TLS.
const PRIVATE_HEADERS: ReadonlySet<string> = new Set(['authorization', 'cookie', 'proxy-authorization']);
// The address says these, whatever stands in the options.
const FROM_ADDRESS = { hostname: null, protocol: null, timeout: undefined, socketPath: undefined } as const;
const HOST_HEADER: ReadonlySet<string> = new Set(['host']);
const VERSIONS: readonly number[] = [8, 13];

export type HandshakeOutcome =
  | { readonly type: 'open'; readonly adoption: Adoption }
  | { readonly type: 'failed'; readonly error: Error };

/** What the server's answer says. */
interface Terms {
  readonly subprotocol: string;
  readonly deflate: DeflateNegotiation | undefined;
}

export class ClientHandshake {
  readonly #websocket: WebSocket;
  readonly #protocols: readonly string[];
  readonly #first: Target;
  readonly #deflate: DeflateSettings | undefined;
  #options: ClientOptions;
  #target: Target;
  #key = '';
  #redirects = 0;
  #request: ClientRequest | undefined;
  #timer: NodeJS.Timeout | undefined;
  #end: ((outcome: HandshakeOutcome) => void) | undefined;

  /** Throws a SyntaxError for an address or a subprotocol that cannot be, a RangeError for an unknown version. */
  constructor(
    websocket: WebSocket,
    address: string | URL,
    protocols: readonly string[],
    options: ClientOptions,
  ) {
    const { protocolVersion = 13, perMessageDeflate = true } = options;
    if (!VERSIONS.includes(protocolVersion)) {
      const known = VERSIONS.join(', ');
      throw new RangeError(`Unsupported protocol version: ${protocolVersion} (supported versions: ${known})`);
    }
    this.#websocket = websocket;
    this.#protocols = protocols;
    this.#options = options;
    this.#deflate = deflateSettingsOf(perMessageDeflate);
    this.#first = parseAddress(address);
    this.#target = this.#first;
    try {
      assertSubprotocols(protocols);
    } catch (cause) {
      throw new SyntaxError('An invalid or duplicated subprotocol was specified', { cause });
    }
  }

  /** The request under way. */
  get request(): ClientRequest | undefined {
    return this.#request;
  }

  /** How many were followed. */
  get redirects(): number {
    return this.#redirects;
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

  /** Gives the attempt up. */
  abort(error: Error): void {
    this.#fail(error);
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
    const { protocolVersion = 13, headers, origin, ...options } = this.#options;
    const originName = protocolVersion === 8 ? 'Sec-WebSocket-Origin' : 'Origin';
    const deflate = this.#deflate;
    return {
      ...options,
      ...FROM_ADDRESS,
      ...(auth === undefined ? {} : { auth }),
      ...(socketPath === undefined ? { host, port } : { socketPath }),
      path,
      method: 'GET',
      headers: {
        ...(origin === undefined ? {} : { [originName]: origin }),
        ...(Array.isArray(headers) ? {} : headers),
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': String(protocolVersion),
        'Sec-WebSocket-Key': this.#key,
        ...(deflate === undefined ? {} : { 'Sec-WebSocket-Extensions': writeDeflateOffer(deflate.wishes) }),
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
    // Credentials are those of the first address, wherever it leads.
    this.#options = withCredentials(this.#options, this.#target.auth);
    try {
      this.#target = parseAddress(new URL(location, this.#target.base));
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.#fail(error instanceof SyntaxError ? error : new SyntaxError(`Invalid URL: ${location}`));
      return;
    }
    const { host, port, socketPath, secure } = this.#target;
    const first = this.#first;
    const isSameHost = host === first.host && port === first.port && socketPath === first.socketPath;
    // Who listens to `redirect` gets the request and decides on its headers.
    if (this.#websocket.listenerCount('redirect') === 0) {
      if (!isSameHost || (first.secure && !secure)) {
        this.#options = without(PRIVATE_HEADERS, this.#options);
        this.#target = { ...this.#target, auth: undefined };
      }
      if (!isSameHost) this.#options = without(HOST_HEADER, this.#options);
    }
    this.#send(true);
  }

  #upgraded(response: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#websocket.emit('upgrade', response);
    // A listener may have closed the socket by now.
    if (this.#end === undefined || this.#websocket.readyState !== 0) {
      socket.destroy();
      return;
    }
    const terms = this.#judge(response, socket);
    if (terms === undefined) return;
    this.#request = undefined;
    this.#finish({ type: 'open', adoption: this.#connect(socket, head, terms) });
  }

  /** Undefined: the answer is not taken. */
  #judge(response: IncomingMessage, socket: Duplex): Terms | undefined {
    try {
      return this.#read(response);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      socket.destroy();
      const asked = { subprotocols: this.#protocols, hasOfferedDeflate: this.#deflate !== undefined };
      this.#fail(clientError(error, asked));
      return undefined;
    }
  }

  #read(response: IncomingMessage): Terms {
    const { statusCode = 0, statusMessage = '', httpVersion } = response;
    const headers = headerMapOf(response);
    const subprotocol = readUpgradeResponse(
      { status: statusCode, reason: statusMessage, httpVersion, headers },
      {
        key: this.#key,
        subprotocols: this.#protocols,
        ...(this.#deflate === undefined ? {} : { extensions: DEFLATE_NAME }),
      },
    );
    // A browser fails here as well (WHATWG, "establish a WebSocket connection").
    if (subprotocol === '' && this.#protocols.length > 0) {
      throw new WireError('response-invalid', 'Server sent no subprotocol');
    }
    return { subprotocol, deflate: this.#readExtensions(headers) };
  }

  #readExtensions(headers: HeaderMap): DeflateNegotiation | undefined {
    if (this.#deflate === undefined) return undefined;
    const extensions = readExtensions(headers.all('sec-websocket-extensions'));
    return negotiationOf('client', readDeflateAcceptance(extensions, this.#deflate.wishes), this.#deflate);
  }

  #connect(socket: Duplex, head: Buffer, { subprotocol, deflate }: Terms): Adoption {
    const pump = pumpFor(socket);
    const connection = new Connection({
      settings: settingsOf('client', this.#options),
      pump,
      subprotocol,
      info: socketInfo('client', socket),
      unread: Buffer.from(head),
      deflate,
      tap: undefined,
    });
    return { connection, pump, socket };
  }

  #fail(error: Error): void {
    const request = this.#request;
    // What the request says about being destroyed is no news.
    this.#request = undefined;
    this.#finish({ type: 'failed', error });
    request?.destroy();
  }

  #finish(outcome: HandshakeOutcome): void {
    const end = this.#end;
    this.#end = undefined;
    clearTimeout(this.#timer);
    end?.(outcome);
  }
}

function withCredentials(options: ClientOptions, fromAddress: string | undefined): ClientOptions {
  const auth = fromAddress ?? options.auth;
  const headers = { ...options.headers };
  const isThere = Object.keys(headers).some((name) => name.toLowerCase() === 'authorization');
  if (isThere || auth === undefined || auth === null) return options;
  return {
    ...options,
    headers: { ...headers, authorization: `Basic ${Buffer.from(auth).toString('base64')}` },
  };
}

function without(names: ReadonlySet<string>, options: ClientOptions): ClientOptions {
  const { auth, headers = {}, ...rest } = options;
  const kept = Object.entries(headers).filter(([name]) => !names.has(name.toLowerCase()));
  const stillKnown = names.has('authorization') || auth === undefined ? {} : { auth };
  return { ...rest, ...stillKnown, headers: Object.fromEntries(kept) };
}
