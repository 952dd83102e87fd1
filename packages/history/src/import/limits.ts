// Every bound of the importers, with its unit: a file may be anything, and must not cost more than these.

export const IMPORT_LIMITS = {
  /** One line of our JSON Lines, in bytes: the longest text, each of its characters escaped, and the rest of its entry. */
  lineBytesMax: 1024 * 1024,
  /** One record of another program's export (a message with all that hangs on it), in characters of its JSON. */
  recordCharsMax: 4 * 1024 * 1024,
  /** How deep a record's JSON may be nested. */
  depthMax: 64,
  /** A list of people or channels, in characters of JSON: it is read in one piece. */
  listCharsMax: 256 * 1024 * 1024,
  /** Messages of one day of a Slack channel: they are put in order in memory. */
  dayMessagesMax: 500_000,
  /** Messages of one import: what is kept of each while it runs is a few bytes, for others' exports some hundred. */
  messagesMax: 100_000_000,
  /** Numbers that a file of ours may lack: each becomes a message that says so. */
  missingMax: 10_000,
  /** One text becomes at most so many messages. */
  partsMax: 64,
  /** Characters of the line that stands for the message that is answered. */
  quoteCharsMax: 80,
  /** What could not be carried over is listed up to here; all of it is counted. */
  problemsListedMax: 50,
} as const;
