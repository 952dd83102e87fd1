// What the conductor asks of the generator, and the answers: messages between two processes of ours.
import type { PeerName } from './peers.ts';
import type { Outage, Spread } from './recovery.ts';

export interface OpenOrder {
  readonly do: 'open';
  readonly peer: PeerName;
  /** One for each client. */
  readonly ports: readonly number[];
  /** So many of the clients post, evenly chosen. */
  readonly publishers: number;
  readonly isWebSocketOnly: boolean;
}

export type Order =
  | OpenOrder
  /** A phase begins: posts at this rate, all publishers together, until `hush`. */
  | { readonly do: 'begin'; readonly perSecond: number }
  | { readonly do: 'hush' }
  | { readonly do: 'look' }
  | { readonly do: 'judge'; readonly outages: readonly Outage[] }
  | { readonly do: 'receipts' };

export interface Look {
  readonly connected: number;
  readonly expected: number;
  readonly delivered: number;
  readonly posted: number;
  readonly acknowledged: number;
  /** When anybody heard anything last. */
  readonly lastAt: number;
}

export interface PhaseFigures {
  /** The number of its first message. */
  readonly from: number;
  readonly posted: number;
  readonly expected: number;
  readonly delivered: number;
  readonly duplicates: number;
  readonly outOfOrder: number;
  readonly gaps: number;
  readonly outages: number;
  /** Outages after which the client never had everything. */
  readonly never: number;
  readonly connectedMs: Spread;
  readonly completeMs: Spread;
  readonly generator: Health;
}

/** Of one process in one phase. */
export interface Health {
  readonly loopLateMs: number;
  /** Of one core. */
  readonly busy: number;
}

/** Numbers of the messages of the whole run. */
export interface Receipts {
  readonly posted: number;
  readonly acknowledged: readonly number[];
}

export interface Answers {
  readonly open: undefined;
  readonly begin: undefined;
  readonly hush: undefined;
  readonly look: Look;
  readonly judge: PhaseFigures;
  readonly receipts: Receipts;
}

export interface Asked {
  readonly id: number;
  readonly order: Order;
}

export interface Answered {
  readonly id: number;
  readonly answer?: unknown;
  readonly error?: string;
}
