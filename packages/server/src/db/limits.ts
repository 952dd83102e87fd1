// Every bound of the database side, with its unit. What a message or a page may be is bounded in the protocol.

export const DB_LIMITS = {
  /** Writes in one transaction: what one commit to disk is shared by. Not more: one batch is written while those of the one before hear, and go on. */
  batchWritesMax: 256,
  /** Of these, writes other than posts: a thousand who come back at once are several transactions, and posts ride in each of them. */
  batchOtherWritesMax: 16,
  /** What the texts of one transaction take up, in bytes of memory: long texts make a batch shorter, not its commit longer. */
  batchBytesMax: 4 * 1024 * 1024,
  /** Reads that the thread answers in one go, on one snapshot: the write-ahead log can be taken over between two. */
  batchReadsMax: 32,
  /** Operations that may wait in each lane (writes, reads). Past it: ChatError `busy`, at once. */
  waitingMax: 10_000,
  /** What those that wait may take up in each lane, in bytes of memory. Past it: `busy`, too. */
  waitingBytesMax: 32 * 1024 * 1024,
  /** What an operation counts as beside its texts, in bytes of memory. */
  operationBytes: 512,
  /** What `busy` tells the caller to wait, in milliseconds. */
  busyRetryAfterMs: 1_000,
  /** How long SQLite waits for another program that holds the file for a moment (a backup, a shell), in milliseconds. */
  busyTimeoutMs: 5_000,
  /** Pages of the file that SQLite keeps in memory, in KiB: the newest pages of some thousand rooms. */
  pageCacheKiB: 32 * 1024,
  /** After so many commits the reading thread takes what they wrote over from the write-ahead log into the file. */
  commitsPerCheckpoint: 32,
  /** Pages in the write-ahead log at which the writing thread does so itself, and posts wait for it: the reading one cannot keep up. */
  walPagesMax: 8_192,
  /** What remains of the write-ahead log on disk after a checkpoint, in bytes. */
  walKeptBytesMax: 64 * 1024 * 1024,

  /** PostgreSQL sessions of one server: one each for the log's and the guests' transactions, and those that read. */
  writeSessionsMax: 2,
  readSessionsMax: 6,
  /** How long to wait for a session, in milliseconds. Past it: `storage-failed`. */
  connectTimeoutMs: 3_000,
  /** What PostgreSQL itself ends: a statement, or a transaction in which nothing is asked, in milliseconds. */
  statementTimeoutMs: 8_000,
  /** What we end by cutting the session: a batch without an answer, in milliseconds. */
  batchTimeoutMs: 10_000,
  /** A reading session that nobody uses is given up after this, in milliseconds. */
  idleSessionMs: 60_000,
  /** The oldest PostgreSQL that is known to do, as it numbers itself. */
  postgresVersionMin: 120_000,
} as const;
