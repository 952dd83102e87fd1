// The bounds of `wireroom capacity` and what it does where nothing is said, with their units. How large a load may be is the measuring
// package's affair.

/** What is asked of the room where nothing is said: a lively room of a thousand. */
export const USUAL_MIX = { readers: 1000, senders: 20, rate: 0.2, size: 120 } as const;

/** How long a load is held, and what goes before it without being counted; in seconds. `shares`: steps of a ramp. */
export const PACE = {
  full: { seconds: 10, warmSeconds: 3, shares: [0.125, 0.25, 0.5, 1] },
  quick: { seconds: 2, warmSeconds: 1, shares: [0.5, 1] },
} as const;

export const CLI_CAPACITY_LIMITS = {
  /** Servers beside the first. */
  peersMax: 3,
  predictionsMax: 8,
  /** Of the files that a process may have open, so many are kept for what is no connection. */
  openFilesKept: 200,
  /** Names that are tried for a report before another folder has to be named. */
  freeNamesMax: 1_000,
} as const;

export const VIEW = {
  /** On a terminal the view is drawn again at most this often. */
  redrawMs: 200,
  /** Elsewhere a line is printed this often. */
  lineMs: 5_000,
  /** Seconds that a sparkline looks back, at most. */
  sparkSamplesMax: 60,
  columnsMax: 100,
} as const;
