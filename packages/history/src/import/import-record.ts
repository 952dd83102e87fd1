// What every reader of an export makes of it: records that know nothing of where they come from, in the order of their times.
// import-mapper.ts numbers them and makes entries of them.
import type { AuthorId, DraftId } from '@wireroom/protocol';

export type ImportSource = 'wireroom' | 'slack' | 'element';

/** Somebody as the export knows them. */
export interface SourceAuthor {
  /** The same for the same person in every export of the same source. */
  readonly key: string;
  readonly name: string;
  /** Of our own: the id that they have. */
  readonly authorId?: AuthorId;
}

/** What a message is named by within its export: our own by their number. */
export type MessageKey = string | number;

export type RecordContent =
  | { readonly type: 'message'; readonly key: MessageKey; readonly text: string; readonly deleted?: true }
  | { readonly type: 'edit'; readonly target: MessageKey; readonly text: string; readonly deleted?: true }
  | { readonly type: 'delete'; readonly target: MessageKey }
  | { readonly type: 'react' | 'unreact'; readonly target: MessageKey; readonly emoji: string }
  | { readonly type: 'rename'; readonly title: string }
  | { readonly type: 'topic'; readonly topic: string }
  | { readonly type: 'join' | 'leave' };

export interface ImportRecord {
  /** Where it stands, for people: a line, a file and its how-many-eth message. */
  readonly place: string;
  readonly author: SourceAuthor;
  /** Milliseconds since 1970; `undefined`: the export has no date that can be read. */
  readonly atMs: number | undefined;
  readonly content: RecordContent;
  /** Of our own: the number and the draft that it was. */
  readonly seq?: number;
  readonly draftId?: DraftId;
}

/** Something that cannot be a record. With a number, where that is known: in a log its place is not left empty. */
export interface LostRecord {
  readonly place: string;
  readonly reason: string;
  readonly seq?: number;
  readonly atMs?: number;
}

export type ReadRecord = ImportRecord | { readonly lost: LostRecord };

/** What an export says of the room as a whole. */
export interface ImportHead {
  readonly source: ImportSource;
  /** How the room is called, where nobody says otherwise. */
  readonly title: string;
  readonly topic: string;
  /** The numbers of the records are those of the room: the file is the whole of one of ours. */
  readonly keepsNumbers: boolean;
}

/** The export is none, or not whole, or more than is taken: nothing is imported. A sentence for whoever asked for it. */
export class ImportError extends Error {
  override readonly name = 'ImportError';
  readonly isOperating = true;
}
