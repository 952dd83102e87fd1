// Everything that was written in a run, and what has become of it: what was acknowledged must be in the log, what was kept must get
// there or fail visibly.

import type { Posted } from '@wireroom/client';
import type { RoomId } from '@wireroom/protocol';
import type { Person } from './person.ts';
import type { Truth } from './truth.ts';

interface Written {
  readonly text: string;
  readonly person: Person;
  readonly slug: string;
}

interface Acknowledged {
  readonly roomId: RoomId;
  readonly draftId: string;
  readonly seq: number;
  readonly epoch: string;
}

export class Drafts {
  readonly #truth: Truth;
  readonly #written: Written[] = [];
  readonly #acknowledged: Acknowledged[] = [];
  /** Drafts whose promise was kept. */
  readonly #kept: Pick<Acknowledged, 'draftId' | 'seq'>[] = [];
  readonly #cancelled = new Set<string>();
  /** Written before the last restoration: a backup cannot have what came after it. */
  #restoredAt = 0;

  constructor(truth: Truth) {
    this.#truth = truth;
  }

  get count(): number {
    return this.#written.length;
  }

  written(person: Person, slug: string, text: string): void {
    this.#written.push({ text, person, slug });
  }

  acknowledged({ roomId, draftId, seq }: Omit<Acknowledged, 'epoch'>, epoch: string): void {
    this.#acknowledged.push({ roomId, draftId, seq, epoch });
  }

  /** The SDK's promise: kept, it is an acknowledgement too. */
  async track(promise: Promise<Posted>): Promise<void> {
    const { draftId, seq } = await promise;
    this.#kept.push({ draftId, seq });
  }

  /** Somebody does not want it any more: it may be in the log or not. */
  cancelled(text: string): void {
    this.#cancelled.add(text);
  }

  /** A database was restored from a backup: what was written since is lost, as everybody was told by the new epoch. */
  restored(): void {
    this.#restoredAt = this.#written.length;
  }

  /** The first promise about drafts that is not kept in the end. */
  objection(): string | undefined {
    for (const { roomId, draftId, seq, epoch } of this.#acknowledged) {
      const room = this.#truth.room(roomId);
      if (room === undefined || room.epoch !== epoch) continue;
      const entry = room.at(seq);
      if (entry === undefined)
        return `draft ${draftId} was acknowledged as ${seq}, and the log does not have it`;
    }
    const said = new Set(this.#acknowledged.map(({ draftId, seq }) => `${draftId} ${seq}`));
    for (const { draftId, seq } of this.#kept)
      if (!said.has(`${draftId} ${seq}`) && !this.#truth.hasDraft(draftId, seq))
        return `the promise of ${draftId} was kept with ${seq}, which no server has said and no log has`;
    const texts = new Set(this.#truth.rooms().flatMap((room) => [...room.texts.keys()]));
    for (const { text, person, slug } of this.#written.slice(this.#restoredAt)) {
      if (texts.has(text) || this.#cancelled.has(text)) continue;
      const pending = person.shown
        .find((room) => room.slug === slug)
        ?.pending.find((one) => one.text === text);
      if (pending === undefined)
        return `"${text}" of ${person.name} is neither in the log nor waiting: it is lost`;
    }
    return undefined;
  }
}
