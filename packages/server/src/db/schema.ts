// The tables, as types for Kysely's builder. The truth is in migrations.ts; this file says what it amounts to.
import type { AuthorId, DraftId, Entry, Epoch, RoomId } from '@wireroom/protocol';
import type { Generated } from 'kysely';

export interface Schema {
  readonly rooms: RoomsTable;
  readonly entries: EntriesTable;
  readonly members: MembersTable;
  readonly authors: AuthorsTable;
  readonly edits: EditsTable;
  readonly deletions: DeletionsTable;
  readonly reactions: ReactionsTable;
  readonly reaction_authors: ReactionAuthorsTable;
  readonly recoveries: RecoveriesTable;
}

interface RoomsTable {
  /** Short and internal: what the other tables point with. */
  readonly id: Generated<number>;
  readonly room_id: RoomId;
  readonly slug: string;
  readonly title: string;
  readonly topic: Generated<string>;
  readonly epoch: Epoch;
  /** The seq of the newest entry; 0 in an empty room. */
  readonly head: Generated<number>;
  /** When the newest entry was stored, in milliseconds since 1970; time does not run backwards within a room. */
  readonly head_at: Generated<number>;
  readonly created_at: number;
  /** The seq of the newest entry that an import brought; 0: none did. Who joined up to there is no member by it. */
  readonly imported_head: Generated<number>;
}

interface EntriesTable {
  readonly room: number;
  readonly seq: number;
  readonly at: number;
  readonly type: Entry['type'];
  readonly author_id: AuthorId;
  readonly name: string;
  /** Of what was a draft. Unique per room and author, for ever (rule L3). */
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

/** Edits of messages that are not deleted. The newest is what the message says now; its text is in `entries`. */
interface EditsTable extends OfMessage {
  readonly seq: number;
}

interface DeletionsTable extends OfMessage {
  readonly seq: number;
}

/** Emoji on messages that are not deleted, as long as somebody gives them. */
interface ReactionsTable extends OfMessage {
  readonly emoji: string;
  /** By which entry it came to the message: gives the order of the emoji. */
  readonly first_seq: number;
  readonly count: number;
}

/** Who gives them, under the name borne then. */
interface ReactionAuthorsTable extends OfMessage {
  readonly emoji: string;
  readonly author_id: AuthorId;
  readonly name: string;
  readonly seq: number;
}

interface OfMessage {
  readonly room: number;
  /** The seq of the message. */
  readonly target: number;
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

/** Socket.IO sessions that may come back: hashes of their secret and of the token that they were opened by. */
interface RecoveriesTable {
  readonly pid_hash: string;
  readonly token_hash: string;
  readonly seen_at: number;
}
