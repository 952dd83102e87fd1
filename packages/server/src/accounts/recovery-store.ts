// Where it is kept who may come back by the secret of a Socket.IO session (`pid`): the port. Hashes only, each beside the hash
// of the token that the session was opened by. recoveries.ts says what they are worth.

export interface Recovery {
  readonly pidHash: string;
  readonly tokenHash: string;
}

export interface RecoveryStore {
  /**
   * Stores a session, or the new token of a known one. Of one token's sessions only the newest `keepMax` stay; those of
   * anybody that were not seen since `expiredBefore` go, some at a time.
   */
  remember(recovery: Recovery & RememberOptions): Promise<void>;
  /** The hash of the token, of a session that was seen at `seenSince` or later. */
  find(wanted: { readonly pidHash: string; readonly seenSince: number }): Promise<string | undefined>;
  /** These sessions are in use at `seenAt`. Those that are not there stay away. */
  touch(sessions: { readonly pidHashes: readonly string[]; readonly seenAt: number }): Promise<void>;
  forget(pidHash: string): Promise<void>;
}

/** Times are milliseconds since 1970. */
export interface RememberOptions {
  readonly seenAt: number;
  readonly expiredBefore: number;
  readonly keepMax: number;
}
