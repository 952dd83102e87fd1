// The entry `@wireroom/client/wire`: watching one's own connections. Loaded by a page only when somebody looks.
export type {
  PlaySnapshot,
  WireReason,
  WireReceipt,
  WireSnapshot,
  WireWatcher,
  WireWatcherOptions,
} from './wire-watcher.ts';
export { watchWire } from './wire-watcher.ts';
