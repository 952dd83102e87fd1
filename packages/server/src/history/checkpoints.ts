// Where downloads have been, with the state of their digest there: one that breaks goes on from the last such place before the
// break, without rendering all that lies before it. Bounded; what is forgotten is rendered again.
import type { Hash } from 'node:crypto';
import type { HistoryItem } from '@wireroom/history';
import { HISTORY_LIMITS } from './limits.ts';
import type { TallyState } from './tally.ts';

export interface Checkpoint {
  /** Of the file, up to here. */
  readonly bytes: number;
  /** All entries up to and including this seq are in it. */
  readonly seq: number;
  /** Copied, never updated. */
  readonly hash: Hash;
  readonly tally: TallyState;
  /** The record before: what a writer keeps of the past it has from there. */
  readonly last: HistoryItem;
}

export class Checkpoints {
  /** By what the file is, those used last at the end. */
  readonly #kept = new Map<string, Checkpoint[]>();
  #count = 0;

  /** `file` names everything that the file depends on. In order of bytes. */
  keep(file: string, checkpoint: Checkpoint): void {
    const list = this.#kept.get(file) ?? [];
    const previous = list.at(-1);
    // A second download of the same file passes the same places.
    if (previous !== undefined && checkpoint.bytes < previous.bytes + HISTORY_LIMITS.checkpointBytes) return;
    this.#kept.delete(file);
    this.#kept.set(file, list);
    list.push(checkpoint);
    this.#count += 1;
    if (list.length > HISTORY_LIMITS.checkpointsPerDownload) this.#thinOut(list);
    if (this.#count > HISTORY_LIMITS.checkpointsMax) this.#forgetOldest();
  }

  /** The last one that is not past the place: by bytes, or by seq. */
  before(file: string, has: { readonly bytes: number } | { readonly seq: number }): Checkpoint | undefined {
    return this.#kept
      .get(file)
      ?.findLast(({ bytes, seq }) => ('bytes' in has ? bytes <= has.bytes : seq <= has.seq));
  }

  /** Those long past are needed least: of the older half every other goes. */
  #thinOut(list: Checkpoint[]): void {
    const half = list.length / 2;
    const kept = list.filter((_, index) => index >= half || index % 2 === 0);
    this.#count -= list.length - kept.length;
    list.splice(0, list.length, ...kept);
  }

  #forgetOldest(): void {
    const [oldest] = this.#kept;
    if (oldest === undefined) return;
    this.#kept.delete(oldest[0]);
    this.#count -= oldest[1].length;
  }
}
