// Bounds of history downloads, with their units.

export const HISTORY_LIMITS = {
  /** What is rendered and sent in one piece, in bytes before compression; one record may be longer. */
  chunkBytes: 128 * 1024,
  /** Pieces of one download that are under way between the threads, or wait for its reader. */
  chunksAhead: 2,
  /** Entries read at a time, and how many characters of JSON they should be together. */
  pageEntriesMax: 500,
  pageChars: 512 * 1024,
  /** Downloads that run at once: of one author, from one address, and in all. Past it: `too-many-downloads`. */
  perAuthorMax: 4,
  perAddressMax: 16,
  downloadsMax: 64,
  /** How often one asker may begin a download: so many at once, so many a second in the long run. */
  rate: { burst: 30, perSecond: 0.5 },
  /** Estimates are asked for while somebody chooses. */
  estimateRate: { burst: 60, perSecond: 2 },
  /** Askers whose rate is remembered. */
  askersMax: 10_000,
  /** What one that is refused for the number of downloads is told to wait, in milliseconds. */
  retryAfterMs: 5_000,
  /** States of digests that are kept, so that a download goes on at once: of one download, and in all. */
  checkpointsPerDownload: 32,
  checkpointsMax: 1_024,
  /** At least that far apart, in bytes. */
  checkpointBytes: 256 * 1024,
  /** A page that cannot be read is tried again so often, after this long, doubled each time, in milliseconds. */
  readTriesMax: 6,
  readRetryMs: 250,
  /** A reader that takes nothing for this long gives its place to others, in milliseconds. */
  stallMs: 120_000,
  /** How often one download outlives the end of its thread. */
  threadsMax: 3,
  /** The thread's heap, in MiB. */
  heapMiB: 48,
  youngHeapMiB: 4,
  /** How far the thread steps back behind those who serve sockets: a nice value. */
  niceness: 10,
  /** Of the room that an estimate looks at: so many places, so many entries at each. */
  samplePlaces: 5,
  sampleEntries: 100,
  /** Downloads that are kept to be fetched: of one author, in all, in bytes together, and for how long, in milliseconds. */
  jobsPerAuthorMax: 4,
  jobsMax: 64,
  jobsBytesMax: 16 * 1024 * 1024 * 1024,
  jobKeptMs: 24 * 60 * 60 * 1000,
  /** An author's name or id in a request, in characters. */
  authorCharsMax: 128,
} as const;
