// The door for the simulator and the bench: the stations of the real server, to be put together on ports that lose, delay
// and fail, or measured alone. Nothing here opens a socket. The server as a whole is entered by index.ts.
export type { GuestStore } from './accounts/guest-store.ts';
export { MemoryGuestStore } from './accounts/memory-guest-store.ts';
export type { Bus, Hint } from './bus/bus.ts';
export { type Chat, type ChatPorts, openChat } from './chat.ts';
export { InlineThread } from './db/inline-thread.ts';
export {
  loadDriver,
  openDatabase,
  type SqliteDatabase,
  type SqliteDriver,
  type Statement,
} from './db/sqlite.ts';
export { SqliteClient } from './db/sqlite-client.ts';
export { WatchedDatabase } from './db/watched-database.ts';
export { drain, type Leaver } from './gateway/drain.ts';
export { GATEWAY_LIMITS } from './gateway/limits.ts';
export { type ChatConnection, type NativeParts, NativeSession } from './gateway/native-session.ts';
export { Rounds } from './gateway/rounds.ts';
export { newGatewayCounts } from './lib/counts.ts';
export { FairTurns } from './lib/fair-turns.ts';
export { NO_MARKS } from './lib/stations.ts';
export type { BucketRate } from './lib/token-bucket.ts';
export type {
  Appended,
  Draft,
  Log,
  LogPage,
  LogRange,
  MembershipChange,
} from './log/log.ts';
export { MemoryLog } from './log/memory-log.ts';
export { SqliteLog } from './log/sqlite-log.ts';
export { createOperations as logOperationsOn } from './log/sqlite-log-operations.ts';
export { DATABASE_FILE, openPostgresStorage, openSqliteStorage, type Storage } from './storage.ts';
