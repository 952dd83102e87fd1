// The clock of records: microseconds since 1970 that never run backwards, however the machine's clock is set meanwhile.
// The same monotonic clock stands behind every thread of the process, so that their times can be compared.

/** Of the monotonic clock: comparable between threads, and with nothing else. */
export const monotonicMicros = (): number => Number(process.hrtime.bigint() / 1000n);

const SINCE_1970 = Math.round((performance.timeOrigin + performance.now()) * 1000) - monotonicMicros();

/** What a monotonic time is in microseconds since 1970. To be called in the main thread alone, whose clock all records are in. */
export const since1970 = (monotonic: number): number => SINCE_1970 + monotonic;

// The same clock, read in a cheaper way.
export const nowMicros = (): number => Math.round((performance.timeOrigin + performance.now()) * 1000);
