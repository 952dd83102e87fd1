// Where rooms stand, as the one writer of their file has been told with its answers: every write that was answered is in here, so
// that nobody has to ask the database. What is not known is read, and known from then on.
import type { Position, RoomId } from '@wireroom/protocol';
import type { Head } from './log.ts';

/** Past it all are forgotten, and read again. */
const KEPT_MAX = 20_000;

export class KnownHeads {
  readonly #heads = new Map<RoomId, Position>();

  learn(roomId: RoomId, position: Position): void {
    const known = this.#heads.get(roomId);
    // A read may have begun before a write that was answered before it.
    if (known !== undefined && known.epoch === position.epoch && known.seq >= position.seq) return;
    if (known === undefined && this.#heads.size >= KEPT_MAX) this.#heads.clear();
    this.#heads.set(roomId, position);
  }

  /** Of all of these; `undefined` where one is not known. */
  of(roomIds: readonly RoomId[]): readonly Head[] | undefined {
    const heads: Head[] = [];
    for (const roomId of roomIds) {
      const position = this.#heads.get(roomId);
      if (position === undefined) return undefined;
      heads.push({ roomId, position });
    }
    return heads;
  }
}
