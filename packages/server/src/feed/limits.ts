// Bounds of the feed, with their units.

export const FEED_LIMITS = {
  /** Entries of one room that are kept in memory, and bytes of their JSON. */
  tailEntriesMax: 2_000,
  tailBytesMax: 512 * 1024,
  /** Bytes of JSON in the tails of all rooms; past it the room that was quiet longest loses its tail. */
  tailsBytesMax: 16 * 1024 * 1024,
  /** Pages of all tails that are kept as they were handed out, each of at most 64 KiB. */
  pagesKeptMax: 64,
  /** One read of the log on a reader's behalf (rule H1). */
  readEntriesMax: 200,
  readBytesMax: 64 * 1024,
  /** Live entries that a reader is brought in one go, in bytes of JSON. */
  runBytesMax: 64 * 1024,
  /** Rooms that one look at the heads asks for. */
  headsPerReadMax: 10_000,
} as const;
