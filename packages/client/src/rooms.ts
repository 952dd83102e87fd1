// The rooms that this client wants to be in, connected or not, and those that it still has to tell the server it has left.
import { type Author, ChatError, type RoomId, slugSchema } from '@wireroom/protocol';
import { retryDelayMs } from './backoff.ts';
import type { TapRecorder } from './client-tap.ts';
import type { Clock, Random } from './clock.ts';
import { historyUrl } from './history.ts';
import { CLIENT_LIMITS } from './limits.ts';
import type { Outbox } from './outbox.ts';
import { isForNow } from './refusal.ts';
import type { Answered, Request } from './requests.ts';
import { Room } from './room.ts';
import type { RoomSnapshot } from './snapshot.ts';
import { keptIfSame } from './structural-sharing.ts';

export interface RoomsParts {
  readonly url: string;
  readonly httpUrl: string | undefined;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly random: Random;
  readonly tap?: TapRecorder | undefined;
  readonly request: (request: Request, answered: Answered) => void;
  /** The last room has been left, and not by us here: by the same author elsewhere. */
  readonly leftAll: () => void;
  readonly changed: () => void;
}

const noPause = (): void => {};

export class Rooms {
  readonly #parts: RoomsParts;
  readonly #rooms = new Map<string, Room>();
  /** What is to be told, and what ends the pause before it is tried again. */
  readonly #toLeave = new Map<string, () => void>();
  /** Who we are, while there is a connection. */
  #you: Author | undefined;
  #snapshots: Readonly<Record<string, RoomSnapshot>> = {};

  constructor(parts: RoomsParts) {
    this.#parts = parts;
  }

  get slugs(): readonly string[] {
    return [...this.#rooms.keys()];
  }

  get(slug: string): Room | undefined {
    return this.#rooms.get(slug);
  }

  withId(roomId: RoomId): Room | undefined {
    for (const room of this.#rooms.values()) if (room.roomId === roomId) return room;
    return undefined;
  }

  /** Wants to be in it from now on. A room that refused us is asked again. */
  add(slug: string): void {
    const known = this.#rooms.get(slug);
    if (known !== undefined) {
      if (known.snapshot.status === 'refused') known.join();
      return;
    }
    if (!slugSchema.safeParse(slug).success) throw new ChatError('no-room');
    if (this.#rooms.size >= CLIENT_LIMITS.roomsMax) {
      throw new ChatError('busy', {
        message: `At most ${CLIENT_LIMITS.roomsMax} rooms can be joined at once.`,
      });
    }
    const { url, httpUrl } = this.#parts;
    const room: Room = new Room({
      ...this.#parts,
      ...{ slug, historyUrl: historyUrl(slug, url, httpUrl) },
      left: () => this.#leftElsewhere(slug, room),
    });
    this.#rooms.set(slug, room);
    this.#forgetToLeave(slug);
    if (this.#you !== undefined) room.connected(this.#you);
    this.#parts.changed();
  }

  /** Out of it, at once as far as we are concerned; the server is told now or on the next connection. */
  leave(slug: string): void {
    const room = this.#rooms.get(slug);
    if (room === undefined) return;
    this.#rooms.delete(slug);
    room.disconnected();
    this.#parts.outbox.clear(slug);
    if (this.#toLeave.size < CLIENT_LIMITS.roomsMax) this.#toLeave.set(slug, noPause);
    if (this.#you !== undefined) this.#tellLeft(slug, 0);
    this.#parts.changed();
  }

  connected(you: Author): void {
    this.#you = you;
    for (const slug of this.#toLeave.keys()) this.#tellLeft(slug, 0);
    for (const room of this.#rooms.values()) room.connected(you);
  }

  disconnected(): void {
    this.#you = undefined;
    for (const [slug, cancelPause] of this.#toLeave) {
      cancelPause();
      this.#toLeave.set(slug, noPause);
    }
    for (const room of this.#rooms.values()) room.disconnected();
  }

  /** Forgets them all, without telling the server. */
  clear(): void {
    this.disconnected();
    this.#rooms.clear();
    this.#toLeave.clear();
    this.#parts.changed();
  }

  /** The same object as long as no room's snapshot changed. No prototype: `constructor` is a possible slug. */
  snapshot(): Readonly<Record<string, RoomSnapshot>> {
    const next: Record<string, RoomSnapshot> = Object.create(null);
    for (const [slug, room] of this.#rooms) next[slug] = room.snapshot;
    this.#snapshots = keptIfSame(this.#snapshots, next);
    return this.#snapshots;
  }

  /** The server knows, so it is not told. What was written here and not sent stays: nobody was asked about it. */
  #leftElsewhere(slug: string, room: Room): void {
    if (this.#rooms.get(slug) !== room) return;
    this.#rooms.delete(slug);
    room.disconnected();
    this.#parts.changed();
    if (this.#rooms.size === 0) this.#parts.leftAll();
  }

  #tellLeft(slug: string, attempt: number): void {
    const { clock, random } = this.#parts;
    this.#parts.request({ type: 'leave', room: slug }, (answer) => {
      if (answer.type !== 'refused' || !isForNow(answer)) {
        this.#forgetToLeave(slug);
        return;
      }
      // Joined again in the meantime: there is nothing left to tell.
      if (!this.#toLeave.has(slug)) return;
      this.#toLeave.get(slug)?.();
      const delayMs = retryDelayMs(answer.retryAfterMs, attempt, random);
      this.#toLeave.set(
        slug,
        clock.after(delayMs, () => this.#tellLeft(slug, attempt + 1)),
      );
    });
  }

  #forgetToLeave(slug: string): void {
    this.#toLeave.get(slug)?.();
    this.#toLeave.delete(slug);
  }
}
