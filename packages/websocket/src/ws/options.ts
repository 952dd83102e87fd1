// The options of the ws API, and what becomes of them: the engine's limits. Where ws is lenient the engine's limit is off,
// because programs written for ws rely on that; docs/ws-compat.md says which stay on.
import type { ClientRequest, Server as HttpServer, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import type { Server as HttpsServer, RequestOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import { DEFAULT_CLIENT_LIMITS, type WebSocketLimits, withDefaults } from '../limits.ts';
import type { ConnectionTap, Tap } from '../net/tap.ts';
import type { PerMessageDeflateOptions } from './deflate-options.ts';
import type { WebSocket } from './websocket.ts';

/** What server and client share. */
export interface SocketOptions {
  /** Bytes of a message; 0 for no limit. Default: 100 MiB. */
  readonly maxPayload?: number | undefined;
  /** Frames of a message. Default: 16384. */
  readonly maxFragments?: number | undefined;
  /** From our Close frame to the end of TCP, in milliseconds. Default: 30000. */
  readonly closeTimeout?: number | undefined;
  /** Whether pings are answered by themselves. Default: they are. */
  readonly autoPong?: boolean | undefined;
  /** Whether several messages, pings and pongs may be told in one turn of the event loop. Default: they may. */
  readonly allowSynchronousEvents?: boolean | undefined;
  /** Compression (RFC 7692). Default: a server takes no offer, a client makes one. */
  readonly perMessageDeflate?: boolean | PerMessageDeflateOptions | undefined;
  /** Answers to pings that wait to be written; above it the other side is cut off. 0: no limit. Default: 60. */
  readonly maxPendingAutoPongs?: number | undefined;
  /** Taken and ignored: text is always checked. */
  readonly skipUTF8Validation?: boolean | undefined;
  /** Taken and ignored: what is kept of a message follows its bytes, not the reads in which they came. */
  readonly maxBufferedChunks?: number | undefined;
}

/** What a client may be told, beside whatever `node:http` takes for its request. */
export interface ClientOptions extends SocketOptions, Omit<RequestOptions, 'protocol'> {
  readonly origin?: string | undefined;
  readonly handshakeTimeout?: number | undefined;
  readonly followRedirects?: boolean | undefined;
  readonly maxRedirects?: number | undefined;
  /** 13, or 8 of the drafts, whose frames are the same. Default: 13. */
  readonly protocolVersion?: number | undefined;
  /** The subprotocols, where they are not given beside the options. */
  readonly protocols?: string | readonly string[] | undefined;
  /** Taken and ignored: every key comes from the system's random source. */
  readonly generateMask?: ((mask: Buffer) => void) | undefined;
  /** Changes the request before it is sent; must end it. */
  readonly finishRequest?: FinishRequest | undefined;
}

/** Sends the request of a handshake, changed or not. */
export type FinishRequest = (request: ClientRequest, websocket: WebSocket) => void;

/** What `verifyClient` decides on. */
export interface ClientInfo {
  readonly origin: string | undefined;
  readonly secure: boolean;
  readonly req: IncomingMessage;
}

/** Tells the verdict of `verifyClient`: welcome or not, and how a refusal is answered. */
export type VerifyAnswer = (
  isWelcome: boolean,
  status?: number,
  message?: string,
  headers?: OutgoingHttpHeaders,
) => void;

/** With one parameter it returns its answer; with two it gives it to the second. */
export type VerifyClient = (info: ClientInfo, answer: VerifyAnswer) => unknown;

/** What a server is made of. One of `port`, `server` and `noServer` is needed. */
export interface ServerOptions extends SocketOptions {
  /** Looks on at handshakes, reads, writes and frames. The engine's own; ws has nothing of the kind. */
  readonly tap?: Tap | undefined;
  /** Looks on at the connection of this request, beside `tap`. Asked before the answer. */
  readonly tapFor?: ((request: IncomingMessage, socket: Duplex) => ConnectionTap | undefined) | undefined;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly backlog?: number | undefined;
  readonly server?: HttpServer | HttpsServer | undefined;
  readonly noServer?: boolean | undefined;
  readonly path?: string | undefined;
  readonly clientTracking?: boolean | undefined;
  readonly verifyClient?: VerifyClient | undefined;
  /** Chooses among the subprotocols that a client offers; `false` for none. Default: the first. */
  readonly handleProtocols?:
    | ((protocols: Set<string>, request: IncomingMessage) => string | false)
    | undefined;
  /** The class of the sockets, derived from WebSocket. */
  readonly WebSocket?: typeof WebSocket | undefined;
}

export const PONGS_PENDING_MAX = 60;
const PAYLOAD_BYTES_MAX = 100 * 1024 * 1024;
const FRAGMENTS_MAX = 16 * 1024;
const CLOSE_TIMEOUT_MS = 30_000;

/** What a server's `options` say where the program says nothing. */
export const SERVER_DEFAULTS: ServerOptions = {
  allowSynchronousEvents: true,
  autoPong: true,
  clientTracking: true,
  closeTimeout: CLOSE_TIMEOUT_MS,
  maxFragments: FRAGMENTS_MAX,
  maxPayload: PAYLOAD_BYTES_MAX,
  maxPendingAutoPongs: PONGS_PENDING_MAX,
  noServer: false,
  perMessageDeflate: false,
  skipUTF8Validation: false,
};
const UNLIMITED = Number.MAX_SAFE_INTEGER;

export function limitsOf(options: SocketOptions): WebSocketLimits {
  const { maxPayload = PAYLOAD_BYTES_MAX, maxFragments = FRAGMENTS_MAX } = options;
  return withDefaults(
    {
      messageBytesMax: bound(maxPayload),
      fragmentsPerMessageMax: bound(maxFragments),
      closeTimeoutMs: bound(options.closeTimeout ?? CLOSE_TIMEOUT_MS),
      // ws waits for as long as the program lets it, keeps what the program sends, and knows one bound for what comes.
      inflationRatioMax: 0,
      partialFrameTimeoutMs: 0,
      bufferedBytesMax: UNLIMITED,
    },
    DEFAULT_CLIENT_LIMITS,
  );
}

/** Programs say 0 or Infinity where they want no limit. */
function bound(value: number): number {
  return Number.isFinite(value) && value >= 1 ? Math.floor(value) : UNLIMITED;
}

/** What a client is made with: subprotocols, options, or both, the subprotocols before the options or among them. */
export function readArguments(
  protocols: string | readonly string[] | ClientOptions | null | undefined,
  options: ClientOptions | undefined,
): { readonly names: readonly string[]; readonly given: ClientOptions } {
  // No name, said as a name, is a wrong one.
  if (protocols === null) return { names: [''], given: options ?? {} };
  if (typeof protocols === 'string') return { names: [protocols], given: options ?? {} };
  if (isStrings(protocols)) return { names: protocols, given: options ?? {} };
  const given = protocols ?? options ?? {};
  const { protocols: names = [] } = given;
  return { names: typeof names === 'string' ? [names] : names, given };
}

function isStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value);
}
