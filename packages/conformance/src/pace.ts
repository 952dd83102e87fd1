// How patient and how thorough a run is. Every wait of the tester is for an event, with one of these as its limit; the
// pauses are part of what is tested. Comes before the cases.

export interface Pace {
  /** A silence that the other side must bear. */
  readonly pauseMs: number;
  /** For what must happen before more is sent. Longer than a pause, so that a busy machine is not taken for a lax end. */
  readonly promptMs: number;
  /** For an answer to something small, for the end of TCP, for failing a connection. */
  readonly replyTimeoutMs: number;
  /** For an answer to something large. */
  readonly largeTimeoutMs: number;
  /** For a whole case; whatever hangs is cut then. */
  readonly caseTimeoutMs: number;
  /** Messages in a stream of them (sections 9, 12, 13). */
  readonly messagesMax: number;
  /** Bytes in a compressed stream; it ends with the message that reaches them, but has at least four. */
  readonly streamBytesMax: number;
  /** The largest single message, in bytes. */
  readonly messageBytesMax: number;
}

const MEBIBYTE = 1024 * 1024;

/** All of it: streams of 1,000 messages, messages of 16 MiB. Minutes. */
export const FULL_PACE: Pace = {
  pauseMs: 1_000,
  promptMs: 5_000,
  replyTimeoutMs: 10_000,
  largeTimeoutMs: 120_000,
  caseTimeoutMs: 900_000,
  messagesMax: 1_000,
  streamBytesMax: Number.POSITIVE_INFINITY,
  messageBytesMax: 16 * MEBIBYTE,
};

/** The same cases with shorter streams and pauses. Seconds. */
export const QUICK_PACE: Pace = {
  ...FULL_PACE,
  pauseMs: 250,
  caseTimeoutMs: 120_000,
  messagesMax: 100,
  streamBytesMax: 256 * 1024,
  messageBytesMax: 4 * MEBIBYTE,
};
