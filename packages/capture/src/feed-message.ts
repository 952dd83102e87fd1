// The wire feed: what a page and a server say on the WebSocket at `/wire`, over which a connection is watched. It is
// a connection of its own, so that watching does not disturb what is watched. JSON, one object per text message; bytes
// are Base64. Types only; the schemas that check them are in feed-schema.ts.
import type { CaptureRecord } from './record.ts';

/** From the watcher to the server. */
export type FeedCommand =
  /** Proves who watches: the guest's token. Only that author's own connections are shown. The first message. */
  | { readonly type: 'watch'; readonly ref: number; readonly token: string }
  /** Follows one of them: its records so far, then each as it happens. */
  | { readonly type: 'follow'; readonly ref: number; readonly connectionId: string }
  | { readonly type: 'unfollow'; readonly ref: number; readonly connectionId: string }
  /** Asks for the way of one message through the server: by its room and number. */
  | { readonly type: 'receipt'; readonly ref: number; readonly roomId: string; readonly seq: number }
  /** Compares clocks: `at` is the watcher's, in microseconds since 1970. */
  | { readonly type: 'clock'; readonly ref: number; readonly at: number }
  /** Does something to a connection of one's own: `cut` resets TCP, `silence` swallows both directions for a while. */
  | {
      readonly type: 'disturb';
      readonly ref: number;
      readonly connectionId: string;
      readonly how: 'cut' | 'silence';
    }
  /** Plays a scene in the sandbox; its records come as those of connections of its own. */
  | {
      readonly type: 'play';
      readonly ref: number;
      readonly scene: string;
      /** Of the scene `own-bytes`: what to send, in hex. */
      readonly hex?: string;
    }
  | { readonly type: 'stop'; readonly ref: number; readonly playId: string };

/** From the server to the watcher. */
export type FeedEvent =
  | {
      readonly type: 'watching';
      readonly ref: number;
      readonly connections: readonly WatchedConnection[];
      readonly scenes: readonly string[];
    }
  /** A connection of one's own began or ended to be recorded. */
  | { readonly type: 'connections'; readonly connections: readonly WatchedConnection[] }
  | { readonly type: 'following'; readonly ref: number; readonly connectionId: string }
  | { readonly type: 'unfollowed'; readonly ref: number; readonly connectionId: string }
  | { readonly type: 'records'; readonly connectionId: string; readonly records: readonly CaptureRecord[] }
  | {
      readonly type: 'receipt';
      readonly ref: number;
      readonly roomId: string;
      readonly seq: number;
      /** Empty: it is older than what is kept. */
      readonly records: readonly CaptureRecord[];
    }
  | { readonly type: 'clock'; readonly ref: number; readonly watcherAt: number; readonly at: number }
  | { readonly type: 'disturbed'; readonly ref: number; readonly connectionId: string }
  | {
      readonly type: 'playing';
      readonly ref: number;
      readonly playId: string;
      readonly connectionIds: readonly string[];
    }
  | { readonly type: 'played'; readonly playId: string }
  | {
      readonly type: 'refused';
      readonly ref: number | null;
      readonly code: string;
      readonly message: string;
      readonly retryAfterMs?: number;
    };

export interface WatchedConnection {
  readonly connectionId: string;
  readonly gateway: 'native' | 'socketio' | 'sandbox';
  readonly openedAt: number;
  readonly isOpen: boolean;
}
