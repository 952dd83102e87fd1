// The bounds of a diagnosis: how long it waits, how much it sends, how much it does at once.

export interface Waits {
  /** For an answer that is due at once. */
  readonly replyMs: number;
  /** What comes unasked has come by then. */
  readonly quietMs: number;
  /** How long half a request is left lying. */
  readonly slowHandshakeMs: number;
  /** For all conformance cases together; those that have not begun by then are left out. */
  readonly casesMs: number;
}

export const USUAL_WAITS: Waits = { replyMs: 3_000, quietMs: 300, slowHandshakeMs: 12_000, casesMs: 10_000 };
export const QUICK_WAITS: Waits = { ...USUAL_WAITS, slowHandshakeMs: 5_000, casesMs: 0 };
/** node:http looks every 30 s for requests that have taken longer than 60 s. */
export const FULL_WAITS: Waits = { ...USUAL_WAITS, slowHandshakeMs: 100_000, casesMs: 600_000 };

/** Probes at once. A server that hands what one says to all others gets one at a time, so that nothing is mixed up. */
export const PROBES_AT_ONCE = 6;
/** Conformance cases at once. */
export const CASES_AT_ONCE = 12;
/** Failed cases that are tried once more; where there are more, it was no accident. */
export const CASES_AGAIN_MAX = 60;
/** Claimed by a frame that no server should wait for: 1 TiB. */
export const CLAIMED_BYTES = 2n ** 40n;
/** Really sent of it, in pieces. */
export const SENT_BYTES_MAX = 2 * 1024 * 1024;
/** Shown of an answer that is no WebSocket handshake. */
export const ANSWER_CHARS_MAX = 160;
