// How much of a capture is kept in memory. What is beyond a limit is counted and said, never silently left out.

export const CAPTURE_LIMITS = {
  /** Of one head (request or answer); a longer one is not decoded. Twice what common servers take. */
  headBytesMax: 64 * 1024,
  /** Header fields of one head; later ones are left out. */
  headersMax: 256,
  /** Kept of one frame's payload. */
  frameBytesMax: 1024 * 1024,
  /** Kept of one message, as carried and inflated. */
  messageBytesMax: 1024 * 1024,
  /** Inflated of one message, the part that is not kept included; then inflating ends. */
  inflatedBytesMax: 16 * 1024 * 1024,
  /** Frames listed of one message; the ones after it are counted by their payload only. */
  fragmentsMax: 4096,
  /** Kept of what follows an answer that is no 101. */
  bodyBytesMax: 64 * 1024,
  /** Kept of one capture; the oldest are let go of first. */
  chunksMax: 50_000,
  framesMax: 50_000,
  messagesMax: 50_000,
  pingsMax: 10_000,
  gapsMax: 1_000,
  faultsOfHandshakeMax: 100,
  /** Hidden parts of a frame that has not come whole. */
  hiddenSpansMax: 10_000,
  /** All payloads that frames and messages hold, and all chunks. */
  keptBytesMax: 64 * 1024 * 1024,
  /** Of one bytes record in a file or on the feed. */
  recordBytesMax: 16 * 1024 * 1024,
  /** A text that is read as JSON or as packets to find its meaning. */
  meaningCharactersMax: 256 * 1024,
  /** Packets read out of one message or polling body. */
  packetsMax: 1_000,
} as const;
