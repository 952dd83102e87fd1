// Bounds of the commands about histories, with their units.

export const IMPORT_FILE_LIMITS = {
  /** Files in a zip or a folder: ten years of days of a hundred channels, several times over. */
  filesMax: 1_000_000,
  /** One file out of a zip, in bytes, unpacked: a day of a channel, or the list of people. */
  fileBytesMax: 256 * 1024 * 1024,
  /** An export of Element out of a zip, in bytes, unpacked. It is read piece by piece. */
  documentBytesMax: 4 * 1024 * 1024 * 1024,
  /** Of a file, what is looked at to find out what it is, in bytes. */
  lookedAtBytes: 4_096,
  /** Entries that are written at once. */
  batchEntries: 1_000,
  /** How often a terminal is told how far it is, in milliseconds. */
  progressMs: 250,
} as const;

export const GET_LIMITS = {
  /** How often the server is asked how far it is, and how soon again after a break, in milliseconds. */
  jobLookMs: 1_000,
  /** So long it is tried to reach a server that has answered once, in milliseconds. */
  jobPatienceMs: 300_000,
} as const;
