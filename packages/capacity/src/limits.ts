// Every bound of a capacity run, with its unit. A run ends by itself, and so does each of its parts.

/** What a text needs to say when it was due, who sent it and which it is (load/stamp.ts); no text is shorter. */
export const STAMP_BYTES = 28;

export const CAPACITY_LIMITS = {
  readersMax: 20_000,
  sendersMax: 5_000,
  /** Posts a second of one sender. */
  rateMax: 1_000,
  /** Of a text, in bytes: what the protocol allows. */
  sizeMax: 16 * 1024,
  stepSecondsMax: 600,
  generatorsMax: 16,
} as const;
