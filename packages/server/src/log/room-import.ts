// A room's history from elsewhere, written into a new room: the port. All or nothing: until `finish` nobody sees anything of it,
// and if the process dies there is nothing. Each adapter of the log has one; where entries come from is no business of theirs.
import { ChatError, type Room } from '@wireroom/protocol';
import type { NewEntry } from './entry-row.ts';

/** An entry with what it had where it comes from: its number, and its time in milliseconds since 1970. */
export type ImportedEntry = NewEntry & { readonly seq: number; readonly atMs: number };

/** The room to be made. Its title and topic are those before the first entry: renames among the entries change them. */
export interface ImportedRoom {
  readonly slug: string;
  readonly title: string;
  readonly topic: string;
}

export interface RoomImport {
  /**
   * Writes the next entries, 1, 2, 3 …, with what they change, by the code that posts go through; but nobody becomes a
   * member, and nobody is asked whether they are one. Rejects with an ImportRefused where an entry cannot be after those
   * before it; then there is nothing left to do but `abandon`.
   */
  write(entries: readonly ImportedEntry[]): Promise<void>;
  /** Resolves after the commit is on disk: the room is there, and nobody is in it. */
  finish(): Promise<Room>;
  /** Nothing of it was ever there. */
  abandon(): Promise<void>;
}

export interface ImportLog {
  /** Rejects with an ImportRefused where the slug is a room's already, or another import's. One import at a time. */
  beginImport(room: ImportedRoom): Promise<RoomImport>;
}

/** A sentence for whoever asked for the import. */
export class ImportRefused extends Error {
  override readonly name = 'ImportRefused';
  readonly isOperating = true;
}

export const slugTaken = (slug: string): ImportRefused =>
  new ImportRefused(
    `There is a room "${slug}" already. An import makes a new room: name another with --room.`,
  );

/** What the log's own rules say against an entry, told with its number. */
export function refusalOf(error: unknown, { seq, type }: ImportedEntry): unknown {
  if (!(error instanceof ChatError)) return error;
  return new ImportRefused(`Entry ${seq} (${type}) cannot be in the log: ${error.message}`, { cause: error });
}

/** The next number, or a refusal. */
export function assertNext(seq: number, head: number): void {
  if (seq !== head + 1)
    throw new ImportRefused(`Entry ${seq} comes after entry ${head}: a log's numbers have no gap.`);
}
