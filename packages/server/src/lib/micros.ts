// The clock of records: microseconds since 1970 that never run backwards, however the machine's clock is set meanwhile.
// The same monotonic clock stands behind every thread of the process, so that their times can be compared.

/** Of the monotonic clock: comparable between threads, and with nothing else. */
export const monotonicMicros = (): number => Number(process.hrtime.bigint() / 1000n);

// The same clock, read in a cheaper way.
export const nowMicros = (): number => Math.round((performance.timeOrigin + performance.now()) * 1000);

const READINGS = 32;

/**
 * How far the two ways to read the clock are apart. A thread that is put aside between them would make that wrong for as long as the
 * process lives, by milliseconds: of several readings the quickest is taken.
 */
function apart(): number {
  const readings = Array.from({ length: READINGS }, () => {
    const before = monotonicMicros();
    const now = nowMicros();
    const after = monotonicMicros();
    return { tookMicros: after - before, micros: now - Math.round((before + after) / 2) };
  });
  return readings.reduce((best, reading) => (reading.tookMicros < best.tookMicros ? reading : best)).micros;
}

const SINCE_1970 = apart();

/** What a monotonic time is in microseconds since 1970. To be called in the main thread alone, whose clock all records are in. */
export const since1970 = (monotonic: number): number => SINCE_1970 + monotonic;
