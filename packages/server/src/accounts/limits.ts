// Bounds of the accounts, with their units.

export const ACCOUNT_LIMITS = {
  /**
   * How long after it was last in use a Socket.IO session may come back, in milliseconds. Socket.IO keeps 2 minutes, since it
   * keeps everything in memory; here a row waits, and the log is there anyway: a laptop that slept overnight comes back.
   */
  recoveryMs: 24 * 3_600_000,
  /** How often it is written down that sessions are in use, in milliseconds: what a crash takes from the time above. */
  recoveryTouchMs: 3_600_000,
  /** Sessions of one token that may come back. */
  recoveriesPerTokenMax: 16,
  /** Sessions in one write of `touch`. */
  recoveriesTouchedMax: 500,
} as const;
