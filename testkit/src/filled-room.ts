// Fills a room with many entries of all kinds, straight into the database of a server that is not running: for tests and
// measurements of long histories. What it writes keeps to the rules of the log, and `wireroom verify` finds nothing wrong.
import { join } from 'node:path';
import {
  DATABASE_FILE,
  loadDriver,
  openDatabase,
  openSqliteStorage,
  type SqliteDatabase,
  type Statement,
} from '@wireroom/server/parts';
import { HOSTILE_NAMES, HOSTILE_TEXTS, WORDS } from './hostile-texts.ts';

export interface Filling {
  readonly entries: number;
  /** Same number, same room but for ids. Default 1. */
  readonly seed?: number;
  /** Milliseconds from one entry to the next; the last one is written now. Default 20 s: a million are eight months. */
  readonly everyMs?: number;
  /** About how long texts are, in characters. Default 80. */
  readonly textChars?: number;
  /** How many write. Default 200. */
  readonly authors?: number;
}

export type FilledKinds = Readonly<Record<Kind, number>>;

export interface Filled {
  readonly entries: number;
  readonly kinds: FilledKinds;
}

type Kind = 'message' | 'edit' | 'react' | 'unreact' | 'delete' | 'join' | 'leave' | 'topic';

/** Of a hundred entries, about. What cannot be done at the moment becomes a message. */
const MIX: readonly (readonly [Kind, number])[] = [
  ['edit', 8],
  ['react', 12],
  ['unreact', 2],
  ['delete', 2],
  ['join', 1.5],
  ['leave', 1.3],
  ['topic', 0.2],
];
const EMOJI = ['👍', '🎉', '❤️', '😂', '👩‍💻', '🏳️‍🌈'];
/** Things are done to the newest messages, most of the time. */
const RECENT = 400;

/** Into the lobby of this data folder, which is made where there is none. */
export async function fillRoom(dataDir: string, filling: Filling): Promise<Filled> {
  const fail = (error: unknown): void => {
    throw error;
  };
  const storage = await openSqliteStorage(dataDir, { onFatal: fail, onError: fail });
  const { roomId } = await storage.log.ensureRoom({ slug: 'lobby', title: 'Lobby' });
  await storage.close();
  const database = openDatabase(join(dataDir, DATABASE_FILE), loadDriver());
  try {
    database.exec('PRAGMA cache_size = -262144');
    database.exec('BEGIN IMMEDIATE');
    const filler = new Filler(database, { roomId, filling });
    for (let count = 0; count < filling.entries; count++) filler.step();
    filler.finish();
    database.exec('COMMIT');
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    return { entries: filling.entries, kinds: filler.kinds };
  } finally {
    database.close();
  }
}

interface Writer {
  readonly authorId: string;
  readonly name: string;
}

interface Done {
  readonly target: number;
  readonly emoji: string;
  readonly writer: Writer;
}

class Filler {
  readonly kinds: Record<Kind, number> = {
    ...{ message: 0, edit: 0, react: 0, unreact: 0, delete: 0, join: 0, leave: 0, topic: 0 },
  };
  readonly #room: number;
  readonly #statements: ReturnType<typeof statementsOf>;
  readonly #random: () => number;
  readonly #filling: Filling;
  readonly #present: Writer[] = [];
  readonly #absent: Writer[];
  /** The messages that are not deleted, oldest first: seq and author. */
  #messages: { readonly seq: number; readonly writer: Writer }[] = [];
  readonly #reactions: Done[] = [];
  readonly #given = new Set<string>();
  readonly #deleted = new Set<number>();
  /** By author: the seq of the join. */
  readonly #joined = new Map<string, number>();
  #seq: number;
  #atMs: number;

  constructor(
    database: SqliteDatabase,
    { roomId, filling }: { readonly roomId: string; readonly filling: Filling },
  ) {
    const { seed = 1, everyMs = 20_000, authors = 200, entries } = filling;
    this.#filling = filling;
    this.#random = randomFrom(seed);
    this.#statements = statementsOf(database);
    const row = database.prepare('SELECT id, head, head_at FROM rooms WHERE room_id = ?').get(roomId);
    if (row === undefined || typeof row.id !== 'number') throw new Error('The room is not there.');
    this.#room = row.id;
    this.#seq = Number(row.head);
    this.#atMs = Math.max(Number(row.head_at), Date.now() - entries * everyMs);
    this.#absent = Array.from({ length: authors }, (_, index) => ({
      authorId: `a_filler${String(index).padStart(16, '0')}`,
      name: HOSTILE_NAMES[index] ?? `${WORDS[index % WORDS.length]} ${index}`,
    }));
    this.#statements.forgetRoom(this.#room);
  }

  /** One entry. */
  step(): void {
    this.#atMs += this.#filling.everyMs ?? 20_000;
    const kind = this.#present.length === 0 ? 'join' : this.#pick();
    this.#write(kind);
  }

  finish(): void {
    this.#statements.head.run(this.#seq, this.#atMs, this.#room);
    for (const { authorId, name } of this.#present)
      this.#statements.member.run(this.#room, authorId, name, this.#joined.get(authorId) ?? 1);
  }

  #pick(): Kind {
    let drawn = this.#random() * 100;
    for (const [kind, share] of MIX) {
      drawn -= share;
      if (drawn < 0) return kind;
    }
    return 'message';
  }

  #write(kind: Kind): void {
    const done = kind !== 'message' && this.#try(kind);
    if (!done) this.#message();
  }

  #try(kind: Exclude<Kind, 'message'>): boolean {
    switch (kind) {
      case 'join':
        return this.#join();
      case 'leave':
        return this.#leave();
      case 'edit':
        return this.#edit();
      case 'delete':
        return this.#delete();
      case 'react':
        return this.#react();
      case 'unreact':
        return this.#unreact();
      case 'topic':
        return this.#topic();
    }
  }

  #message(): void {
    const writer = this.#anybody();
    this.#append('message', writer, { text: this.#text() });
    this.#messages.push({ seq: this.#seq, writer });
    // Old ones are left alone from here on.
    if (this.#messages.length > 100 * RECENT) this.#messages = this.#messages.slice(50 * RECENT);
  }

  #join(): boolean {
    const writer = this.#absent.pop();
    if (writer === undefined) return false;
    this.#append('join', writer);
    this.#present.push(writer);
    this.#joined.set(writer.authorId, this.#seq);
    return true;
  }

  #leave(): boolean {
    if (this.#present.length < 2) return false;
    const [writer] = this.#present.splice(Math.floor(this.#random() * this.#present.length), 1);
    if (writer === undefined) return false;
    this.#append('leave', writer);
    this.#absent.unshift(writer);
    return true;
  }

  #edit(): boolean {
    const message = this.#someMessage();
    if (message === undefined) return false;
    this.#append('edit', message.writer, { target: message.seq, text: this.#text() });
    this.#statements.edit.run(this.#room, message.seq, this.#seq);
    return true;
  }

  #delete(): boolean {
    const message = this.#someMessage();
    if (message === undefined) return false;
    const { seq: target, writer } = message;
    this.#append('delete', writer, { target });
    this.#statements.deleted(this.#room, target, this.#seq);
    this.#messages.splice(this.#messages.lastIndexOf(message), 1);
    this.#deleted.add(target);
    return true;
  }

  #react(): boolean {
    const target = this.#someMessage()?.seq;
    const [writer, emoji] = [this.#anybody(), this.#of(EMOJI)];
    const key = `${target} ${emoji} ${writer.authorId}`;
    if (target === undefined || this.#given.has(key)) return false;
    this.#append('react', writer, { target, emoji });
    this.#statements.react(this.#room, { target, emoji, ...writer }, this.#seq);
    this.#given.add(key);
    this.#reactions.push({ target, emoji, writer });
    if (this.#reactions.length > RECENT) this.#reactions.shift();
    return true;
  }

  #unreact(): boolean {
    const index = Math.floor(this.#random() * this.#reactions.length);
    const done = this.#reactions[index];
    const isThere = done !== undefined && !this.#deleted.has(done.target);
    if (!isThere || !this.#present.includes(done.writer)) return false;
    const { target, emoji, writer } = done;
    this.#reactions.splice(index, 1);
    this.#append('unreact', writer, { target, emoji });
    this.#statements.unreact(this.#room, { target, emoji, ...writer });
    this.#given.delete(`${target} ${emoji} ${writer.authorId}`);
    return true;
  }

  #topic(): boolean {
    const topic = this.#of(WORDS);
    this.#append('topic', this.#anybody(), { topic });
    this.#statements.topic.run(topic, this.#room);
    return true;
  }

  #append(type: Kind, { authorId, name }: Writer, payload: object = {}): void {
    this.#seq += 1;
    this.kinds[type] += 1;
    const isDrafted = type !== 'join' && type !== 'leave';
    const draftId = isDrafted
      ? `${this.#atMs.toString(16).padStart(12, '0')}-${String(this.#seq).padStart(32, '0')}`
      : null;
    this.#statements.entry.run(
      ...[this.#room, this.#seq, this.#atMs, type, authorId, name, draftId, JSON.stringify(payload)],
    );
  }

  /** Of somebody who is here, since others cannot write. */
  #someMessage(): { readonly seq: number; readonly writer: Writer } | undefined {
    const back = Math.floor(this.#random() ** 2 * Math.min(RECENT, this.#messages.length));
    const message = this.#messages.at(-1 - back);
    return message !== undefined && this.#present.includes(message.writer) ? message : undefined;
  }

  #text(): string {
    if (this.#random() < 0.05) return this.#of(HOSTILE_TEXTS);
    const chars = (this.#filling.textChars ?? 80) * (0.25 + this.#random() * 1.5);
    let text = this.#of(WORDS);
    while (text.length < chars) text += ` ${this.#of(WORDS)}`;
    return text;
  }

  #anybody(): Writer {
    return this.#of(this.#present);
  }

  #of<T>(list: readonly T[]): T {
    const one = list[Math.floor(this.#random() * list.length)];
    if (one === undefined) throw new Error('Nothing to choose from.');
    return one;
  }
}

interface Given extends Writer {
  readonly target: number;
  readonly emoji: string;
}

function statementsOf(database: SqliteDatabase) {
  const prepare = (sql: string): Statement => database.prepare(sql);
  const entry = prepare(
    'INSERT INTO entries (room, seq, at, type, author_id, name, draft_id, payload) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const ofTarget = 'WHERE room = ? AND target = ?';
  const rewrite = prepare('UPDATE entries SET payload = ? WHERE room = ? AND seq = ?');
  const edits = prepare(`SELECT seq FROM edits ${ofTarget}`);
  const deletion = prepare('INSERT INTO deletions (room, target, seq) VALUES (?, ?, ?)');
  const forget = ['edits', 'reactions', 'reaction_authors'].map((table) =>
    prepare(`DELETE FROM ${table} ${ofTarget}`),
  );
  const count = prepare(`UPDATE reactions SET count = count + ? ${ofTarget} AND emoji = ?`);
  const reaction = prepare(
    'INSERT INTO reactions (room, target, emoji, first_seq, count) VALUES (?, ?, ?, ?, 1)',
  );
  const none = prepare(`DELETE FROM reactions ${ofTarget} AND emoji = ? AND count = 0`);
  const giver = prepare(
    'INSERT INTO reaction_authors (room, target, emoji, author_id, name, seq) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const noGiver = prepare(`DELETE FROM reaction_authors ${ofTarget} AND emoji = ? AND author_id = ?`);
  const members = prepare('DELETE FROM members WHERE room = ?');
  return {
    entry,
    edit: prepare('INSERT INTO edits (room, target, seq) VALUES (?, ?, ?)'),
    head: prepare('UPDATE rooms SET head = ?, head_at = ? WHERE id = ?'),
    topic: prepare('UPDATE rooms SET topic = ? WHERE id = ?'),
    member: prepare('INSERT INTO members (room, author_id, name, joined_seq) VALUES (?, ?, ?, ?)'),
    forgetRoom: (room: number): void => void members.run(room),
    deleted(room: number, target: number, seq: number): void {
      for (const { seq: edit } of edits.all(room, target))
        rewrite.run(JSON.stringify({ target, text: '', deleted: true }), room, Number(edit));
      rewrite.run(JSON.stringify({ text: '', deleted: true }), room, target);
      for (const statement of forget) statement.run(room, target);
      deletion.run(room, target, seq);
    },
    react(room: number, { target, emoji, authorId, name }: Given, seq: number): void {
      if (count.run(1, room, target, emoji).changes === 0) reaction.run(room, target, emoji, seq);
      giver.run(room, target, emoji, authorId, name, seq);
    },
    unreact(room: number, { target, emoji, authorId }: Given): void {
      noGiver.run(room, target, emoji, authorId);
      count.run(-1, room, target, emoji);
      none.run(room, target, emoji);
    },
  };
}

/** mulberry32: good enough to mix, the same everywhere. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
