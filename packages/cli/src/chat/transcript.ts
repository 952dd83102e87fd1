// From the SDK's snapshots of a room to the lines that are printed: each entry once, in order, older ones when asked for.
// Pure but for what it remembers; prints nothing.
import {
  type GapItem,
  isEntryItem,
  type MessageItem,
  type NoticeItem,
  type RoomSnapshot,
} from '@wireroom/client';
import { harmless, type Style } from '../terminal/terminal.ts';
import { noticeOf, type Words } from './words.ts';

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
    const missing = isFirst ? 0 : this.#missingBefore(first, room);
    if (missing > 0) {
      lines.push(this.#ruler(this.#words.leftOut(missing)));
      this.#oldest = first.seq;
    }
    this.#oldest ??= first.seq;
    this.#newest = last.seq;
    return [...lines, ...fresh.flatMap((entry) => this.#entry(entry))];
  }

  /** Entries of kinds that are not shown leave holes in the numbers; what was not read is a gap, or lies before all that is kept. */
  #missingBefore({ seq }: Entry, room: RoomSnapshot): number {
    if (entriesOf(room)[0]?.seq === seq) return seq - this.#newest - 1;
    const gap = room.items.findLast((item) => item.kind === 'gap' && item.to < seq && item.to > this.#newest);
    return gap?.kind === 'gap' ? gap.to - gap.from + 1 : 0;
  }

  /** The gap that lies right before the oldest printed entry, if one does: it is filled before there is something older to print. */
  gapBefore(room: RoomSnapshot): GapItem | undefined {
    const index = room.items.findIndex((item) => isEntryItem(item) && item.seq === this.#oldest);
    const before = room.items[index - 1];
    return before?.kind === 'gap' ? before : undefined;
  }

  /** The entries right before the oldest printed one, as far as no gap lies between. `undefined`: the snapshot has none yet. */
  older(room: RoomSnapshot): string[] | undefined {
    const before = this.#oldest;
    if (before === undefined) return undefined;
    const gap = room.items.findLast((item) => item.kind === 'gap' && item.to < before);
    const from = gap?.kind === 'gap' ? gap.to : 0;
    const entries = entriesOf(room)
      .filter(({ seq }) => seq < before && seq > from)
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
      const notice = noticeOf(entry, this.#words, harmless);
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

const entriesOf = (room: RoomSnapshot): Entry[] => room.items.filter(isEntryItem);
