// The rooms of this server as everybody is told of them. The log is the truth; the list follows it by the entries that the
// bus brings, from whatever node, and is read anew now and then, since a hint may be lost (rule F2).
import type { Room, RoomId } from '@wireroom/protocol';
import type { Bus, Hint } from '../bus/bus.ts';
import type { Log } from '../log/log.ts';

interface Listed {
  readonly room: Room;
  /** The newest entries that changed it here, so that an older one which comes late does not. */
  readonly titleSeq: number;
  readonly topicSeq: number;
}

export class RoomList {
  readonly #log: Pick<Log, 'rooms'>;
  readonly #byId = new Map<string, Listed>();
  readonly #idOfSlug = new Map<string, RoomId>();
  readonly #stopListening: () => void;
  /** Rooms that hints have changed since the last reading began: it may be older than they are. */
  #heardOf = new Set<RoomId>();

  constructor(parts: { readonly log: Pick<Log, 'rooms'>; readonly bus: Bus }) {
    this.#log = parts.log;
    this.#stopListening = parts.bus.subscribe((hint) => this.#hear(hint));
  }

  all(): readonly Room[] {
    return Array.from(this.#byId.values(), ({ room }) => room);
  }

  /** By slug or by id. */
  find(ref: string): Room | undefined {
    return this.#byId.get(this.#idOfSlug.get(ref) ?? ref)?.room;
  }

  /** Reads the list from the log. */
  async refresh(): Promise<void> {
    this.#heardOf = new Set();
    for (const room of await this.#log.rooms()) {
      if (this.#heardOf.has(room.roomId)) continue;
      const known = this.#byId.get(room.roomId);
      this.#byId.set(room.roomId, { titleSeq: 0, topicSeq: 0, ...known, room });
      this.#idOfSlug.set(room.slug, room.roomId);
    }
  }

  stop(): void {
    this.#stopListening();
  }

  #hear({ roomId, entries }: Hint): void {
    for (const entry of entries) {
      const listed = this.#byId.get(roomId);
      if (listed === undefined) return;
      if (entry.type === 'rename' && entry.seq > listed.titleSeq)
        this.#change(roomId, {
          ...listed,
          room: { ...listed.room, title: entry.title },
          titleSeq: entry.seq,
        });
      else if (entry.type === 'topic' && entry.seq > listed.topicSeq)
        this.#change(roomId, {
          ...listed,
          room: { ...listed.room, topic: entry.topic },
          topicSeq: entry.seq,
        });
    }
  }

  #change(roomId: RoomId, listed: Listed): void {
    this.#byId.set(roomId, listed);
    this.#heardOf.add(roomId);
  }
}
