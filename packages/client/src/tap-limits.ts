// The bounds of what a client records of itself. Apart from limits.ts, which has them too, because its code is loaded apart.

/** Moments kept of one connection, where they are recorded, and connections that are kept. */
export const tapRecordsMax = 5_000;
export const tappedLinksMax = 6;
