// The bus: tells every node that a room's log has grown. A hint and no more (rule F2): it may be lost, repeated or
// reordered, and whoever reads checks the numbers against the log. Adapters: memory-bus.ts
// within one process, postgres-bus.ts between several.
import type { Entry, RoomId } from '@wireroom/protocol';

export interface Hint {
  readonly roomId: RoomId;
  /** New entries of the log, oldest first. None: the room has grown, and the log knows by what. */
  readonly entries: readonly Entry[];
}

export interface Bus {
  /** Never throws and never waits: an entry is true already when its hint is published. */
  publish(hint: Hint): void;
  /** Returns the function that ends the subscription. */
  subscribe(listener: (hint: Hint) => void): () => void;
}
