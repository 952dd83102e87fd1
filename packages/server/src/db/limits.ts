// Every bound of the database side, with its unit. What a message or a page may be is bounded in the protocol.

export const DB_LIMITS = {
  /** Writes in one transaction: what one commit to disk is shared by. */
  batchWritesMax: 512,
  /** Reads that the thread answers in one go before it looks at the next batch of writes. */
  batchReadsMax: 32,
  /** Operations that may wait in each lane (writes, reads). Past it: ChatError `busy`, at once. */
  waitingMax: 10_000,
  /** What `busy` tells the caller to wait, in milliseconds. */
  busyRetryAfterMs: 1_000,
  /** How long SQLite waits for another program that holds the file for a moment (a backup, a shell), in milliseconds. */
  busyTimeoutMs: 5_000,
  /** Pages of the file that SQLite keeps in memory, in KiB: the newest pages of some thousand rooms. */
  pageCacheKiB: 32 * 1024,
  /** What remains of the write-ahead log on disk after a checkpoint, in bytes. */
  walKeptBytesMax: 64 * 1024 * 1024,
} as const;
