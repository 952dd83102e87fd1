// The bounds of `wireroom compare` and the amounts that it measures, with their units.

export const COMPARE_LIMITS = {
  /** Whatever is waited for on the loopback comes within this, or the run fails. */
  patienceMs: 30_000,
  /** Bytes that one proxy keeps. */
  recordedBytesMax: 32 * 1024 * 1024,
  idleSecondsMax: 3_600,
} as const;

/** What is measured, in a full run and in a quick one. */
export const AMOUNTS = {
  full: { lines: 20, rounds: 5 },
  quick: { lines: 3, rounds: 1 },
} as const;

/** Of the text of a chat line, in bytes (ASCII). */
export const TEXT_SIZES = [10, 100, 1000] as const;
/** Added to each direction where round trips are counted: so long that nothing else matters beside it. */
export const LATENCY_MS = 100;
/** How long the connection is cut, or the server gone. */
export const CUT_MS = 2_000;
/** How often a third person posts meanwhile. */
export const POST_EVERY_MS = 250;
/** What is under way after a step may still come for so long before the next one begins. */
export const SETTLE_MS = 300;
