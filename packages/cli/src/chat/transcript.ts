// From the SDK's snapshots of a room to the lines that are printed: each entry once, in order, older ones when asked for.
// Pure but for what it remembers; prints nothing.
import type { MessageItem, NoticeItem, RoomSnapshot } from '@wireroom/client';
import { harmless, type Style } from '../terminal/terminal.ts';
import type { Words } from './words.ts';

type Entry = MessageItem | NoticeItem;

/** Of the history that entering brings, so many entries are printed by themselves. */
export const FIRST_ENTRIES_MAX = 20;
/** Of the older ones, so many at a time. */
export const OLDER_ENTRIES_MAX = 50;

export class Transcript {
  readonly #words: Words;
  readonly #style: Style;
  /** The stretch of the log that has been printed. */
  #oldest: number | undefined;
  #newest = 0;
  #day = '';

  constructor(words: Words, style: Style) {
    this.#words = words;
    this.#style = style;
  }

  /** What is new since the last call. */
  news(room: RoomSnapshot): string[] {
    const entries = entriesOf(room);
    const last = entries.at(-1);
    if (last === undefined) return [];
    const lines: string[] = [];
    if (last.seq < this.#newest) {
      // A smaller number at the end: it is another log than before.
      lines.push(this.#ruler(this.#words.startsAgain));
      this.#oldest = undefined;
      this.#newest = 0;
    }
    const isFirst = this.#oldest === undefined;
    const fresh = entries.filter(({ seq }) => seq > this.#newest).slice(isFirst ? -FIRST_ENTRIES_MAX : 0);
    const [first] = fresh;
    if (first === undefined) return lines;
    const missing = isFirst ? 0 : first.seq - this.#newest - 1;
    // Entries of kinds that are not shown leave holes in the numbers; a long hole is history that was not read.
    if (missing > 0 && first === entries[0]) {
      lines.push(this.#ruler(this.#words.leftOut(missing)));
      this.#oldest = first.seq;
    }
    this.#oldest ??= first.seq;
    this.#newest = last.seq;
    return [...lines, ...fresh.flatMap((entry) => this.#entry(entry))];
  }

  /** The entries right before the oldest printed one. `undefined`: the snapshot has none yet. */
  older(room: RoomSnapshot): string[] | undefined {
    const before = this.#oldest;
    if (before === undefined) return undefined;
    const entries = entriesOf(room)
      .filter(({ seq }) => seq < before)
      .slice(-OLDER_ENTRIES_MAX);
    const [first] = entries;
    const last = entries.at(-1);
    if (first === undefined || last === undefined) return undefined;
    this.#oldest = first.seq;
    const today = this.#day;
    this.#day = '';
    const lines = entries.flatMap((entry) => this.#entry(entry));
    this.#day = today;
    const { older, olderEnd } = this.#words;
    return [this.#ruler(older(first.seq, last.seq)), ...lines, this.#ruler(olderEnd)];
  }

  #entry(entry: Entry): string[] {
    const at = new Date(entry.at);
    const day = at.toLocaleDateString('sv');
    const lines = day === this.#day ? [] : [this.#ruler(day)];
    this.#day = day;
    const time = this.#style.dim(at.toTimeString().slice(0, 5));
    const name = harmless(entry.author.name);
    if (entry.kind === 'notice') {
      const { joined, left } = this.#words;
      const notice = entry.what === 'join' ? joined(name) : left(name);
      return [...lines, `${time} ${this.#style.dim(`· ${notice}`)}`];
    }
    const [first = '', ...rest] = harmless(entry.text).split('\n');
    const number = entry.isMine ? ` ${this.#style.dim(`#${entry.seq}`)}` : '';
    const shown = [
      `${time} ${this.#style.of(entry.author.authorId, name)}  ${first}`,
      ...rest.map((line) => `      ${line}`),
    ];
    return [...lines, ...shown.slice(0, -1), `${shown.at(-1)}${number}`];
  }

  #ruler(text: string): string {
    return this.#style.dim(`── ${text} ──`);
  }
}

const entriesOf = (room: RoomSnapshot): Entry[] =>
  room.items.filter((item): item is Entry => item.kind !== 'pending');
