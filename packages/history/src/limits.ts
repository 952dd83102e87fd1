// The bounds of history files, with their units.

export const HISTORY_LIMITS = {
  /** Messages and notices in one HTML document; a longer history goes on in another part. */
  htmlPartRecordsMax: 20_000,
  /**
   * Of one line, in bytes, for whoever checks a file. A message text is at most 16 KiB; as JSON or in HTML each of its bytes
   * takes at most six, the rest of the line a few kilobytes, and the last line at most `gapsMax` gaps.
   */
  lineBytesMax: 1024 * 1024,
  /** Gaps that one file tells of. A log with more holes than that is ended there, with a sentence. */
  gapsMax: 10_000,
  /** Records of an HTML document that a browser lays out together, when they come near the window. */
  htmlSectionRecords: 50,
  /** A message by the same author within this time goes without the name, in milliseconds. */
  sameAuthorMs: 5 * 60_000,
  /** Things that are wrong with a file that are listed; later ones are counted. */
  problemsMax: 20,
} as const;
