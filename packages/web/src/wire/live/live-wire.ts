// The port to what is recorded while it happens: the connections that may be watched, their records, receipts, scenes. Types only;
// watcher-live-wire.ts stands on the SDK's watcher, the fixture's fake on captures.
import type { CaptureRecord, WatchedConnection } from '@wireroom/capture';

export interface LiveSnapshot {
  /** `off`: this connection is not recorded. `lost`: the feed went away, and is looked for again. */
  readonly state: 'off' | 'connecting' | 'watching' | 'refused' | 'lost';
  /** Why, for people, where the server said so. */
  readonly reason?: string;
  /** Newest first. */
  readonly connections: readonly WatchedConnection[];
  /** The connection of this page's chat. */
  readonly ownId?: string;
  /** Records of the connections that are followed, by their ids. An array grows by being replaced. */
  readonly records: Readonly<Record<string, readonly CaptureRecord[]>>;
  /** Names of the scenes that can be played. */
  readonly scenes: readonly string[];
  readonly play?: Play;
}

/** A scene that runs or ran. */
export interface Play {
  readonly scene: string;
  readonly connectionIds: readonly string[];
  readonly isOver: boolean;
  /** Why it could not be played. */
  readonly refusal?: string;
}

export interface Receipt {
  readonly roomId: string;
  readonly seq: number;
  /** The server's and this page's records of the message. Empty: it is older than what is kept. */
  readonly records: readonly CaptureRecord[];
}

export interface LiveWire {
  readonly subscribe: (listener: () => void) => () => void;
  /** The same object until something changed. */
  readonly snapshot: () => LiveSnapshot;
  follow(connectionId: string): void;
  receipt(roomId: string, seq: number): Promise<Receipt>;
  /** `hex`: of the scene `own-bytes`. */
  play(scene: string, hex?: string): void;
  stop(): void;
  disturb(connectionId: string, how: 'cut' | 'silence'): void;
}
