// Bounds of recording and of the wire feed, with their units.

export const WIRETAP_LIMITS = {
  /** Bytes kept of one recorded connection, what a record costs beside its bytes included. The handshake is not counted. */
  ringBytesMax: 2 * 1024 * 1024,
  /** Records kept of one recorded connection, without those of the handshake. */
  ringRecordsMax: 20_000,
  /** What a record is counted with beside the bytes that it holds; as measured in Node 20, rounded up. */
  recordOverheadBytes: 250,
  /** What holding bytes takes beside the bytes, and what each range of them that is hidden takes. */
  bufferOverheadBytes: 200,
  hiddenRangeBytes: 80,
  /** Records of a handshake that are kept whatever comes after. */
  handshakeRecordsMax: 64,
  /** Connections recorded at once, over the whole server. One more, and the one that nobody has watched for longest gives way. */
  recordingsMax: 500,
  /** Bytes kept of all of them together. Past it, the same. */
  totalBytesMax: 128 * 1024 * 1024,
  /** How long a connection that has ended can still be looked at, in milliseconds. */
  endedKeptMs: 10 * 60_000,
  /** Ended ones that are kept for one author. */
  endedPerAuthorMax: 5,
  /** Messages whose stations are kept, over all rooms. */
  trailsMax: 5_000,
  /** How long, in milliseconds. */
  trailKeptMs: 10 * 60_000,
  /** Readers of one message whose deliveries are kept; those of the connections of whoever asks come on top. */
  readersPerTrailMax: 100,
  /** A message on the wire feed, in bytes: the longest has 64 KiB of bytes for the sandbox, in hexadecimal. */
  commandBytesMax: 192 * 1024,
  /** How soon a watcher must say whose connections it wants to see, in milliseconds. */
  watchTimeoutMs: 10_000,
  /** Records are told together, so often at most, in milliseconds. */
  tellIntervalMs: 30,
  /** Bytes of records in one message of the feed. */
  tellBytesMax: 128 * 1024,
  /** Bytes that wait in a watcher's socket before no more records are told, until they have left. */
  watcherBufferedBytesMax: 512 * 1024,
  /** Bytes that wait there, answers included, past which a watcher that goes on asking is sent away. */
  answersBufferedBytesMax: 2 * 1024 * 1024,
  /** Records that wait for one watcher, in bytes. Past it the oldest are dropped, and it is told so. */
  watcherPendingBytesMax: 4 * 1024 * 1024,
  /** Of all watchers together. Past it each that is told more keeps no more than an equal share. */
  allPendingBytesMax: 64 * 1024 * 1024,
  /** Connections that one watcher follows at once. */
  followedMax: 8,
  /** Watchers at once: of one author, and in all. */
  watchersPerAuthorMax: 8,
  watchersMax: 500,
  /** Commands of one watcher: a burst, then so many per second. */
  commandRate: { burst: 60, perSecond: 30 },
  /** How long a `silence` lasts, in milliseconds. */
  silenceMs: 5_000,
  /** Scenes that are played at once, in the whole server; a watcher plays one at a time. */
  playsMax: 4,
  /** Plays of one author: a burst, then so many per second. */
  playRate: { burst: 10, perSecond: 0.5 },
  /** Authors whose rate of plays is kept in mind. */
  playRatesMax: 1_000,
} as const;
