// What a comparison has found: the shape of docs/compare.json. Types, and the check of what is read from a file.

/** The ways into the room that are compared. */
export const WAYS = ['native', 'socketio-websocket', 'socketio-upgrade', 'socketio-polling'] as const;
export type Way = (typeof WAYS)[number];

export interface Comparison {
  readonly date: string;
  readonly command: string;
  readonly machine: { readonly system: string; readonly processor: string; readonly cores: number };
  readonly versions: Readonly<Record<'node' | 'wireroom' | 'socket.io' | 'socket.io-client', string>>;
  readonly settings: {
    readonly idleSeconds: number;
    readonly lines: number;
    readonly rounds: number;
    readonly latencyMs: number;
    readonly cutMs: number;
  };
  readonly ways: Readonly<Record<Way, WayFigures>>;
  /** Of the lesson's servers, without blanks and comments. `null`: the lesson was not at hand. */
  readonly linesOfCode: { readonly native: number; readonly socketio: number } | null;
}

/** `up`: from the client. `down`: from the server. Bytes of TCP's payload: what TLS and TCP add is not in it. */
export interface Traffic {
  readonly up: number;
  readonly down: number;
}

export interface WayFigures {
  readonly connect: ConnectFigures;
  readonly lines: readonly LineFigures[];
  /** Bytes in a minute in which nobody says anything. */
  readonly idlePerMinute: Traffic;
  readonly silence: OutageFigures;
  readonly cut: OutageFigures;
  /** `null`: the server is not ours to restart. */
  readonly restart: OutageFigures | null;
  readonly timeline: readonly TimelineStep[];
}

/** From the first packet to being able to chat. */
export interface ConnectFigures extends Traffic {
  readonly tcpConnections: number;
  readonly httpRequests: number;
  /** On the loopback. */
  readonly ms: number;
  /** On a line with `latencyMs` for a round trip; and how many round trips that makes, those that open TCP included. */
  readonly msWithLatency: number;
  readonly roundTrips: number;
}

/** Bytes for one chat line. */
export interface LineFigures {
  readonly textBytes: number;
  readonly author: Traffic;
  readonly reader: Traffic;
}

/** Messages of an outage, over all rounds. */
export interface OutageFigures {
  /** What others said meanwhile, and what of it came. */
  readonly others: Delivery;
  /** What one said oneself meanwhile, and what of it the others got. */
  readonly own: Delivery;
  /** From the end of the outage to being in the room again, for each round, in order of size. */
  readonly backAfterMs: readonly number[];
}

export interface Delivery {
  readonly said: number;
  readonly lost: number;
  readonly twice: number;
}

export interface TimelineStep {
  readonly atMs: number;
  /** Which TCP connection, counted from 1. */
  readonly connection: number;
  readonly direction: 'up' | 'down';
  readonly bytes: number;
  /** What it is, for people: `GET /ws`, `101 Switching Protocols`, `40`. */
  readonly text: string;
  /** What that means, layer by layer; absent where the text says it. */
  readonly meaning?: string;
}
