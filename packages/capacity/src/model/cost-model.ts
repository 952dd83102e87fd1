// What a server costs as a few numbers, and what they say about a mix that nobody has measured. Pure. The numbers come from
// cost-fit.ts; where they lead is said in ceilings.ts.
import type { Mix } from '../mix.ts';

export interface CostModel {
  /** Seconds of CPU a second, with nobody there. */
  readonly idleCores: number;
  /** Microseconds of CPU a second for each connection that is silent. */
  readonly connectionMicros: number;
  /** Microseconds of CPU for each message: read, stored, acknowledged. */
  readonly messageMicros: number;
  /** Microseconds of CPU for each round: what a commit and a turn of the loop cost, however much they carry. */
  readonly roundMicros: number;
  /** Microseconds of CPU for each write to a reader's socket, however many messages it carries. */
  readonly writeMicros: number;
  /** Microseconds of CPU for each message that a reader gets. */
  readonly deliveryMicros: number;
  /** Nanoseconds of CPU for each byte of text that a reader gets. */
  readonly deliveryByteNanos: number;
  /**
   * A server that has little to do takes longer for each thing, since its caches have meanwhile been others': work costs up to so
   * much more (0.3 is 30 %), and the more of it there is (in cores), the less.
   */
  readonly coldShare: number;
  readonly coldCores: number;
  /** What comes within this time goes out in one write: so many milliseconds, and so many microseconds more for each reader. */
  readonly gatherMs: number;
  readonly gatherMicrosPerReader: number;
  /** Memory with nobody there, and for each reader; in bytes. */
  readonly baseBytes: number;
  readonly readerBytes: number;
}

/** What a mix means for a server, each in a second. */
export interface Work {
  readonly messages: number;
  readonly deliveries: number;
  /** What is stored and sent together is a round. */
  readonly rounds: number;
  /** To readers' sockets: one to each of them in each round. */
  readonly writes: number;
  readonly deliveredBytes: number;
}

export function workOf(
  mix: Mix,
  { gatherMs, gatherMicrosPerReader }: Pick<CostModel, 'gatherMs' | 'gatherMicrosPerReader'>,
): Work {
  const messages = mix.senders * mix.rate;
  const deliveries = messages * mix.readers;
  const gatherSeconds = gatherMs / 1e3 + (gatherMicrosPerReader * mix.readers) / 1e6;
  const rounds = roundsOf(messages, gatherSeconds);
  return {
    messages,
    deliveries,
    rounds,
    writes: mix.readers * rounds,
    deliveredBytes: deliveries * mix.size,
  };
}

/**
 * How often a second something goes out. A round begins with the first message after the last round's end, and what comes while it
 * lasts goes out with the next: of messages that come by chance, the next is there already with probability 1 - e^-x, where x is
 * how many a round gathers; otherwise it is waited for, 1/messages on average.
 */
export function roundsOf(messages: number, gatherSeconds: number): number {
  if (messages === 0) return 0;
  const gathered = messages * gatherSeconds;
  return messages / (gathered + Math.exp(-gathered));
}

/** Seconds of CPU a second. */
export function predictCpu(model: CostModel, mix: Mix): number {
  return cpuOf(model, mix.readers, workOf(mix, model));
}

/** The same where the work is known: what a step has done, say. */
export function cpuOf(model: CostModel, readers: number, work: Work): number {
  const micros =
    model.connectionMicros * readers +
    model.messageMicros * work.messages +
    model.roundMicros * work.rounds +
    model.writeMicros * work.writes +
    model.deliveryMicros * work.deliveries;
  return (
    model.idleCores + withCold(micros / 1e6 + (model.deliveryByteNanos * work.deliveredBytes) / 1e9, model)
  );
}

/** Cores for so much work, as it would be of a server that has always something to do. */
export function withCold(
  cores: number,
  { coldShare, coldCores }: Pick<CostModel, 'coldShare' | 'coldCores'>,
): number {
  return cores * (1 + coldShare * Math.exp(-cores / coldCores));
}

/** Bytes of memory. */
export function predictMemory(model: CostModel, { readers }: Mix): number {
  return predictMemoryAt(model, readers);
}

export function predictMemoryAt({ baseBytes, readerBytes }: CostModel, readers: number): number {
  return baseBytes + readerBytes * readers;
}
