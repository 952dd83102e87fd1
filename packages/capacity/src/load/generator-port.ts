// What the run and a process that makes load say to each other, as plain data. generator-process.ts asks, generator.ts answers.
import type { Mix } from '../mix.ts';
import type { PackedHistogram } from './histogram.ts';
import type { Place } from './wire.ts';

/** What the process connects to: as data, since a dialect is code. */
export interface DoorPlan {
  readonly kind: 'wireroom' | 'socketio';
  readonly place: Place;
  readonly room: string;
  readonly event: string;
}

export type GeneratorOrder =
  /** So many more come in, a few at a time. `stays: 'briefly'`: they become members and go again, to come back by their tokens. */
  | { readonly act: 'enter'; readonly count: number; readonly stays: 'briefly' | 'on' }
  /** So many connections that say hello and nothing more. */
  | { readonly act: 'greet'; readonly count: number }
  /** All but so many go. */
  | { readonly act: 'shrink'; readonly to: number }
  | ({ readonly act: 'begin' } & StepOrder)
  /** What has been counted, and what the times were since the last time that this was asked. */
  | { readonly act: 'tell' }
  /** Nothing more is posted; the answer is what the step was. */
  | { readonly act: 'finish' };

export interface StepOrder {
  readonly step: number;
  /** Numbers in the whole run; they are spread over those who are here. */
  readonly senders: readonly number[];
  /** In all processes. */
  readonly sendersInAll: number;
  readonly rate: Mix['rate'];
  readonly size: Mix['size'];
  /** On the run's clock, in microseconds. Posts are due from the first to the third; what is due or arrives after the second counts. */
  readonly beginsAt: number;
  readonly countsFrom: number;
  readonly endsAt: number;
  readonly seed: number;
}

export interface GeneratorOrderMessage {
  readonly id: number;
  readonly door: DoorPlan;
  /** Where the run's clock has its zero: what `process.hrtime` says, in microseconds. */
  readonly clockZero: number;
  /** Names bear it, so that two runs on one server do not meet. */
  readonly run: string;
  readonly order: GeneratorOrder;
}

export interface GeneratorAnswer {
  readonly id: number;
  /** A sentence. */
  readonly error?: string;
  readonly connections: number;
  /** Connections that were lost since the process began, and why the last was. */
  readonly lostConnections: number;
  readonly lastLoss?: string;
  /** Of CPU, since the process began. */
  readonly cpuMicros: number;
  readonly counts: Counts;
  /** Of what arrived since this was last told. */
  readonly recent: PackedHistogram;
  /** Only after `finish`. */
  readonly result?: StepResult;
}

/** Of the step, so far. */
export interface Counts {
  /** Posts that were due, that went out, that were answered, that were refused. */
  readonly due: number;
  readonly sent: number;
  readonly acknowledged: number;
  readonly refused: number;
  /** Of refusals: by their codes. */
  readonly rateLimited: number;
  /** Messages of this step that readers here have, each counted once. */
  readonly got: number;
  readonly repeated: number;
}

export interface StepResult {
  /** Of everything that was due while it counted. */
  readonly latency: PackedHistogram;
  readonly acks: PackedHistogram;
  /** How long after it was due each post left. */
  readonly delays: PackedHistogram;
  /** Arrived, and acknowledged or sent, between `countsFrom` and `endsAt`. */
  readonly deliveriesCounted: number;
  readonly postsCounted: number;
  /** Posts that were due in that time: what would have arrived of a server that keeps up. */
  readonly dueCounted: number;
  /** Reads of sockets that brought messages in that time: about as many as the server wrote. */
  readonly readsCounted: number;
  /** Of a frame, what is not text, in bytes; 0 if none came. */
  readonly envelopeBytes: number;
  /** By the order in which they got everything: how many readers. */
  readonly orders: readonly (readonly [order: number, readers: number])[];
}
