// The bounds of the outbox that the tabs of a browser share. Apart from limits.ts, which has them too, because its code is loaded apart.

/** From asking IndexedDB to open, and from beginning a transaction: later than that it is taken for broken. */
export const idbOpenTimeoutMs = 3_000;
export const idbTimeoutMs = 5_000;
/** The tab that leads looks into the outbox so often, for what no tab has told. */
export const outboxLookMs = 2_000;
/** A tab that waits to lead asks so often who leads; no answer for so long, and it leads itself. */
export const leaseAskMs = 2_000;
export const leaseAnswerMs = 1_000;
