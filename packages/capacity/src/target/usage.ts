// What a server has used of the machine, from outside it: what the kernel accounts to its process, or what it says of itself at
// /metrics. Readings are compared with earlier ones; `spentBetween` does that, and is pure.
export interface Usage {
  /** When it was read, by `performance.now()`. */
  readonly at: number;
  /** Seconds of CPU, of all threads, since the process began. */
  readonly cpuSeconds: number;
  /** Of each thread, where the kernel tells them apart. */
  readonly threads?: ReadonlyMap<string, number>;
  readonly memoryBytes: number;
  /** Seconds of CPU that the cores to which the process is kept have given, to it and to everybody; absent where it is kept to none. */
  readonly coresSeconds?: number;
  /** Bytes that it has caused to be written to disk. */
  readonly writtenBytes?: number;
}

export interface UsageReader {
  /** Undefined where it cannot be asked, or not any more. */
  read(): Promise<Usage | undefined>;
}

export interface Spent {
  readonly cpuCores: number;
  readonly busiestThreadCores?: number;
  /** At the end. */
  readonly memoryBytes: number;
  /** What other programs took of the process's cores. */
  readonly othersCores?: number;
  readonly diskBytesPerSecond?: number;
}

export function spentBetween(before: Usage, after: Usage): Spent {
  const seconds = (after.at - before.at) / 1e3;
  const busiest = busiestOf(before, after);
  return {
    cpuCores: (after.cpuSeconds - before.cpuSeconds) / seconds,
    ...(busiest !== undefined && { busiestThreadCores: busiest / seconds }),
    memoryBytes: after.memoryBytes,
    ...(after.coresSeconds !== undefined &&
      before.coresSeconds !== undefined && {
        othersCores: Math.max(
          0,
          (after.coresSeconds - before.coresSeconds - (after.cpuSeconds - before.cpuSeconds)) / seconds,
        ),
      }),
    ...(after.writtenBytes !== undefined &&
      before.writtenBytes !== undefined && {
        diskBytesPerSecond: (after.writtenBytes - before.writtenBytes) / seconds,
      }),
  };
}

function busiestOf(before: Usage, after: Usage): number | undefined {
  if (before.threads === undefined || after.threads === undefined) return undefined;
  let busiest = 0;
  for (const [id, seconds] of after.threads)
    busiest = Math.max(busiest, seconds - (before.threads.get(id) ?? 0));
  return busiest;
}
