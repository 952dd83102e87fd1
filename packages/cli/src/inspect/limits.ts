// The bounds of `wireroom inspect`, with their units.

export const INSPECT_LIMITS = {
  /** From dialling to the answer. */
  connectTimeoutMs: 15_000,
  /** Of the body of a refusal so much is read and shown, and it is waited for so long. */
  refusalBodyBytesMax: 16 * 1024,
  refusalBodyMs: 2_000,
  /** Without a person the connection stays this long after the last line was sent, unless -w says otherwise. */
  waitMs: 2_000,
  /** A peer that does not answer our Close frame is given this long. */
  closeMs: 3_000,
  redirectsMax: 10,
  /** A message that is taken from a file or from the whole input. */
  fileBytesMax: 64 * 1024 * 1024,
  /** A message that comes may have this many bytes. */
  messageBytesMax: 64 * 1024 * 1024,
  /** What is kept for --save. What comes later is counted and not kept. */
  keptBytesMax: 256 * 1024 * 1024,
  keptRecordsMax: 1_000_000,
  /** Fragments of one message of `/fragments`. */
  fragmentsMax: 1_000,
} as const;
