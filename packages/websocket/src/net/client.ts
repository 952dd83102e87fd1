// The client's door: `connect` dials, shakes hands and resolves with a Connection. Redirects are followed by choice, within
// one attempt; trying again is the caller's business.
import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type tls from 'node:tls';
import { readDeflateAcceptance, writeDeflateOffer } from '../core/deflate-offer.ts';
import { readExtensions } from '../core/extension-header.ts';
import {
  acceptSteps,
  assertHeaders,
  assertSubprotocols,
  type ClientOffer,
  type HeaderRecord,
  readUpgradeResponse,
  writeUpgradeRequest,
} from '../core/handshake.ts';
import { HeadCollector, parseRequestHead, parseResponseHead, type ResponseHead } from '../core/http-head.ts';
import { WireError } from '../core/wire-error.ts';
import { DEFAULT_CLIENT_LIMITS, tickMsFor, type WebSocketLimits, withDefaults } from '../limits.ts';
import { beginReading, Connection } from './connection.ts';
import {
  type DeflateNegotiation,
  type DeflateOptions,
  type DeflateSettings,
  deflateSettings,
} from './deflate.ts';
import { type Connector, type ConnectTarget, dial, dialDirectly } from './dial.ts';
import { surfaceProgramError } from './program-error.ts';
import { follow, type Redirect, redirectOf, refusal, type Way } from './redirect.ts';
import { socketInfo } from './socket-info.ts';
import { type PumpOwner, SocketPump } from './socket-pump.ts';
import type { ConnectionTap, Tap } from './tap.ts';
import { SYSTEM_CLOCK, Watch } from './watch.ts';

// Of the body of a refusal only the first line is shown, and of that no more than this.
const REFUSAL_BYTES_SHOWN = 200;
const CONTROL_CHARACTERS = /\p{Cc}/u;

/** What `connect` may be told. */
export interface ConnectOptions {
  /** In order of preference. */
  readonly subprotocols?: readonly string[];
  readonly headers?: HeaderRecord;
  /** For `wss:`, whatever `tls.connect` takes. */
  readonly tls?: tls.ConnectionOptions;
  /**
   * How many redirects (301, 302, 303, 307, 308) are followed. Default: 0, they are refused. Never from `wss:` to `ws:`;
   * Authorization, Cookie and Proxy-Authorization, client certificate and server name do not go to another origin.
   */
  readonly redirectsMax?: number;
  readonly limits?: Partial<WebSocketLimits>;
  /** Compression of messages (RFC 7692), if the server takes it. Default: not offered. */
  readonly perMessageDeflate?: boolean | DeflateOptions;
  /** For TCP, TLS, handshake and redirects together. Default: the limit `handshakeTimeoutMs`. */
  readonly timeoutMs?: number;
  /** Gives the attempt up; has no effect once connected. */
  readonly signal?: AbortSignal;
  readonly tap?: Tap;
  /** Makes the stream in place of `net.connect` and `tls.connect`: through a proxy, or to a socket of the file system. */
  readonly connector?: Connector;
}

/**
 * Connects to a `ws:` or `wss:` URL. Rejects with a WireError; `response-refused` carries the server's status. Set the
 * handlers when it resolves, in the same turn: then reading begins.
 */
export async function connect(url: string | URL, options: ConnectOptions = {}): Promise<Connection> {
  const first = firstWay(url, options);
  const limits = withDefaults(options.limits, DEFAULT_CLIENT_LIMITS);
  const attempt = new AbortController();
  const giveUp = (error: WireError): void => attempt.abort(error);
  const aborted = (): void =>
    giveUp(new WireError('connect-aborted', undefined, { cause: options.signal?.reason }));
  if (options.signal?.aborted === true) aborted();
  options.signal?.addEventListener('abort', aborted, { once: true });
  const timeoutMs = options.timeoutMs ?? limits.handshakeTimeoutMs;
  const timer = setTimeout(() => giveUp(new WireError('connect-timeout')), timeoutMs);
  try {
    return await connectAlong(first, options, limits, attempt.signal);
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', aborted);
  }
}

/** Goes where it is told to, and on from there as often as it may. */
async function connectAlong(
  first: Way,
  options: ConnectOptions,
  limits: WebSocketLimits,
  signal: AbortSignal,
): Promise<Connection> {
  const { connector = dialDirectly, redirectsMax = 0 } = options;
  let way = first;
  for (let followed = 0; ; followed++) {
    const socket = await dial(targetOf(way), connector, signal);
    const answer = await new ClientOpening(socket, offerFor(way, options), limits, options.tap).run(signal);
    if (answer instanceof Connection) return answer;
    if (redirectsMax === 0) throw refusal('redirect-refused', answer, 'redirects are not followed');
    way = follow(way, answer, followed >= redirectsMax);
  }
}

/** What is offered, and how it is carried out once it is taken. */
interface Offer extends ClientOffer {
  readonly deflate: DeflateSettings | undefined;
}

/** Refuses, as mistakes of the program, what could not be asked for. */
function firstWay(address: string | URL, options: ConnectOptions): Way {
  const url = new URL(address);
  if (url.protocol !== 'ws:' && url.protocol !== 'wss:')
    throw new TypeError(`not a ws: or wss: URL: ${address}`);
  if (url.hash !== '') throw new TypeError('a WebSocket URL has no fragment');
  if (url.username !== '' || url.password !== '')
    throw new TypeError('put credentials into a header, not into the URL');
  const { subprotocols = [], headers = {}, tls: tlsOptions = {}, redirectsMax = 0 } = options;
  assertSubprotocols(subprotocols);
  assertHeaders(headers);
  deflateSettings(options.perMessageDeflate);
  if (!Number.isSafeInteger(redirectsMax) || redirectsMax < 0)
    throw new RangeError(`redirectsMax must be a whole number, 0 or more, not ${redirectsMax}`);
  return { url, headers, tls: tlsOptions };
}

function targetOf({ url, tls: tlsOptions }: Way): ConnectTarget {
  const secure = url.protocol === 'wss:';
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
    secure,
    tls: tlsOptions,
  };
}

function offerFor({ url, headers }: Way, options: ConnectOptions): Offer {
  const deflate = deflateSettings(options.perMessageDeflate);
  return {
    host: url.host,
    target: url.pathname + url.search,
    key: randomBytes(16).toString('base64'),
    subprotocols: options.subprotocols ?? [],
    ...(deflate && { extensions: writeDeflateOffer(deflate.wishes) }),
    headers,
    deflate,
  };
}

/** The client's half of the handshake on a connected socket. */
class ClientOpening implements PumpOwner {
  readonly #offer: Offer;
  readonly #limits: WebSocketLimits;
  #collector: HeadCollector;
  /** What heads before the answer's have left of the limit. */
  #headBytesLeft: number;
  readonly #socket: Duplex;
  readonly #tap: ConnectionTap | undefined;
  readonly #pump: SocketPump;
  #resolve: (outcome: Connection | Redirect) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;

  constructor(socket: Duplex, offer: Offer, limits: WebSocketLimits, tap: Tap | undefined) {
    this.#offer = offer;
    this.#limits = limits;
    this.#headBytesLeft = limits.headBytesMax;
    this.#collector = new HeadCollector(this.#headBytesLeft);
    this.#socket = socket;
    this.#tap = tap?.open?.(socketInfo('client', socket));
    this.#pump = new SocketPump(socket, this, this.#tap);
  }

  /** Resolves with a redirect instead, once the socket that brought it is destroyed. */
  async run(signal: AbortSignal): Promise<Connection | Redirect> {
    const aborted = (): void => this.#fail(signal.reason);
    signal.addEventListener('abort', aborted);
    try {
      return await new Promise<Connection | Redirect>((resolve, reject) => {
        this.#resolve = resolve;
        this.#reject = reject;
        this.#sendRequest();
      });
    } finally {
      signal.removeEventListener('abort', aborted);
    }
  }

  read(memory: Buffer, end: number): void {
    this.#take(Buffer.from(memory.subarray(0, end)));
  }

  #take(chunk: Buffer): void {
    try {
      const headLength = this.#collector.push(chunk);
      if (headLength !== undefined) this.#judge(headLength);
    } catch (error) {
      this.#fail(error);
    }
  }

  ended(): void {
    this.#fail(new WireError('head-cut'));
  }

  wrote(): void {
    // The request is a single write; nothing waits for it.
  }

  gone(cause: Error | undefined): void {
    this.#tap?.close?.(undefined);
    this.#fail(new WireError('head-cut', cause?.message, cause === undefined ? {} : { cause }));
  }

  #sendRequest(): void {
    const bytes = writeUpgradeRequest(this.#offer);
    this.#pump.write(bytes);
    if (this.#tap?.request === undefined) return;
    this.#tap.request(parseRequestHead(bytes, Number.POSITIVE_INFINITY), bytes);
  }

  #judge(headLength: number): void {
    const { received } = this.#collector;
    const rawHead = received.subarray(0, headLength);
    const unread = received.subarray(headLength);
    const head = parseResponseHead(rawHead, this.#limits.headersMax);
    if (head.status < 200 && head.status !== 101) {
      this.#passOver(headLength, unread);
      return;
    }
    this.#tap?.response?.(rawHead, head.status === 101 ? acceptSteps(this.#offer.key) : undefined);
    const redirect = redirectOf(head);
    if (redirect !== undefined) {
      this.#resolve(redirect);
      this.#pump.destroy();
      return;
    }
    const subprotocol = this.#readResponse(head, unread);
    const deflate = this.#readExtensions(head);
    const connection = new Connection({
      settings: {
        role: 'client',
        limits: this.#limits,
        watch: new Watch(SYSTEM_CLOCK, tickMsFor(this.#limits)),
        closed: () => undefined,
        report: surfaceProgramError,
      },
      pump: this.#pump,
      subprotocol,
      deflate,
      info: socketInfo('client', this.#socket),
      unread,
      tap: this.#tap,
    });
    this.#pump.pause();
    this.#resolve(connection);
    // Whoever awaited the promise has gone on by then.
    setImmediate(() => beginReading(connection));
  }

  /** RFC 9110 section 15.2: any number of informational answers may come first. All heads together keep to the limit. */
  #passOver(headLength: number, unread: Buffer): void {
    this.#headBytesLeft -= headLength;
    this.#collector = new HeadCollector(this.#headBytesLeft);
    if (unread.length > 0) this.#take(unread);
  }

  /** A refusal often says why in its body; what of it has come along goes into the error. */
  #readResponse(head: ResponseHead, body: Buffer): string {
    try {
      return readUpgradeResponse(head, this.#offer);
    } catch (error) {
      if (!(error instanceof WireError) || error.code !== 'response-refused') throw error;
      const [sentence = ''] = body.toString('utf8', 0, REFUSAL_BYTES_SHOWN).split(CONTROL_CHARACTERS, 1);
      const message = sentence === '' ? error.message : `${error.message}: ${sentence}`;
      throw new WireError('response-refused', message, { httpStatus: head.status });
    }
  }

  #readExtensions(head: ResponseHead): DeflateNegotiation | undefined {
    const { deflate: settings } = this.#offer;
    if (settings === undefined) return undefined;
    const extensions = readExtensions(head.headers.all('sec-websocket-extensions'));
    const agreement = readDeflateAcceptance(extensions, settings.wishes);
    return agreement && { agreement, settings };
  }

  #fail(error: unknown): void {
    this.#reject(error);
    this.#pump.destroy();
  }
}
