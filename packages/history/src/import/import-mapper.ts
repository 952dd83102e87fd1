// Records in, entries out, numbered 1, 2, 3 …: what a log of ours could hold, and in the form it would. What cannot be one of its
// entries is told to the report; where numbers are kept, a message that says so stands in its place. Pure, and knows no log.
import {
  type Author,
  type AuthorId,
  checkContent,
  type DraftContent,
  type DraftId,
  draftIdSchema,
  LIMITS,
} from '@wireroom/protocol';
import { ImportAuthors } from './import-author.ts';
import {
  ImportError,
  type ImportHead,
  type ImportRecord,
  type LostRecord,
  type MessageKey,
  type ReadRecord,
  type RecordContent,
} from './import-record.ts';
import type { ImportReport } from './import-report.ts';
import { IMPORT_LIMITS } from './limits.ts';
import { MappedMessages } from './mapped-messages.ts';
import { lineOf, partsOf, wellFormed } from './text-parts.ts';

/** As the log takes it. */
export type MappedEntry = { readonly seq: number; readonly atMs: number; readonly author: Author } & (
  | (DraftContent & { readonly draftId: DraftId; readonly deleted?: true })
  | { readonly type: 'join' | 'leave' }
);

export interface MapperOptions {
  readonly head: Pick<ImportHead, 'source' | 'keepsNumbers'>;
  readonly report: ImportReport;
  /** Milliseconds since 1970: nothing was written later. */
  readonly nowMs: number;
}

/** Why a record is no entry. */
class Unfit extends Error {}

export class ImportMapper {
  readonly #head: MapperOptions['head'];
  readonly #report: ImportReport;
  readonly #nowMs: number;
  readonly #authors: ImportAuthors;
  readonly #messages: MappedMessages;
  /** The other messages that a text became which was too long for one: by the first. */
  readonly #furtherParts = new Map<number, number[]>();
  readonly #oddNames = new Set<string>();
  /** Names of those who have joined and not left. */
  readonly #members = new Map<AuthorId, string>();
  /** What the room is called by its newest rename; `undefined`: there is none. */
  title: string | undefined;
  #seq = 0;
  #atMs = 0;
  #missing = 0;
  #out: MappedEntry[] = [];

  constructor({ head, report, nowMs }: MapperOptions) {
    this.#head = head;
    this.#report = report;
    this.#nowMs = nowMs;
    this.#authors = new ImportAuthors(head.source);
    this.#messages = new MappedMessages(head);
  }

  /** The entries that the record becomes: mostly one. */
  take(record: ReadRecord): readonly MappedEntry[] {
    this.#out = [];
    if ('lost' in record) this.#lose(record.lost);
    else {
      this.#fillUpTo(record.seq);
      try {
        this.#map(record);
      } catch (error) {
        if (!(error instanceof Unfit)) throw error;
        const { place, seq, atMs } = record;
        this.#lose({
          place,
          reason: error.message,
          ...(seq !== undefined && { seq }),
          ...(atMs !== undefined && { atMs }),
        });
      }
    }
    return this.#out;
  }

  /** What is to be written after the last record. `title`: what the room is to be called in the end. */
  finish(title?: string): readonly MappedEntry[] {
    this.#out = [];
    // Their deletions are not in the file: in a log no text is gone without one.
    for (const { seq, author } of this.#messages.goneWithoutDeletion()) {
      this.#messages.delete(seq);
      this.#append(author, { type: 'delete', target: seq });
    }
    if (title !== undefined) this.#append(this.#importer(), { type: 'rename', title });
    return this.#out;
  }

  #map(record: ImportRecord): void {
    const { content, place } = record;
    const author = this.#authorOf(record);
    this.#moveTo(record);
    switch (content.type) {
      case 'message':
        this.#message(author, content, record);
        return;
      case 'edit':
      case 'delete':
      case 'react':
      case 'unreact':
        this.#change(author, content, record);
        return;
      case 'rename':
      case 'topic':
        this.#about(author, content, record);
        return;
      case 'join':
      case 'leave':
        this.#membership(author, content.type, place);
        return;
    }
  }

  #message(author: Author, content: Extract<RecordContent, { type: 'message' }>, record: ImportRecord): void {
    const { place, draftId } = record;
    if (content.deleted === true) {
      const seq = this.#append(author, { type: 'message', text: '', deleted: true }, draftId);
      this.#messages.add(content.key, { seq, author, isGone: true });
      return;
    }
    const isKept = draftId !== undefined && isFit({ type: 'message', text: content.text });
    const { parts, isCut } = isKept ? { parts: [content.text], isCut: false } : partsOf(content.text);
    const [first, ...others] = parts;
    if (first === undefined) throw new Unfit('its text is empty');
    if (this.#head.keepsNumbers && others.length > 0) throw new Unfit('its text is too long');
    if (isCut) this.#report.change(place, 'its text is far too long, and was cut');
    else if (others.length > 0)
      this.#report.change(place, 'its text is too long for one message, and was split');
    const seq = this.#append(author, { type: 'message', text: first }, draftId);
    this.#messages.add(content.key, { seq, author, isGone: false });
    if (others.length > 0)
      this.#furtherParts.set(
        seq,
        others.map((text) => this.#append(author, { type: 'message', text })),
      );
  }

  #change(
    author: Author,
    content: Extract<RecordContent, { readonly target: MessageKey }>,
    { place, draftId }: ImportRecord,
  ): void {
    const target = this.#messages.find(content.target);
    if (target === undefined) throw new Unfit(`the message that it is about is not there (${content.type})`);
    if (target.isDeleted) throw new Unfit(`the message that it is about was deleted (${content.type})`);
    const { seq } = target;
    if (content.type === 'edit' || content.type === 'delete') {
      // Elsewhere others may do so too, those who keep order there; with us it is the author's doing.
      const own = this.#head.source === 'wireroom' ? author : target.author;
      if (own.authorId !== target.author.authorId) throw new Unfit('only its author changes a message');
      if (content.type === 'delete') {
        this.#messages.delete(seq);
        this.#append(own, { type: 'delete', target: seq }, draftId);
        for (const part of this.#furtherParts.get(seq) ?? [])
          this.#append(own, { type: 'delete', target: part });
        return;
      }
      if (content.deleted === true) {
        this.#append(own, { type: 'edit', target: seq, text: '', deleted: true }, draftId);
        this.#messages.lose(seq);
        return;
      }
      const text = this.#oneText(content.text, { place, isOurs: draftId !== undefined });
      this.#append(own, { type: 'edit', target: seq, text }, draftId);
      return;
    }
    const { emoji } = content;
    const isFitting =
      draftId === undefined ? isFit({ ...content, type: 'react', target: 1 }) : isShort(emoji);
    if (!isFitting) throw new Unfit('its emoji is none that is known here');
    const problem = this.#messages.react(seq, author.authorId, content);
    if (problem !== undefined) throw new Unfit(problem);
    this.#append(author, { type: content.type, target: seq, emoji }, draftId);
  }

  #oneText(text: string, { place, isOurs }: { readonly place: string; readonly isOurs: boolean }): string {
    if (isOurs && isFit({ type: 'message', text })) return text;
    const [first, ...others] = partsOf(text).parts;
    if (first === undefined) throw new Unfit('its text is empty');
    if (others.length > 0) this.#report.change(place, 'the text of an edit is too long, and was cut');
    return first;
  }

  #about(
    author: Author,
    content: Extract<RecordContent, { type: 'rename' | 'topic' }>,
    record: ImportRecord,
  ): void {
    const isTitle = content.type === 'rename';
    const [text, bytesMax] = isTitle
      ? [content.title, LIMITS.titleBytesMax]
      : [content.topic, LIMITS.topicBytesMax];
    const line = isFit(content) ? text : lineOf(text, bytesMax);
    const fitting: DraftContent = isTitle ? { type: 'rename', title: line } : { type: 'topic', topic: line };
    if (!isFit(fitting)) throw new Unfit(`its ${isTitle ? 'title' : 'topic'} is empty`);
    if (line !== text)
      this.#report.change(record.place, `its ${isTitle ? 'title' : 'topic'} was made to fit`);
    this.#append(author, fitting, record.draftId);
    if (isTitle) this.title = line;
  }

  #membership(author: Author, type: 'join' | 'leave', place: string): void {
    const { authorId } = author;
    const before = this.#members.get(authorId);
    const isOurs = this.#head.source === 'wireroom';
    if (type === 'join') {
      if (before !== undefined) throw new Unfit('who joins there is in the room already');
      this.#members.set(authorId, author.name);
      this.#push({ ...this.#stamp(), type, author });
      return;
    }
    if (before === undefined) throw new Unfit('who leaves there never came, as far as the file says');
    this.#members.delete(authorId);
    // They leave under the name that they came by.
    if (isOurs && before !== author.name)
      this.#report.change(place, 'somebody left under another name than they came by');
    this.#push({ ...this.#stamp(), type, author: { authorId, name: before } });
  }

  #append(author: Author, content: DraftContent & { readonly deleted?: true }, draftId?: DraftId): number {
    const stamp = this.#stamp();
    // Side by side in the log's index, and never those of an import that this one brings along.
    const id =
      draftId ??
      draftIdSchema.parse(`import-${this.#nowMs.toString(36)}-${String(stamp.seq).padStart(9, '0')}`);
    this.#push({ ...stamp, author, draftId: id, ...content });
    if (content.type === 'message') this.#report.messages += 1;
    return stamp.seq;
  }

  #push(entry: MappedEntry): void {
    this.#report.entries += 1;
    this.#report.authors.add(entry.author.authorId);
    this.#out.push(entry);
  }

  #stamp(): { readonly seq: number; readonly atMs: number } {
    if (this.#seq >= IMPORT_LIMITS.messagesMax)
      throw new ImportError(`More than ${IMPORT_LIMITS.messagesMax} entries are not imported at once.`);
    this.#seq += 1;
    return { seq: this.#seq, atMs: this.#atMs };
  }

  /** The time of the record is that of what comes next; time does not run backwards, nor ahead of the clock. */
  #moveTo({ atMs, place }: { readonly atMs: number | undefined; readonly place: string }): void {
    if (atMs === undefined || Number.isNaN(atMs)) {
      this.#report.change(place, 'it has no date, and got that of the record before it');
      return;
    }
    const fitting = Math.min(Math.max(atMs, this.#atMs), Math.max(this.#nowMs, this.#atMs));
    if (fitting > atMs) this.#report.change(place, 'it is older than the record before it, and got its date');
    if (fitting < atMs) this.#report.change(place, 'its date lies in the future, and became that of today');
    this.#atMs = fitting;
  }

  #authorOf({ author, place }: ImportRecord): Author {
    const mapped = this.#authors.authorOf(author);
    if (mapped.name !== author.name && !this.#oddNames.has(author.name)) {
      this.#oddNames.add(author.name);
      this.#report.change(place, `a name was made what a name may be here: ${JSON.stringify(mapped.name)}`);
    }
    return mapped;
  }

  #importer(): Author {
    return this.#authors.authorOf({ key: 'the importer itself', name: 'Import' });
  }

  /** Numbers that the file does not have: it would be a log with a gap. */
  #fillUpTo(seq: number | undefined): void {
    if (!this.#head.keepsNumbers || seq === undefined) return;
    if (seq <= this.#seq)
      throw new ImportError(`Entry ${seq} comes after entry ${this.#seq}: this is no history of a room.`);
    while (this.#seq + 1 < seq) {
      this.#missing += 1;
      if (this.#missing > IMPORT_LIMITS.missingMax)
        throw new ImportError(`More than ${IMPORT_LIMITS.missingMax} entries are not in the file.`);
      this.#stand({ place: `entry ${this.#seq + 1}`, reason: 'it is not in the file' });
    }
  }

  #lose(lost: LostRecord): void {
    // Whose number it was is not known: if one is missing, the next record shows it.
    if (!this.#head.keepsNumbers || lost.seq === undefined) {
      this.#report.skip(lost.place, lost.reason);
      return;
    }
    this.#fillUpTo(lost.seq);
    if (lost.atMs !== undefined) this.#atMs = Math.max(this.#atMs, Math.min(lost.atMs, this.#nowMs));
    this.#stand(lost);
  }

  /** A message in the place of what is lost. */
  #stand({ place, reason }: LostRecord): void {
    this.#report.skip(place, reason);
    const line = lineOf(wellFormed(reason), LIMITS.topicBytesMax);
    const text = `[Entry ${this.#seq + 1} could not be imported: ${line}.]`;
    const author = this.#importer();
    const seq = this.#append(author, { type: 'message', text });
    this.#messages.add(seq, { seq, author, isGone: false });
  }
}

function isFit(content: DraftContent): boolean {
  try {
    checkContent(content);
    return true;
  } catch {
    return false;
  }
}

/** Of ours: what was an emoji where it was given, though this runtime may not know it yet. */
const isShort = (emoji: string): boolean =>
  emoji !== '' && emoji.length <= 40 && !/[\p{Cc}\p{Cs}\s]/u.test(emoji);
