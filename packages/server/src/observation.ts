// What is known of the running server as a whole, for those who watch over it: what the stations count, whether the store takes
// what is written, and whether anybody should be sent here. app.ts makes one and hands its parts to the stations.
import type { Chat } from './chat.ts';
import { type Counts, type GatewayName, newCounts } from './lib/counts.ts';
import { nowMicros } from './lib/micros.ts';
import { Metrics, type Standing } from './metrics/metrics.ts';
import type { Timers } from './rooms/rooms.ts';
import type { Storage } from './storage.ts';
import { StoreHealth } from './store-health.ts';

export type Phase = 'starting' | 'running' | 'stopping';

export interface ObservationParts {
  readonly timers: Timers;
  /** Calls back when everything that was sent by now has been written. */
  readonly afterWrites: (callback: () => void) => void;
}

/** What is looked at when somebody asks. */
export interface Watched {
  readonly chat: Pick<Chat, 'rooms' | 'presence'>;
  readonly storage: Pick<Storage, 'waitingCount' | 'isShared'>;
  readonly native: { readonly connectionCount: number; readonly waiting: Standing['waiting'] };
  readonly socketIo: { readonly connectionCount: number };
  readonly version: string;
}

export interface Reason {
  readonly code: 'starting' | 'stopping' | 'storage-failed' | 'database-ended';
  readonly message: string;
}

const MESSAGES: Readonly<Record<Reason['code'], string>> = {
  starting: 'The server starts; it will be ready in a moment.',
  stopping: 'The server stops. Connect to another, or again in a moment.',
  'storage-failed':
    'The last attempt to store something failed; the log says why. It is tried again every second.',
  'database-ended': 'The database thread has ended: nothing can be stored. The server stops.',
};

export class Observation {
  readonly counts: Counts = newCounts();
  readonly store: StoreHealth;
  phase: Phase = 'starting';
  readonly #parts: ObservationParts;
  #hasDatabaseEnded = false;
  /** New entries that were handed to their readers since the last marker was set. */
  #handedOn = 0;

  constructor(parts: ObservationParts) {
    this.#parts = parts;
    this.store = new StoreHealth(this.counts.store, parts.timers);
  }

  databaseEnded(): void {
    this.#hasDatabaseEnded = true;
  }

  readiness(): { readonly isReady: boolean; readonly reasons: readonly Reason[] } {
    const codes: Reason['code'][] = this.phase === 'running' ? [] : [this.phase];
    if (this.#hasDatabaseEnded) codes.push('database-ended');
    else if (this.store.isFailing) codes.push('storage-failed');
    return { isReady: codes.length === 0, reasons: codes.map((code) => ({ code, message: MESSAGES[code] })) };
  }

  /** What HTTP answers of the server, and the metrics, which the caller stops. */
  watch({ chat, storage, native, socketIo, version }: Watched) {
    const connections = (): Readonly<Record<GatewayName, number>> => ({
      native: native.connectionCount,
      socketio: socketIo.connectionCount,
    });
    const metrics = new Metrics({
      ...{ counts: this.counts, version, storage: storage.isShared ? 'postgres' : 'sqlite' },
      standing: () => ({
        connections: connections(),
        waiting: native.waiting,
        writesWaiting: storage.waitingCount(),
        rooms: chat.rooms.list().length,
        authorsPresent: chat.presence.count,
        isReady: this.readiness().isReady,
      }),
    });
    return {
      metrics,
      readMetrics: () => metrics.read(),
      readiness: () => this.readiness(),
      health: () => ({
        isHealthy: this.phase !== 'stopping',
        connections: native.connectionCount + socketIo.connectionCount,
      }),
    };
  }

  /** Entries were handed to their readers. Those of one commit are told in one breath, and measured together. */
  readonly onRound = (entries: number): void => {
    // After all that the commit has set going, and before the turn ends.
    if (this.#handedOn === 0) process.nextTick(this.#mark);
    this.#handedOn += entries;
  };

  readonly #mark = (): void => {
    const entries = this.#handedOn;
    const { committedAt } = this.counts.store;
    this.#handedOn = 0;
    this.#parts.afterWrites(() => {
      this.counts.fanOutSeconds.observe(Math.max(0, nowMicros() - committedAt) / 1e6, entries);
    });
  };

  /** A connection was not let in. */
  turnedAway(status: number): void {
    const { turnedAway } = this.counts;
    turnedAway.set(status, (turnedAway.get(status) ?? 0) + 1);
  }
}
