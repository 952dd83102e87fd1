// Reads a room for a download, by key, a page at a time, in the thread that makes downloads. A record that cannot be read
// becomes an item that says so, and the numbers that no entry bears are told: a damaged log is downloaded as far as it goes.
import { isUtf8 } from 'node:buffer';
import type { HistoryItem } from '@wireroom/history';
import type { Entry, Epoch, Room, RoomId } from '@wireroom/protocol';
import { ChatError } from '@wireroom/protocol/plain';
import { integerOf, textOf } from '../db/row.ts';
import type { Row, SqlValue } from '../db/sqlite.ts';
import { ENTRY_COLUMNS, entryFromRow } from './entry-row.ts';
import type { HistoryDatabase, HistorySession } from './history-session.ts';
import {
  type HistorySource,
  type SourcePage,
  type SourceRange,
  type SourceRoom,
  seqOf,
} from './history-source.ts';
import { type StateOf, statesAsOf } from './history-states.ts';

/** Numbers that one page looks at, at most: a page for one author of many does not read the whole room. */
const SPAN_MAX = 20_000;
/** Records that are read one by one after a page could not be read. */
const ONE_BY_ONE_MAX = 200;

const NOT_SHOWN = " AND type NOT IN ('edit', 'delete', 'react', 'unreact')";

export class HistoryReader implements HistorySource {
  readonly #database: HistoryDatabase;

  constructor(database: HistoryDatabase) {
    this.#database = database;
  }

  async room(roomId: RoomId): Promise<SourceRoom> {
    const [row] = await this.#ask('SELECT id, epoch, head FROM rooms WHERE room_id = ?', roomId);
    if (row === undefined) throw new ChatError('no-room');
    const epoch = textOf(row, 'epoch') as Epoch;
    return { key: integerOf(row, 'id'), roomId, epoch, head: integerOf(row, 'head') };
  }

  about(room: SourceRoom, until: number): Promise<Room> {
    return this.#database.snapshot(async (session) => {
      const [row] = await session.query('SELECT slug, title, topic FROM rooms WHERE id = ?', room.key);
      if (row === undefined) throw new ChatError('no-room');
      return {
        roomId: room.roomId,
        slug: textOf(row, 'slug'),
        title: await asOf(session, room, {
          until,
          type: 'rename',
          field: 'title',
          now: textOf(row, 'title'),
        }),
        topic: await asOf(session, room, { until, type: 'topic', field: 'topic', now: textOf(row, 'topic') }),
      };
    });
  }

  async seqAt(room: SourceRoom, atMs: number): Promise<number> {
    // Time does not run backwards within a room: the first that is not before it is found by halving.
    let [low, high] = [1, room.head + 1];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const [row] = await this.#ask(
        'SELECT seq, at FROM entries WHERE room = ? AND seq >= ? AND seq < ? ORDER BY seq LIMIT 1',
        ...[room.key, middle, high],
      );
      if (row === undefined || integerOf(row, 'at') >= atMs) high = middle;
      else low = integerOf(row, 'seq') + 1;
    }
    return low;
  }

  async count(room: SourceRoom, range: SourceRange): Promise<number> {
    const { condition, values } = conditionOf(range);
    const [row] = await this.#ask(
      `SELECT count(*) AS n FROM entries WHERE room = ? AND seq > ? AND seq <= ?${condition}`,
      ...[room.key, range.after, range.until, ...values],
    );
    return row === undefined ? 0 : integerOf(row, 'n');
  }

  async partBefore(room: SourceRoom, range: SourceRange, entries: number): Promise<number> {
    const { condition, values } = conditionOf(range);
    const [row] = await this.#ask(
      `SELECT seq FROM entries WHERE room = ? AND seq > ? AND seq <= ?${condition}
       ORDER BY seq DESC LIMIT 1 OFFSET ?`,
      ...[room.key, range.after, range.until, ...values, entries],
    );
    return row === undefined ? range.after : integerOf(row, 'seq');
  }

  async page(room: SourceRoom, range: SourceRange, limit: number): Promise<SourcePage> {
    try {
      return await this.#database.snapshot((session) => this.#page(session, room, { range, limit }));
    } catch (error) {
      if (!this.#database.isDamage(error)) throw error;
      return this.#oneByOne(room, range);
    }
  }

  close(): Promise<void> {
    return this.#database.close();
  }

  #ask(sql: string, ...values: readonly SqlValue[]): Promise<readonly Row[]> {
    return this.#database.snapshot((session) => session.query(sql, ...values));
  }

  async #page(
    session: HistorySession,
    room: SourceRoom,
    { range, limit }: { readonly range: SourceRange; readonly limit: number },
  ): Promise<SourcePage> {
    const { condition, values } = conditionOf(range);
    const end = Math.min(range.until, range.after + SPAN_MAX);
    const rows = await session.query(
      `SELECT ${ENTRY_COLUMNS} FROM entries WHERE room = ? AND seq > ? AND seq <= ?${condition} ORDER BY seq LIMIT ?`,
      ...[room.key, range.after, end, ...values, limit],
    );
    const last = rows.at(-1);
    const through = last !== undefined && rows.length === limit ? integerOf(last, 'seq') : end;
    const span = { after: range.after, through };
    const missing = rows.length === through - range.after ? [] : await this.#missing(session, room, span);
    const stateOf = await this.#statesOf(session, room, { range, rows });
    const items: HistoryItem[] = [];
    let chars = 0;
    for (const row of rows) {
      items.push(await this.#item(session, room, { row, stateOf }));
      chars += ROW_CHARS + (typeof row.payload === 'string' ? row.payload.length : 0);
    }
    return { items, through, missing, chars };
  }

  async #statesOf(
    session: HistorySession,
    room: SourceRoom,
    { range, rows }: { readonly range: SourceRange; readonly rows: readonly Row[] },
  ): Promise<StateOf | undefined> {
    const messages = rows.filter((row) => row.type === 'message');
    const [first, last] = [messages[0], messages.at(-1)];
    if (range.what !== 'messages' || first === undefined || last === undefined) return undefined;
    const span = { low: integerOf(first, 'seq'), high: integerOf(last, 'seq'), until: range.until };
    return statesAsOf(session, room, span);
  }

  async #item(
    session: HistorySession,
    room: SourceRoom,
    { row, stateOf }: { readonly row: Row; readonly stateOf: StateOf | undefined },
  ): Promise<HistoryItem> {
    const seq = integerOf(row, 'seq');
    let entry: Entry;
    let state: ReturnType<StateOf>;
    try {
      entry = entryFromRow(room, row);
      state = entry.type === 'message' ? stateOf?.(entry) : undefined;
    } catch (error) {
      // What a row of ours cannot be made into is not what this program wrote.
      if (!(error instanceof TypeError || error instanceof SyntaxError || error instanceof RangeError))
        throw error;
      return { kind: 'broken', seq, reason: reasonOf(error) };
    }
    // Where bytes are no UTF-8, drivers put this character: then it is looked at, since people may write it, too.
    const isDoubtful = `${row.name}${row.payload}`.includes('\uFFFD');
    if (isDoubtful && !(await this.#isUtf8(session, room, seq)))
      return { kind: 'broken', seq, reason: 'Its bytes are no UTF-8.' };
    return state === undefined ? { kind: 'entry', entry } : { kind: 'entry', entry, state };
  }

  async #isUtf8(session: HistorySession, room: SourceRoom, seq: number): Promise<boolean> {
    const { bytesOf } = this.#database;
    if (bytesOf === undefined) return true;
    const [row] = await session.query(
      `SELECT ${bytesOf('name')} AS name, ${bytesOf('payload')} AS payload FROM entries WHERE room = ? AND seq = ?`,
      ...[room.key, seq],
    );
    return [row?.name, row?.payload].every((bytes) => !(bytes instanceof Uint8Array) || isUtf8(bytes));
  }

  async #missing(
    session: HistorySession,
    room: SourceRoom,
    { after, through }: { readonly after: number; readonly through: number },
  ): Promise<[number, number][]> {
    const range = [room.key, after, through];
    const [counted] = await session.query(
      'SELECT count(*) AS n FROM entries WHERE room = ? AND seq > ? AND seq <= ?',
      ...range,
    );
    if (counted !== undefined && integerOf(counted, 'n') === through - after) return [];
    const rows = await session.query(
      'SELECT seq FROM entries WHERE room = ? AND seq > ? AND seq <= ? ORDER BY seq',
      ...range,
    );
    const missing: [number, number][] = [];
    let expected = after + 1;
    for (const seq of [...rows.map((row) => integerOf(row, 'seq')), through + 1]) {
      if (seq > expected) missing.push([expected, seq - 1]);
      expected = seq + 1;
    }
    return missing;
  }

  /** After damage: what can be read of the next few is read. */
  async #oneByOne(room: SourceRoom, range: SourceRange): Promise<SourcePage> {
    const through = Math.min(range.until, range.after + ONE_BY_ONE_MAX);
    const items: HistoryItem[] = [];
    const missing: [number, number][] = [];
    let chars = 0;
    for (let seq = range.after + 1; seq <= through; seq++) {
      const only = { ...range, after: seq - 1 };
      try {
        const page = await this.#database.snapshot((session) =>
          this.#page(session, room, { range: { ...only, until: range.until }, limit: 1 }),
        );
        const [item] = page.items;
        const itemSeq = item === undefined ? page.through + 1 : seqOf(item);
        if (item !== undefined && itemSeq <= through) items.push(item);
        chars += page.chars;
        missing.push(...page.missing.map(([from, to]): [number, number] => [from, Math.min(to, through)]));
        seq = Math.min(through, page.through);
      } catch (error) {
        if (!this.#database.isDamage(error)) throw error;
        items.push({ kind: 'broken', seq, reason: 'The database is damaged at this record.' });
      }
    }
    return { items, through, missing: missing.filter(([from, to]) => from <= to), chars };
  }
}

/** What an entry's JSON has beside its payload, in characters, about. */
const ROW_CHARS = 220;

const reasonOf = ({ message }: Error): string => {
  const isOurs = /^(?:Column|The payload|The log holds|An edit)/.test(message);
  return `${isOurs ? message.slice(0, 200) : 'Its payload cannot be read'}.`;
};

function conditionOf({ what, author }: SourceRange): {
  readonly condition: string;
  readonly values: readonly SqlValue[];
} {
  const shown = what === 'messages' ? NOT_SHOWN : '';
  return author === undefined
    ? { condition: shown, values: [] }
    : { condition: `${shown} AND (author_id = ? OR name = ?)`, values: [author, author] };
}

/** What the newest entry of the type says up to `until`: what stands now, unless somebody changed it since. */
async function asOf(
  session: HistorySession,
  room: SourceRoom,
  wanted: {
    readonly until: number;
    readonly type: 'rename' | 'topic';
    readonly field: 'title' | 'topic';
    readonly now: string;
  },
): Promise<string> {
  const { until, type, field, now } = wanted;
  const ofType = 'FROM entries WHERE room = ? AND type = ?';
  const since = await session.query(`SELECT seq ${ofType} AND seq > ? LIMIT 1`, room.key, type, until);
  if (since.length === 0) return now;
  const [row] = await session.query(
    `SELECT payload ${ofType} AND seq <= ? ORDER BY seq DESC LIMIT 1`,
    ...[room.key, type, until],
  );
  // Before the first change nobody had said it: a topic was empty then, a title is not known any more.
  if (row === undefined) return type === 'topic' ? '' : now;
  const payload: unknown = JSON.parse(textOf(row, 'payload'));
  return textOf({ ...(typeof payload === 'object' ? payload : {}) }, field);
}
