// The port to what is recorded while it happens, as much of the SDK's watcher as the inspector uses. Types only: the page may know
// it without loading anything; the fixture's fake stands on captures.
import type { PlaySnapshot, WireReceipt, WireSnapshot, WireWatcher } from '@wireroom/client/wire';

export type LiveSnapshot = WireSnapshot;
export type Play = PlaySnapshot;
export type Receipt = WireReceipt;
export type LiveWire = Omit<WireWatcher, 'close' | 'unfollow'>;
