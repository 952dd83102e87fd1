// What a log keeps of its messages beside their entries, as rows in the order of the messages: for those who check that they
// are what the entries say, and no others. The readers of the log do not come by here.
import type { Author, RoomId } from '@wireroom/protocol';
import { integerOf, textOf } from '../db/row.ts';
import type { HistorySession } from './history-session.ts';

export type KeptTable = 'deletions' | 'edits' | 'reactions' | 'reaction_authors';

/** A row, and in `says` all of it: two rows are the same where that is. */
export interface KeptRow {
  readonly table: KeptTable;
  readonly target: number;
  readonly says: string;
}

/** How rows are told, whether they were read or are what there should be. */
export const keptRows = {
  deletion: (target: number, seq: number) => keptRow('deletions', target, [seq]),
  edit: (target: number, seq: number) => keptRow('edits', target, [seq]),
  reaction: (target: number, given: { emoji: string; firstSeq: number; count: number }) =>
    keptRow('reactions', target, [given.emoji, given.firstSeq, given.count]),
  giver: (target: number, { emoji, author, seq }: { emoji: string; author: Author; seq: number }) =>
    keptRow('reaction_authors', target, [emoji, author.authorId, author.name, seq]),
} as const;

function keptRow(table: KeptTable, target: number, columns: readonly (string | number)[]): KeptRow {
  return { table, target, says: JSON.stringify([table, target, ...columns]) };
}

const COLUMNS: Readonly<Record<KeptTable, readonly string[]>> = {
  deletions: ['seq'],
  edits: ['seq'],
  reactions: ['emoji', 'first_seq', 'count'],
  reaction_authors: ['emoji', 'author_id', 'name', 'seq'],
};
const TABLES = ['deletions', 'edits', 'reactions', 'reaction_authors'] as const;

export class KeptRowReader {
  readonly #session: HistorySession;

  constructor(session: HistorySession) {
    this.#session = session;
  }

  /** Of the messages from `low` to `high`, table by table. */
  async between(roomId: RoomId, low: number, high: number): Promise<readonly KeptRow[]> {
    const found: KeptRow[] = [];
    for (const table of TABLES) {
      const columns = COLUMNS[table];
      const rows = await this.#session.query(
        `SELECT target, ${columns.join(', ')} FROM ${table}
         WHERE room = (SELECT id FROM rooms WHERE room_id = ?) AND target BETWEEN ? AND ?`,
        ...[roomId, low, high],
      );
      for (const row of rows) {
        const values = columns.map((column) =>
          typeof row[column] === 'string' ? textOf(row, column) : integerOf(row, column),
        );
        found.push(keptRow(table, integerOf(row, 'target'), values));
      }
    }
    return found;
  }

  /** What stands in the rows of these entries beside what every entry has, as it is kept; by seq. */
  async payloads(roomId: RoomId, seqs: readonly number[]): Promise<ReadonlyMap<number, string>> {
    const rows = await this.#session.query(
      `SELECT seq, payload FROM entries
       WHERE room = (SELECT id FROM rooms WHERE room_id = ?) AND seq IN (${seqs.map(() => '?').join(', ')})`,
      ...[roomId, ...seqs],
    );
    return new Map(rows.map((row) => [integerOf(row, 'seq'), textOf(row, 'payload')]));
  }
}
