// Traces of messages, where the settings ask for them: marks of the stations in, spans to a collector out.
import type { StationMarks } from '../lib/stations.ts';
import { MessageTraces } from './message-traces.ts';
import { openTraceSender } from './otlp.ts';

export interface Traces {
  readonly marks: StationMarks;
  /** Sends what waits, within a bound. */
  stop(): Promise<void>;
}

export interface TracesParts {
  /** Which part of all messages; 0: none, and nothing is loaded. */
  readonly ratio: number;
  readonly version: string;
  /** Microseconds since 1970. */
  readonly now: () => number;
  readonly afterWrites: (callback: () => void) => void;
  readonly warn: (message: string) => void;
}

export async function openTraces(parts: TracesParts): Promise<Traces | undefined> {
  const { ratio, version, now, afterWrites, warn } = parts;
  if (ratio === 0) return undefined;
  const sender = await openTraceSender({ version, warn, now: () => performance.now() });
  const marks = new MessageTraces({
    ...{ ratio, now, afterWrites, random: Math.random },
    emit: (trace) => sender.send(trace),
  });
  return { marks, stop: () => sender.stop() };
}
