// What had become of a room's messages when an entry was its newest: the states that a download shows, whatever is edited or
// reacted to while it runs. A deleted text is gone, so a message that was deleted since is shown as deleted.
import type { Author, AuthorId, MessageEntry, MessageState } from '@wireroom/protocol';
import { LIMITS } from '@wireroom/protocol/plain';
import { integerOf, textOf } from '../db/row.ts';
import type { Row } from '../db/sqlite.ts';
import { ENTRY_COLUMNS, entryFromRow } from './entry-row.ts';
import type { HistorySession } from './history-session.ts';
import type { SourceRoom } from './history-source.ts';

type Edited = Pick<MessageState, 'text' | 'editedAt' | 'editSeq'>;

/** Emoji in their order, with those who give them in theirs. */
type Given = Map<string, Map<AuthorId, string>>;

export type StateOf = (message: MessageEntry) => MessageState | undefined;

/** Messages whose reactions are looked for in one statement. */
const REPLAYED_MAX = 50;

/** Of the messages from `low` to `high`, as of `until`. */
export async function statesAsOf(
  session: HistorySession,
  room: SourceRoom,
  span: { readonly low: number; readonly high: number; readonly until: number },
): Promise<StateOf> {
  const edits = await editsOf(session, room, span);
  const reactions = await reactionsOf(session, room, span);
  return (message) => {
    const { seq } = message;
    if (message.deleted === true) return { seq, deleted: true, reactions: [] };
    const edit = edits.get(seq);
    if (edit instanceof Error) throw edit;
    const given = reactions.get(seq);
    if (edit === undefined && (given === undefined || given.size === 0)) return undefined;
    return { seq, ...edit, reactions: [...(given ?? [])].map(reactionOf) };
  };
}

type Span = Parameters<typeof statesAsOf>[2];

async function editsOf(
  session: HistorySession,
  room: SourceRoom,
  { low, high, until }: Span,
): Promise<Map<number, Edited | Error>> {
  const rows = await session.query(
    `SELECT x.target, ${ENTRY_COLUMNS.split(', ').map((column) => `e.${column}`)}
     FROM (SELECT target, max(seq) AS newest FROM edits
           WHERE room = ? AND target BETWEEN ? AND ? AND seq <= ? GROUP BY target) AS x
     JOIN entries e ON e.room = ? AND e.seq = x.newest`,
    ...[room.key, low, high, until, room.key],
  );
  return new Map(rows.map((row) => [integerOf(row, 'target'), editedOf(room, row)]));
}

/** An edit that cannot be read makes its message one that cannot. */
function editedOf(room: SourceRoom, row: Row): Edited | Error {
  try {
    const edit = entryFromRow(room, row);
    if (edit.type !== 'edit') return new TypeError('An edit of it was stored as something else');
    return { text: edit.text, editedAt: edit.at, editSeq: edit.seq };
  } catch (cause) {
    return new TypeError('An edit of it cannot be read', { cause });
  }
}

async function reactionsOf(
  session: HistorySession,
  room: SourceRoom,
  { low, high, until }: Span,
): Promise<Map<number, Given>> {
  const reactions = new Map<number, Given>();
  const rows = await session.query(
    `SELECT a.target, a.emoji, a.author_id, a.name
     FROM reaction_authors a JOIN reactions r ON r.room = a.room AND r.target = a.target AND r.emoji = a.emoji
     WHERE a.room = ? AND a.target BETWEEN ? AND ? AND a.seq <= ? ORDER BY a.target, r.first_seq, a.seq`,
    ...[room.key, low, high, until],
  );
  for (const row of rows) give(givenOf(reactions, integerOf(row, 'target')), row);
  // A reaction that was taken back since leaves no row: those messages are told by the entries themselves.
  const takenBack = await session.query(
    `SELECT payload FROM entries WHERE room = ? AND seq > ? AND type = 'unreact'`,
    ...[room.key, until],
  );
  const targets = new Set(takenBack.map(targetIn).filter((seq) => seq >= low && seq <= high));
  for (const target of targets) reactions.set(target, new Map());
  const list = [...targets];
  for (let first = 0; first < list.length; first += REPLAYED_MAX)
    await replay(session, room, { reactions, until, targets: list.slice(first, first + REPLAYED_MAX) });
  return reactions;
}

async function replay(
  session: HistorySession,
  room: SourceRoom,
  given: {
    readonly reactions: Map<number, Given>;
    readonly until: number;
    readonly targets: readonly number[];
  },
): Promise<void> {
  const { reactions, until, targets } = given;
  const rows = await session.query(
    `SELECT type, author_id, name, payload FROM entries
     WHERE room = ? AND seq > ? AND seq <= ? AND type IN ('react', 'unreact')
       AND (${targets.map(() => 'payload LIKE ?').join(' OR ')}) ORDER BY seq`,
    ...[room.key, Math.min(...targets), until],
    ...targets.map((target) => `{"target":${target},%`),
  );
  for (const row of rows) {
    const emoji = emojiIn(row);
    const ofMessage = givenOf(reactions, targetIn(row));
    const givers = ofMessage.get(emoji);
    givers?.delete(textOf(row, 'author_id') as AuthorId);
    if (textOf(row, 'type') === 'react') give(ofMessage, { ...row, emoji });
    else if (givers?.size === 0) ofMessage.delete(emoji);
  }
}

function givenOf(reactions: Map<number, Given>, target: number): Given {
  const given: Given = reactions.get(target) ?? new Map();
  reactions.set(target, given);
  return given;
}

function give(given: Given, row: Row): void {
  const emoji = textOf(row, 'emoji');
  const givers = given.get(emoji) ?? new Map<AuthorId, string>();
  // The table is ours: what is in this column was an AuthorId.
  givers.set(textOf(row, 'author_id') as AuthorId, textOf(row, 'name'));
  given.set(emoji, givers);
}

function reactionOf([emoji, givers]: [string, Map<AuthorId, string>]): MessageState['reactions'][number] {
  const authors = [...givers]
    .slice(0, LIMITS.reactionAuthorsMax)
    .map(([authorId, name]): Author => ({ authorId, name }));
  return { emoji, count: givers.size, isMine: false, authors };
}

/** 0 where the payload does not say. */
const targetIn = (row: Row): number => Number(fieldIn(row, 'target') ?? 0);

const emojiIn = (row: Row): string => String(fieldIn(row, 'emoji') ?? '');

function fieldIn(row: Row, field: string): unknown {
  try {
    const payload: unknown = JSON.parse(textOf(row, 'payload'));
    return typeof payload === 'object' && payload !== null ? { ...payload }[field as never] : undefined;
  } catch {
    return undefined;
  }
}
