// One download while it is made, in the download thread: reads the room page by page, has the writer of its format turn entries
// into text, and hashes it. Piece by piece, so that many take turns; a piece is made when it is asked for, never ahead.
import { createHash, type Hash } from 'node:crypto';
import type { HistoryHead, HistoryItem } from '@wireroom/history';
import {
  HISTORY_LIMITS as FILE_LIMITS,
  type HistoryWriter,
  hasRecord,
  historyWriter,
} from '@wireroom/history/writing';
import { ChatError } from '@wireroom/protocol/plain';
import {
  type HistorySource,
  type SourcePage,
  type SourceRange,
  type SourceRoom,
  seqOf,
} from '../log/history-source.ts';
import type { Checkpoint, Checkpoints } from './checkpoints.ts';
import { HISTORY_LIMITS } from './limits.ts';
import { PieceMemory } from './piece-memory.ts';
import type { Cut, Progress, RenderOrder } from './render-order.ts';
import { Tally } from './tally.ts';

export interface RenderingParts {
  readonly source: HistorySource;
  readonly checkpoints: Checkpoints;
  readonly pause: (ms: number) => Promise<void>;
}

export interface Piece {
  /** In memory that nothing else lies in: it can be handed over. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly isLast: boolean;
  readonly cut?: Cut;
}

const NOTHING: Piece = { bytes: new Uint8Array(), isLast: false };
const { chunkBytes, pageEntriesMax, pageChars, readTriesMax, readRetryMs } = HISTORY_LIMITS;
const { htmlPartRecordsMax, gapsMax } = FILE_LIMITS;

export class Rendering {
  readonly head: HistoryHead;
  readonly #parts: RenderingParts;
  readonly #room: SourceRoom;
  readonly #range: SourceRange;
  readonly #resumption: RenderOrder['resumption'];
  /** Names everything that the file depends on. */
  readonly #file: string;
  #writer: HistoryWriter;
  #hash: Hash = createHash('sha256');
  #tally = new Tally();
  #page: SourcePage = { items: [], through: 0, missing: [], chars: 0 };
  #index = 0;
  #limit: number = pageEntriesMax;
  /** Of the file. */
  #bytes = 0;
  #last: HistoryItem | undefined;
  #isBegun = false;
  #isEnded = false;
  /** Rendered while looking for the place where it goes on, and beyond it. */
  #rest: Piece | undefined;
  readonly #memory = new PieceMemory();

  private constructor(
    parts: RenderingParts,
    given: {
      readonly room: SourceRoom;
      readonly range: SourceRange;
      readonly head: HistoryHead;
      readonly resumption: RenderOrder['resumption'];
    },
  ) {
    this.#parts = parts;
    this.#room = given.room;
    this.#range = given.range;
    this.#resumption = given.resumption;
    this.head = given.head;
    this.#file = JSON.stringify(given.head);
    this.#writer = historyWriter(given.head);
    this.#page = { ...this.#page, through: given.range.after };
  }

  /** Rejects with a ChatError: `no-room`, `history-changed`. */
  static async begin(parts: RenderingParts, order: RenderOrder): Promise<Rendering> {
    const { room, range, head } = await scopeOf(parts.source, order);
    const rendering = new Rendering(parts, { room, range, head, resumption: order.resumption });
    rendering.#goTo(order.resumption);
    return rendering;
  }

  /** Of a piece that nobody needs any more: the next one is made in it. */
  lend(memory: ArrayBuffer): void {
    this.#memory.lend(memory);
  }

  get progress(): Progress {
    const sha256 = this.#hash.copy().digest('hex');
    return { bytes: this.#bytes, records: this.#tally.state.count, sha256 };
  }

  /**
   * Goes a piece further towards what the asker has. Resolves with whether it is there, at once where nobody has anything;
   * rejects with `history-changed` where what they have is not what it would be now.
   */
  async approach(): Promise<boolean> {
    const resumption = this.#resumption;
    if (resumption === undefined) return true;
    const { has } = resumption;
    const start = this.#bytes;
    const isThere =
      'bytes' in has ? start === has.bytes : this.#last !== undefined && seqOf(this.#last) === has.seq;
    if (isThere) return this.#prove(this.#hash, resumption.prefixSha256);
    const isPast =
      'bytes' in has ? start > has.bytes : this.#last !== undefined && seqOf(this.#last) > has.seq;
    if (isPast || this.#isEnded) throw changed();
    const before = this.#hash.copy();
    const piece = await this.#render('seq' in has ? has.seq : undefined);
    if (!('bytes' in has) || this.#bytes <= has.bytes) {
      this.lend(piece.bytes.buffer);
      return false;
    }
    // The place is inside this piece: what lies behind it is the first that is sent.
    const kept = has.bytes - start;
    this.#rest = { ...piece, bytes: piece.bytes.subarray(kept) };
    return this.#prove(before.update(piece.bytes.subarray(0, kept)), resumption.prefixSha256);
  }

  /** The next piece; with `cut` the last one, which says why. */
  async next(cut?: Cut): Promise<Piece> {
    const rest = this.#rest;
    if (rest !== undefined) {
      this.#rest = undefined;
      return rest;
    }
    if (this.#isEnded) return { ...NOTHING, isLast: true };
    return cut === undefined ? this.#render() : this.#end({ cut });
  }

  #prove(hash: Hash, sha256: string): true {
    if (hash.copy().digest('hex') !== sha256) throw changed();
    return true;
  }

  /** To the last checkpoint before the place where it goes on. */
  #goTo(resumption: RenderOrder['resumption']): void {
    const checkpoint = resumption && this.#parts.checkpoints.before(this.#file, resumption.has);
    if (checkpoint === undefined) return;
    const { bytes, seq, hash, tally, last } = checkpoint;
    this.#bytes = bytes;
    this.#hash = hash.copy();
    this.#tally = new Tally(tally);
    this.#page = { ...this.#page, through: seq };
    this.#last = last;
    this.#isBegun = true;
    this.#writer.head();
    this.#writer.item(last);
  }

  async #render(toSeq?: number): Promise<Piece> {
    let text = this.#isBegun ? '' : this.#writer.head();
    this.#isBegun = true;
    while (text.length < chunkBytes) {
      if (this.#isFull) return this.#end({ text, ...(await this.#nextPart()) });
      if (this.#index === this.#page.items.length) {
        if (this.#page.through >= this.#range.until) return this.#end({ text });
        const failure = await this.#read();
        if (failure !== undefined) return this.#end({ text, cut: failure });
        // However little a page brought: another's turn.
        if (this.#page.items.length === 0) break;
        continue;
      }
      const item = this.#page.items[this.#index];
      this.#index += 1;
      if (item === undefined) continue;
      text += this.#write(item);
      if (toSeq !== undefined && seqOf(item) >= toSeq) break;
    }
    return this.#take(text);
  }

  #write(item: HistoryItem): string {
    const { format } = this.head.spec;
    if (item.kind === 'entry' && !hasRecord(format, item.entry.type)) return '';
    const seq = seqOf(item);
    this.#last = item;
    let text: string;
    try {
      text = this.#writer.item(item);
    } catch {
      const reason = 'It cannot be written in this format.';
      this.#last = { kind: 'broken', seq, reason };
      text = this.#writer.item(this.#last);
    }
    this.#tally.record(seq, this.#last.kind === 'broken');
    return text;
  }

  get #isFull(): boolean {
    return this.head.spec.format === 'html' && this.#tally.state.count >= htmlPartRecordsMax;
  }

  /** Where the next document begins, if there is anything left for one. */
  async #nextPart(): Promise<{ readonly next?: number }> {
    const next = this.#last === undefined ? this.#range.after : seqOf(this.#last);
    const left = await this.#parts.source.count(this.#room, { ...this.#range, after: next });
    return left > 0 ? { next } : {};
  }

  /** The next page. Returns why there is none, after it was tried often enough. */
  async #read(): Promise<Cut | undefined> {
    const after = this.#page.through;
    for (let tries = 1; ; tries++) {
      try {
        this.#page = await this.#parts.source.page(this.#room, { ...this.#range, after }, this.#limit);
        break;
      } catch (error) {
        if (tries >= readTriesMax) return storageFailed(after, error);
        await this.#parts.pause(readRetryMs * 2 ** (tries - 1));
      }
    }
    this.#index = 0;
    if (this.#range.author === undefined) this.#tally.missing(this.#page.missing);
    if (this.#tally.state.gaps.length > gapsMax) return tooManyGaps;
    const { items, chars } = this.#page;
    if (items.length > 0)
      this.#limit = Math.max(1, Math.min(pageEntriesMax, Math.floor(pageChars / (chars / items.length))));
    return undefined;
  }

  #take(text: string): Piece {
    if (text === '') return NOTHING;
    const bytes = this.#memory.take(text);
    this.#hash.update(bytes);
    this.#bytes += bytes.byteLength;
    // The writer of HTML knows more of the past than its last record; but a document is short.
    if (this.head.spec.format !== 'html' && this.#last !== undefined) this.#keep(this.#last);
    return { bytes, isLast: false };
  }

  #keep(last: HistoryItem): void {
    const checkpoint: Checkpoint = {
      bytes: this.#bytes,
      seq: seqOf(last),
      hash: this.#hash.copy(),
      tally: this.#tally.state,
      last,
    };
    this.#parts.checkpoints.keep(this.#file, checkpoint);
  }

  #end({
    text = '',
    cut,
    next,
  }: {
    readonly text?: string;
    readonly cut?: Cut;
    readonly next?: number;
  }): Piece {
    this.#isEnded = true;
    const head = this.#isBegun ? '' : this.#writer.head();
    const totals = {
      ...this.#tally.totals(),
      ...(cut !== undefined && { cut }),
      ...(next !== undefined && { next }),
    };
    const body = head + text + this.#writer.foot(totals);
    const sha256 = this.#hash.update(body).copy().digest('hex');
    const line = this.#writer.end({ type: 'end', ...totals, sha256 });
    this.#hash.update(line);
    const bytes = this.#memory.take(body + line);
    this.#bytes += bytes.byteLength;
    return { bytes, isLast: true, ...(cut !== undefined && { cut }) };
  }
}

/** What an order means in the room as it is. */
export async function scopeOf(
  source: HistorySource,
  { roomId, spec, after, resumption }: RenderOrder,
): Promise<{ readonly room: SourceRoom; readonly range: SourceRange; readonly head: HistoryHead }> {
  const room = await source.room(roomId);
  const until = resumption?.until ?? room.head;
  if (resumption !== undefined && (resumption.epoch !== room.epoch || until > room.head)) throw changed();
  const from = spec.from === undefined ? 0 : (await source.seqAt(room, Date.parse(spec.from))) - 1;
  const to = spec.to === undefined ? until : (await source.seqAt(room, Date.parse(spec.to))) - 1;
  const range: SourceRange = {
    after: Math.max(after ?? 0, from),
    until: Math.min(until, to),
    what: spec.format === 'jsonl' ? 'entries' : 'messages',
    ...(spec.author !== undefined && { author: spec.author }),
  };
  const isPart = spec.format === 'html' && after !== undefined && after > from;
  const before = { ...range, after: from, until: Math.min(after ?? 0, until) };
  const previous = isPart ? await source.partBefore(room, before, htmlPartRecordsMax) : undefined;
  const head: HistoryHead = {
    type: 'history',
    v: 1,
    room: await source.about(room, until),
    epoch: room.epoch,
    until,
    spec,
    ...(after !== undefined && after > 0 && { after }),
    ...(previous !== undefined && { previous: previous === from ? 0 : previous }),
  };
  return { room, range, head };
}

const changed = (): ChatError => new ChatError('history-changed');

const tooManyGaps: Cut = {
  code: 'storage-failed',
  message: `The log has more than ${gapsMax} holes: it is damaged. Restore a backup.`,
};

const storageFailed = (after: number, error: unknown): Cut => ({
  code: 'storage-failed',
  message: `The log could not be read after entry ${after} (${error instanceof Error ? error.name : 'unknown'}). Ask again for what comes after it.`,
});
