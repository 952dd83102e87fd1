// The bounds of a download, with their units. Back-off and the longest wait that a server may ask for are those of the connection.

export const DOWNLOAD_LIMITS = {
  /** Nothing for so long, while we wait for bytes: the attempt is given up, and the download goes on anew. Scanning a large room takes seconds. */
  idleMs: 60_000,
  /** Nobody has answered since the beginning: it ends with `unreachable`. */
  startPatienceMs: 20_000,
  /** As long it goes on trying once there was an answer, from the last byte on. */
  patienceMs: 300_000,
  /** Between two reports of progress that tell of nothing but more bytes. */
  progressMs: 100,
  /** Bytes that came over a second WebSocket and that `write` has not taken: there the peer waits, where the runtime can make it wait … */
  socketBacklogBytes: 512 * 1024,
  /** … and where it cannot, as in browsers, the socket is closed at this many, and the download goes on from there. */
  socketBacklogMaxBytes: 8 * 1024 * 1024,
  /** Characters of a refusal's sentence that are passed on. */
  sentenceCharsMax: 500,
} as const;
