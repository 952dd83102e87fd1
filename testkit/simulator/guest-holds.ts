// Which server has whom, as a store that several servers share keeps it: nobody is written off by one server while another that
// lives has them. A server that died is taken for alive a while longer, as by its last sign of life.
import type { AuthorId } from '@wireroom/protocol';
import type { GuestStore } from '@wireroom/server/parts';
import type { Life, SimulatedTime } from './time.ts';

/** After its death a server counts as alive for this long, in milliseconds. */
const BELIEVED_MS = 30_000;

export class GuestHolds {
  readonly #time: SimulatedTime;
  readonly #holders = new Map<AuthorId, Set<Life>>();
  readonly #deaths = new Map<Life, number>();

  constructor(time: SimulatedTime) {
    this.#time = time;
  }

  /** The store as one server has it. */
  of(life: Life, guests: GuestStore): GuestStore {
    return {
      create: async (guest) => {
        await guests.create(guest);
        this.#hold(guest.author.authorId, life);
      },
      take: async (tokenHash, name) => {
        const author = await guests.take(tokenHash, name);
        if (author !== undefined) this.#hold(author.authorId, life);
        return author;
      },
      letGo: async (authorId) => {
        this.#holders.get(authorId)?.delete(life);
        return !this.#isHeldByAnother(authorId, life);
      },
      release: async (authorId) => {
        this.#holders.get(authorId)?.delete(life);
        if (!this.#isHeldByAnother(authorId, life)) await guests.release(authorId);
      },
      find: (tokenHash) => guests.find(tokenHash),
      holders: async () => {
        const holders = await guests.holders();
        return holders.filter((authorId) => !this.#isHeldByAnother(authorId, life));
      },
    };
  }

  #hold(authorId: AuthorId, life: Life): void {
    const holders = this.#holders.get(authorId) ?? new Set();
    this.#holders.set(authorId, holders.add(life));
  }

  #isHeldByAnother(authorId: AuthorId, life: Life): boolean {
    return [...(this.#holders.get(authorId) ?? [])].some(
      (holder) => holder !== life && this.#isBelieved(holder),
    );
  }

  /** From the first look after its death on, its time runs out. */
  #isBelieved(life: Life): boolean {
    if (!life.isOver) return true;
    const diedAt = this.#deaths.get(life) ?? this.#time.now;
    this.#deaths.set(life, diedAt);
    return this.#time.now - diedAt < BELIEVED_MS;
  }
}
