// The rooms that this client wants to be in, connected or not, and those that it still has to tell the server it has left.
import { type Author, ChatError, type RoomId, slugSchema } from '@wireroom/protocol';
import { Asking } from './asking.ts';
import type { Tap } from './client-tap.ts';
import type { Clock, Random } from './clock.ts';
import { Couriers } from './couriers.ts';
import { JoinedRoom } from './joined-room.ts';
import * as CLIENT_LIMITS from './limits.ts';
import type { Notifier } from './notifier.ts';
import type { Outbox } from './outbox.ts';
import type { Postings } from './postings.ts';
import { isForNow } from './refusal.ts';
import type { Answered, Request } from './requests.ts';
import { type Room, roomHandle } from './room.ts';
import type { RoomSnapshot } from './snapshot.ts';
import { keptIfSame } from './structural-sharing.ts';

export interface RoomsParts {
  readonly outbox: Outbox;
  readonly postings: Postings;
  readonly notifier: Notifier;
  readonly clock: Clock;
  readonly random: Random;
  readonly tap?: Tap | undefined;
  readonly request: (request: Request, answered: Answered) => void;
  /** Is this the end of the visit? Then nothing is written any more. */
  readonly isLeaving: () => boolean;
  /** The last room has been left, and not by us here: by the same author elsewhere. */
  readonly leftAll: () => void;
  readonly changed: () => void;
}

interface Held {
  readonly room: JoinedRoom;
  readonly handle: Room;
}

type Resuming = Map<string, NonNullable<ReturnType<JoinedRoom['resume']>>>;

export class Rooms {
  readonly #parts: RoomsParts;
  readonly #rooms = new Map<string, Held>();
  /** What the server is to be told, still. */
  readonly #toLeave = new Map<string, Asking>();
  /** Who we are, while there is a connection. */
  #you: Author | undefined;
  readonly #couriers: Couriers;
  #snapshots: Readonly<Record<string, RoomSnapshot>> = {};

  constructor(parts: RoomsParts) {
    this.#parts = parts;
    this.#couriers = new Couriers({ ...parts, maySend: () => this.#you !== undefined });
  }

  get slugs(): readonly string[] {
    return [...this.#rooms.keys()];
  }

  get(slug: string): JoinedRoom | undefined {
    return this.#rooms.get(slug)?.room;
  }

  withId(roomId: RoomId): JoinedRoom | undefined {
    for (const { room } of this.#rooms.values()) if (room.roomId === roomId) return room;
    return undefined;
  }

  /** May one more be joined? */
  get hasSpace(): boolean {
    return this.#rooms.size < CLIENT_LIMITS.roomsMax;
  }

  /** Wants to be in it from now on. A room that refused us is asked again. */
  add(slug: string): Room {
    const known = this.#rooms.get(slug);
    if (known !== undefined) {
      if (known.room.snapshot.status === 'refused') known.room.join();
      return known.handle;
    }
    if (!slugSchema.safeParse(slug).success) throw new ChatError('no-room');
    if (!this.hasSpace) {
      throw new ChatError('busy', {
        message: 'Too many rooms are joined already.',
      });
    }
    const room: JoinedRoom = new JoinedRoom({
      ...this.#parts,
      slug,
      left: () => this.#leftElsewhere(slug, room),
    });
    const handle = this.#handleOf(slug, room);
    this.#rooms.set(slug, { room, handle });
    this.#told(slug);
    if (this.#you !== undefined) {
      room.connected(this.#you);
      room.join();
    }
    this.#parts.changed();
    return handle;
  }

  /** `canResume`: does the server take all cursors in one command? */
  connected(you: Author, canResume: boolean): void {
    this.#you = you;
    for (const [slug, asking] of this.#toLeave) this.#tellLeft(slug, asking);
    const resuming: Resuming = new Map();
    for (const [slug, { room }] of this.#rooms) {
      room.connected(you);
      const asked = canResume ? room.resume() : undefined;
      if (asked === undefined) room.join();
      else resuming.set(slug, asked);
    }
    if (resuming.size > 0) this.#resume(resuming);
  }

  outboxChanged(): void {
    for (const { room } of this.#rooms.values()) room.outboxChanged();
    this.#couriers.flush(this.#parts.outbox.slugs.filter((slug) => !this.#rooms.has(slug)));
  }

  disconnected(phase: 'away' | 'left' = 'away'): void {
    this.#you = undefined;
    this.#couriers.interrupt();
    for (const asking of this.#toLeave.values()) asking.interrupt();
    for (const { room } of this.#rooms.values()) room.disconnected(phase);
  }

  /** Forgets them all, without telling the server. */
  clear(): void {
    this.disconnected('left');
    this.#rooms.clear();
    this.#toLeave.clear();
    this.#parts.changed();
  }

  /** The same object as long as no room's snapshot changed. No prototype: `constructor` is a possible slug. */
  snapshot(): Readonly<Record<string, RoomSnapshot>> {
    const next: Record<string, RoomSnapshot> = Object.create(null);
    for (const [slug, { room }] of this.#rooms) next[slug] = room.snapshot;
    this.#snapshots = keptIfSame(this.#snapshots, next);
    return this.#snapshots;
  }

  /** Out of it, at once as far as we are concerned; the server is told now or on the next connection. */
  #leave(slug: string, room: JoinedRoom): void {
    if (this.get(slug) !== room) return;
    this.#rooms.delete(slug);
    room.disconnected('left');
    this.#parts.outbox.clear(slug);
    const asking = new Asking(this.#parts);
    if (this.#toLeave.size < CLIENT_LIMITS.roomsMax) this.#toLeave.set(slug, asking);
    if (this.#you !== undefined) this.#tellLeft(slug, asking);
  }

  /** The server knows, so it is not told. What was written here and not sent stays: nobody was asked about it. */
  #leftElsewhere(slug: string, room: JoinedRoom): void {
    if (this.get(slug) !== room) return;
    this.#rooms.delete(slug);
    room.disconnected('left');
    if (this.#rooms.size === 0) this.#parts.leftAll();
  }

  /** All cursors in one command (rule F1). Whatever room is not answered is asked for by itself. */
  #resume(resuming: Resuming): void {
    const cursors = [...resuming.values()].map(({ cursor }) => cursor);
    this.#parts.request({ type: 'resume', cursors }, (answer) => {
      const parts = answer.type === 'resumed' ? answer.rooms : [];
      for (const part of parts) {
        const asked = resuming.get(part.room);
        resuming.delete(part.room);
        asked?.answered(part);
      }
      if (answer.type === 'resumed' && !answer.isLast) return;
      for (const { answered } of resuming.values()) answered(undefined);
      resuming.clear();
    });
  }

  #handleOf(slug: string, room: JoinedRoom): Room {
    const { outbox, postings, notifier, tap, isLeaving } = this.#parts;
    return roomHandle({
      ...{ slug, room, outbox, postings, notifier },
      isHeld: () => this.get(slug) === room && !isLeaving(),
      composed: (draftId) => {
        const { roomId } = room;
        tap?.((to) => to.composed(draftId, roomId));
      },
      leave: () => this.#leave(slug, room),
    });
  }

  #tellLeft(slug: string, asking: Asking): void {
    asking.ask({ type: 'leave', room: slug }, (answer) => {
      if (answer.type === 'refused' && isForNow(answer))
        asking.later(() => this.#tellLeft(slug, asking), answer.retryAfterMs);
      else this.#told(slug);
    });
  }

  /** Or joined again in the meantime: there is nothing left to tell. */
  #told(slug: string): void {
    this.#toLeave.get(slug)?.interrupt();
    this.#toLeave.delete(slug);
  }
}
