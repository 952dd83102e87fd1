// What an import has come to: counts, and what could not be carried over, with its place and the reason. The list is bounded, the
// counts are not: whoever reads them knows what is missing.
import { IMPORT_LIMITS } from './limits.ts';

export interface ImportProblem {
  readonly place: string;
  readonly reason: string;
}

export interface ImportCounts {
  readonly entries: number;
  readonly messages: number;
  readonly authors: number;
  /** Records that are not there as what they were. */
  readonly skipped: number;
  /** Records that are there, but not exactly as they were. */
  readonly changed: number;
}

export class ImportReport {
  entries = 0;
  messages = 0;
  skipped = 0;
  changed = 0;
  readonly authors = new Set<string>();
  /** At most `problemsListedMax`, in the order of the export. */
  readonly problems: ImportProblem[] = [];
  /** How often each kind of reason came; of at most as many kinds as the list may have. */
  readonly reasons = new Map<string, number>();

  skip(place: string, reason: string): void {
    this.skipped += 1;
    this.#note(place, reason);
  }

  change(place: string, reason: string): void {
    this.changed += 1;
    this.#note(place, reason);
  }

  get counts(): ImportCounts {
    const { entries, messages, skipped, changed } = this;
    return { entries, messages, authors: this.authors.size, skipped, changed };
  }

  #note(place: string, reason: string): void {
    if (this.problems.length < IMPORT_LIMITS.problemsListedMax) this.problems.push({ place, reason });
    const known = this.reasons.get(reason);
    if (known !== undefined || this.reasons.size < IMPORT_LIMITS.problemsListedMax)
      this.reasons.set(reason, (known ?? 0) + 1);
  }
}
