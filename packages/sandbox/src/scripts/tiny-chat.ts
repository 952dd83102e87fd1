// As much of a chat as the faults of a chat need: a log that numbers what it gets, in memory. Not Wireroom's server, whose
// rules it borrows; it forgets everything when its scene is over.

export interface TinyEntry {
  readonly seq: number;
  readonly text: string;
  readonly author?: string;
  /** What the author's own clock said. */
  readonly sentAt?: string;
}

export interface TinyDraft extends Omit<TinyEntry, 'seq'> {
  readonly draftId?: string;
}

// #region log
export class TinyLog {
  readonly entries: TinyEntry[] = [];
  readonly #answers = new Map<string, TinyEntry>();

  /** The next number for what is new; for a draft that is known, the entry that it became. */
  append({ draftId, ...draft }: TinyDraft): { readonly entry: TinyEntry; readonly isRepeated: boolean } {
    const known = draftId === undefined ? undefined : this.#answers.get(draftId);
    if (known !== undefined) return { entry: known, isRepeated: true };
    const entry = { seq: this.entries.length + 1, ...draft };
    this.entries.push(entry);
    if (draftId !== undefined) this.#answers.set(draftId, entry);
    return { entry, isRepeated: false };
  }

  after(seq: number): readonly TinyEntry[] {
    return this.entries.slice(seq);
  }
}
// #endregion

export type TinyCommand = Readonly<Record<string, unknown>>;

/** The JSON object in a message; an empty one where there is none. */
export function commandOf(text: string): TinyCommand {
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
