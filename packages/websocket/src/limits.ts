// Every bound and time-out of the engine: its unit, its default, and why. Nowhere else stands a number that limits.

/**
 * What a peer can cost. Sizes are in bytes, times in milliseconds, by the names. `limits` takes any of them; the rest is
 * `DEFAULT_LIMITS` for a server and `DEFAULT_CLIENT_LIMITS` for a client.
 */
export interface WebSocketLimits {
  /** Bytes of the request's head. Browsers send less than 1 KiB plus cookies, which they hold below 8 KiB or so. */
  readonly headBytesMax: number;
  /** Header fields of the request. */
  readonly headersMax: number;
  /** From accepting TCP (or from `connect`) to the answer written (or read). Guards sockets that are handed on, too. */
  readonly handshakeTimeoutMs: number;
  /** Handshakes under way at once; the next one gets 503. Sockets that say nothing must not fill the memory. */
  readonly handshakesMax: number;
  /** Payload bytes of a message; checked against the claim in each header, so nothing of a larger one is kept. */
  readonly messageBytesMax: number;
  /** Inflated bytes per compressed byte, of messages above 1 MiB inflated. DEFLATE can reach 1032. 0: no such limit. */
  readonly inflationRatioMax: number;
  /** Payload bytes of one frame. 0: no bound beside that of the message. */
  readonly frameBytesMax: number;
  /** Frames of a message, the empty ones included. Their payload costs memory only once, so many are allowed. */
  readonly fragmentsPerMessageMax: number;
  /** Ping, pong and close frames a second from one peer: each ping is answered, so a flood of them is work. */
  readonly controlFramesPerSecondMax: number;
  /** Silence in the middle of a frame or a fragmented message. 0: no such limit. */
  readonly partialFrameTimeoutMs: number;
  /** No message in either direction for this long: the connection is closed with 1001. Pings do not count. 0: never. */
  readonly idleTimeoutMs: number;
  /** From sending a Close frame to the end of TCP; then the socket is destroyed. */
  readonly closeTimeoutMs: number;
  /** Outgoing bytes that wait for a peer; above it the connection is closed with 1013. One message always fits. */
  readonly bufferedBytesMax: number;
  /** Outgoing bytes above which `send` returns false; `drain` comes once they are down to half of it. */
  readonly bufferedBytesHighWaterMark: number;
  /** A ping goes out this often. Below the 30 s to 60 s after which proxies forget a silent connection. 0: never. */
  readonly pingIntervalMs: number;
  /** No byte at all in this time after a ping: the connection is dead. 0: never. */
  readonly pongTimeoutMs: number;
}

/** The limits of a server to which nobody said anything. */
export const DEFAULT_LIMITS: WebSocketLimits = {
  headBytesMax: 16 * 1024,
  headersMax: 100,
  handshakeTimeoutMs: 10_000,
  handshakesMax: 10_000,
  messageBytesMax: 1024 * 1024,
  inflationRatioMax: 200,
  frameBytesMax: 0,
  fragmentsPerMessageMax: 100_000,
  controlFramesPerSecondMax: 200,
  partialFrameTimeoutMs: 30_000,
  idleTimeoutMs: 0,
  closeTimeoutMs: 5_000,
  bufferedBytesMax: 16 * 1024 * 1024,
  bufferedBytesHighWaterMark: 64 * 1024,
  pingIntervalMs: 25_000,
  pongTimeoutMs: 8_000,
};

/** The same for a client. The heartbeat is the server's business; a client beats only when told to. */
export const DEFAULT_CLIENT_LIMITS: WebSocketLimits = {
  ...DEFAULT_LIMITS,
  pingIntervalMs: 0,
  pongTimeoutMs: 0,
};

/** Outgoing bytes of one turn of the event loop above which they leave at once instead of at its end: of one connection … */
export const TURN_BYTES_MAX = 256 * 1024;

/** … and of all connections together, as far as they are small frames. Fits into a processor's second cache. */
export const SLAB_BYTES = 128 * 1024;

/** Sockets with nothing but shared frames that are written to in one turn, where everything else is soon done: some tenths of a millisecond. */
export const SHARED_WRITES_PER_TURN = 64;

/** … or fewer, where so few writes take this long, in milliseconds: large messages. */
export const SHARED_TURN_MS = 1;

/** Where everything else takes longer than that in a turn, it has so many times as much of the time as shared frames … */
export const OTHERS_PER_SHARED = 10;

/** … and these at least so many writes in a turn. */
export const SHARED_WRITES_PER_BUSY_TURN = 8;

/** Requests that are read and decided on in one turn of the event loop: one or two milliseconds. Others wait for the next. */
export const HANDSHAKES_PER_TURN = 8;

/** Bytes that one read of a socket can bring, for the sockets that are read by their handle. */
export const READ_BYTES_MAX = 256 * 1024;

// Time-outs are checked by one shared timer: often enough to be a quarter off at most, and every half second anyway.
const TICK_MS_MIN = 5;
const TICK_MS_MAX = 500;

/** Fills the gaps with defaults. Throws a RangeError for what is not a whole number from 0 up. */
export function withDefaults(
  given: Partial<WebSocketLimits> = {},
  defaults: WebSocketLimits = DEFAULT_LIMITS,
): WebSocketLimits {
  const limits: WebSocketLimits = { ...defaults, ...given };
  for (const [name, value] of Object.entries(limits)) {
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new RangeError(`limit ${name} must be a whole number, 0 or more, not ${value}`);
    }
  }
  return limits;
}

/** How often time-outs are looked at, for these limits. */
export function tickMsFor(limits: WebSocketLimits): number {
  const timeouts = [
    limits.handshakeTimeoutMs,
    limits.partialFrameTimeoutMs,
    limits.idleTimeoutMs,
    limits.closeTimeoutMs,
    limits.pingIntervalMs,
    limits.pongTimeoutMs,
  ].filter((timeout) => timeout > 0);
  return Math.max(TICK_MS_MIN, Math.min(TICK_MS_MAX, ...timeouts.map((timeout) => Math.floor(timeout / 4))));
}
