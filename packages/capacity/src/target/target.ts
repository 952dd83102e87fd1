// A server that is measured, whoever started it: how the load gets in, what the server may use, and what it has used.
import type { DoorPlan } from '../load/generator-port.ts';
import type { Target } from '../report.ts';
import type { UsageReader } from './usage.ts';

export interface RunningTarget {
  readonly about: Target;
  readonly door: DoorPlan;
  readonly usage: UsageReader;
  /** Cores that it may use; undefined where that is not known. */
  readonly cores: number | undefined;
  /** Files and sockets that its process may have open. */
  readonly openFilesMax: number | undefined;
  /** Where its data lies, if that is on this machine. */
  readonly dataDir: string | undefined;
  /** Bytes of its database; 0 where that is not known. */
  dataBytes(): number;
  /** It goes as an operator stops it, its data stays; of servers that were found it does nothing. Never rejects. */
  stop(): Promise<void>;
  /** Of a server that was started for the run: it and its data go. Never rejects. */
  end(): Promise<void>;
}
