// The tables, as types for Kysely's builder. The truth is in migrations.ts; this file says what it amounts to.
import type { AuthorId, DraftId, Entry, Epoch, RoomId } from '@wireroom/protocol';
import type { Generated } from 'kysely';

export interface Schema {
  readonly rooms: RoomsTable;
  readonly entries: EntriesTable;
  readonly members: MembersTable;
  readonly authors: AuthorsTable;
}

interface RoomsTable {
  /** Short and internal: what the other tables point with. */
  readonly id: Generated<number>;
  readonly room_id: RoomId;
  readonly slug: string;
  readonly title: string;
  readonly epoch: Epoch;
  /** The seq of the newest entry; 0 in an empty room. */
  readonly head: Generated<number>;
  /** When the newest entry was stored, in milliseconds since 1970; time does not run backwards within a room. */
  readonly head_at: Generated<number>;
  readonly created_at: number;
}

interface EntriesTable {
  readonly room: number;
  readonly seq: number;
  readonly at: number;
  readonly type: Entry['type'];
  readonly author_id: AuthorId;
  readonly name: string;
  /** Only of messages. Unique per room and author, for ever (rule L3). */
  readonly draft_id: DraftId | null;
  /** What only this type of entry has, as JSON, which keeps every string exactly. */
  readonly payload: string;
}

interface MembersTable {
  readonly room: number;
  readonly author_id: AuthorId;
  readonly name: string;
  readonly joined_seq: number;
}

interface AuthorsTable {
  readonly author_id: AuthorId;
  readonly name: string;
  readonly name_key: string;
  readonly token_hash: string;
  /** 1 while nobody else may take a name with this key. */
  readonly holds_name: 0 | 1;
  readonly created_at: number;
  readonly seen_at: number;
}
