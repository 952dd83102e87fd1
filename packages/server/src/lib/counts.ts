// What the stations count of themselves: plain numbers on plain objects, so that counting a delivery is one addition. Nobody here
// knows who reads them: metrics/ does, when it is asked. No room, author or address is a key of anything.
import { CHAT_ERRORS, type ChatErrorCode, isChatErrorCode } from '@wireroom/protocol';
import { SECONDS_BOUNDS, SIZE_BOUNDS, Tally } from './tally.ts';

/** What became of a draft: `failed` is the store's fault or ours, `refused` is said to whoever wrote it. */
export type PostOutcome = 'stored' | 'repeated' | 'refused' | 'failed';
export type ResumeAnswer = 'fresh' | 'caught-up' | 'gap' | 'reset' | 'refused';
/** How a connection ended, see gateway/close-class.ts. */
export type CloseClass = 'done' | 'lost' | 'restart' | 'broke-rules' | 'too-slow' | 'other';
export type GatewayName = 'native' | 'socketio';

/** Of one gateway. */
export interface GatewayCounts {
  opened: number;
  /** Entries that were sent to readers. */
  deliveries: number;
  /** Entries that were kept back from readers who had no room; the log brings them later. */
  keptBack: number;
  /** Socket.IO's own queues, which tell packets and not bytes. */
  packetsWaiting: number;
  readonly posts: Record<PostOutcome, number>;
  readonly resumed: Record<ResumeAnswer, number>;
  readonly closed: Record<CloseClass, number>;
  /** Commands that were refused, by the code of the refusal. */
  readonly refused: Record<ChatErrorCode, number>;
}

export interface FeedCounts {
  /** Readers who did not keep up, and how many entries each is behind now. */
  readonly behind: Set<{ readonly lag: number }>;
  /** Entries that the log brought because no hint had. */
  healed: number;
}

/** Of the log's commits. */
export interface StoreCounts {
  readonly commitSeconds: Tally;
  readonly batchSizes: Tally;
  /** Batches of which nothing was stored. */
  failures: number;
  /** When the newest commit was on disk, in microseconds since 1970. */
  committedAt: number;
}

/** Of history downloads, whatever carries them. */
export interface DownloadCounts {
  running: number;
  bytes: number;
  /** `cut`: the asker lost the right; `left`: they went; `stalled`: they took nothing; `stopped`: the server did. */
  readonly ended: Record<'finished' | 'cut' | 'left' | 'stalled' | 'failed' | 'stopped', number>;
}

export interface Counts {
  readonly gateways: Readonly<Record<GatewayName, GatewayCounts>>;
  readonly feed: FeedCounts;
  readonly store: StoreCounts;
  readonly downloads: DownloadCounts;
  /** From the commit of an entry to the write to the last reader who was there for it. */
  readonly fanOutSeconds: Tally;
  /** Connections that were not let in, by the HTTP status of the answer. */
  readonly turnedAway: Map<number, number>;
}

export function newGatewayCounts(): GatewayCounts {
  return {
    opened: 0,
    deliveries: 0,
    keptBack: 0,
    packetsWaiting: 0,
    posts: { stored: 0, repeated: 0, refused: 0, failed: 0 },
    resumed: { fresh: 0, 'caught-up': 0, gap: 0, reset: 0, refused: 0 },
    closed: { done: 0, lost: 0, restart: 0, 'broke-rules': 0, 'too-slow': 0, other: 0 },
    refused: zeroOfEach(Object.keys(CHAT_ERRORS).filter(isChatErrorCode)),
  };
}

export const newFeedCounts = (): FeedCounts => ({ behind: new Set(), healed: 0 });

export function newCounts(): Counts {
  return {
    gateways: { native: newGatewayCounts(), socketio: newGatewayCounts() },
    feed: newFeedCounts(),
    store: {
      commitSeconds: new Tally(SECONDS_BOUNDS),
      batchSizes: new Tally(SIZE_BOUNDS),
      failures: 0,
      committedAt: 0,
    },
    downloads: {
      running: 0,
      bytes: 0,
      ended: { finished: 0, cut: 0, left: 0, stalled: 0, failed: 0, stopped: 0 },
    },
    fanOutSeconds: new Tally(SECONDS_BOUNDS),
    turnedAway: new Map(),
  };
}

function zeroOfEach<K extends string>(keys: readonly K[]): Record<K, number> {
  return Object.fromEntries(keys.map((key) => [key, 0])) as Record<K, number>;
}
