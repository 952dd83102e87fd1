// Bounds of the jitter test, with their units. What may be chosen is in options.ts.

export const JITTER_LIMITS = {
  /** A connection lives so long between two outages, in milliseconds: evenly drawn. */
  upMs: { min: 3_000, max: 8_000 },
  /** An outage of one connection. */
  outageMs: { min: 200, max: 2_000 },
  /** After the posts of a phase: nobody hears anything for so long while all are connected, and it is over. */
  quietMs: 5_000,
  /** It is over after so long in any case. */
  settleMs: 45_000,
  /** Until every client is connected at the start. */
  connectMs: 90_000,
  /** Clients begin to connect so many at a time, and so long apart. */
  connectsAtOnce: 25,
  connectPauseMs: 100,
  /** A stock client whose LOGIN was refused logs in again after this time. */
  loginAgainMs: 1_000,
  /**
   * A client learns of its cut within so long after the end of the outage; what closes later is another cut. Less than a connection's
   * life between two.
   */
  noticeMs: 2_000,
  /** Until a server says that it listens; until one that was asked to stop has ended. */
  startMs: 60_000,
  stopMs: 30_000,
  /** Messages of one run: fewer than a timeline of the SDK keeps, since what it shows at the end is what is judged. */
  messagesMax: 4_000,
  clientsMax: 2_000,
  /** The generator or the proxy was the limit if its event loop was so late, at the 99th percentile, in milliseconds. */
  loopLateMs: 100,
  /** Or if its process had so much of a core. */
  busyFraction: 0.9,
  /** Characters kept of what a server wrote, for the story of its failure. */
  outputCharsMax: 20_000,
} as const;
