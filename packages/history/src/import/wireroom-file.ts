// Reads a history file of ours, JSON Lines: its head, then a record for each line, and at the end the proof that it is whole.
// Bytes in, records out; what the lines say is kept, what this version does not know is told.
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { type Entry, entrySchema, type Room, roomSchema } from '@wireroom/protocol';
import { ImportError, type ImportHead, type LostRecord, type ReadRecord } from './import-record.ts';
import { type JsonObject, objectIn, objectOf, stringIn } from './json-elements.ts';
import { IMPORT_LIMITS } from './limits.ts';

export interface WireroomFile {
  readonly head: ImportHead;
  readonly room: Room;
  /** Throws an ImportError where the file does not prove itself, unless that is allowed. */
  readonly records: AsyncIterable<ReadRecord>;
}

export interface WireroomFileOptions {
  /** Also a file without its end, or one that was changed. */
  readonly isUnprovenAllowed: boolean;
}

export async function readWireroomFile(
  chunks: AsyncIterable<Uint8Array>,
  options: WireroomFileOptions,
): Promise<WireroomFile> {
  const lines = new ProvenLines(chunks);
  const first = await lines.next();
  const head = first === undefined ? undefined : objectOf(first);
  const room = roomSchema.safeParse(head?.room);
  if (stringIn(head, 'type') !== 'history' || !room.success)
    throw new ImportError('This is no history file of Wireroom: its first line is not a head.');
  if (head?.v !== 1) throw new ImportError('This history file is of a newer Wireroom. Update this one.');
  const spec = objectIn(head, 'spec');
  const isPart = ['from', 'to', 'author'].some((field) => spec?.[field] !== undefined) || 'after' in head;
  const { title, topic } = room.data;
  return {
    head: { source: 'wireroom', title, topic, keepsNumbers: !isPart },
    room: room.data,
    records: recordsOf(lines, options),
  };
}

async function* recordsOf(
  lines: ProvenLines,
  { isUnprovenAllowed }: WireroomFileOptions,
): AsyncGenerator<ReadRecord> {
  let count = 0;
  for (let line = await lines.next(); line !== undefined; line = await lines.next()) {
    const object = objectOf(line);
    if (stringIn(object, 'type') === 'end' && object !== undefined && !('seq' in object)) {
      const problem = problemOf(object, { count, digest: lines.digest(), isLast: await lines.isOver() });
      if (problem !== undefined && !isUnprovenAllowed) throw unproven(problem);
      if (problem === undefined) return;
      continue;
    }
    count += 1;
    yield recordOf(object, `line ${lines.number}`);
  }
  if (!isUnprovenAllowed) throw unproven('it has no end: the download was broken off');
}

const unproven = (problem: string): ImportError =>
  new ImportError(
    `The file does not prove itself: ${problem}. Get it anew, or import what it has with --unproven.`,
  );

function problemOf(
  end: JsonObject,
  found: { readonly count: number; readonly digest: string; readonly isLast: boolean },
): string | undefined {
  if (!found.isLast) return 'lines follow after its end';
  if (end.sha256 !== found.digest) return 'its SHA-256 is another, so it was changed';
  if (end.count !== found.count)
    return `it has ${found.count} records, and its end says ${String(end.count).slice(0, 20)}`;
  const cut = objectIn(end, 'cut');
  return cut === undefined
    ? undefined
    : `its end says that it was cut (${stringIn(cut, 'message')?.slice(0, 200)})`;
}

function recordOf(object: JsonObject | undefined, place: string): ReadRecord {
  const lost = (reason: string): { readonly lost: LostRecord } => {
    const seq = object?.seq;
    const isNumber = typeof seq === 'number' && Number.isSafeInteger(seq) && seq > 0;
    const atMs = timeOf(stringIn(object, 'at'));
    return { lost: { place, reason, ...(isNumber && { seq }), ...(atMs !== undefined && { atMs }) } };
  };
  if (object === undefined) return lost('the line is no JSON object');
  if (object.type === 'broken')
    return lost(
      `it could not be read when the file was made: ${stringIn(object, 'reason')?.slice(0, 200) ?? ''}`,
    );
  const parsed = entrySchema.safeParse(object);
  if (!parsed.success) {
    const isKnown = entrySchema.options.some((option) => option.shape.type.value === object.type);
    if (!isKnown)
      return lost(`this version knows no entry of type ${JSON.stringify(object.type)?.slice(0, 80)}`);
    return lost('it is not as an entry of its type is');
  }
  return recordOfEntry(parsed.data, place) ?? lost('its time is no date');
}

function recordOfEntry(entry: Entry, place: string): ReadRecord | undefined {
  const { seq, author } = entry;
  const atMs = timeOf(entry.at);
  if (atMs === undefined) return undefined;
  const shared = { place, author: { key: author.authorId, ...author }, atMs, seq };
  if (entry.type === 'join' || entry.type === 'leave') return { ...shared, content: { type: entry.type } };
  const { draftId } = entry;
  const deleted = 'deleted' in entry && entry.deleted === true ? { deleted: true as const } : {};
  switch (entry.type) {
    case 'message':
      return { ...shared, draftId, content: { type: 'message', key: seq, text: entry.text, ...deleted } };
    case 'edit':
      return {
        ...shared,
        draftId,
        content: { type: 'edit', target: entry.target, text: entry.text, ...deleted },
      };
    case 'delete':
      return { ...shared, draftId, content: { type: 'delete', target: entry.target } };
    case 'react':
    case 'unreact':
      return { ...shared, draftId, content: { type: entry.type, target: entry.target, emoji: entry.emoji } };
    case 'rename':
      return { ...shared, draftId, content: { type: 'rename', title: entry.title } };
    case 'topic':
      return { ...shared, draftId, content: { type: 'topic', topic: entry.topic } };
  }
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function timeOf(at: string | undefined): number | undefined {
  if (at === undefined || !TIME.test(at)) return undefined;
  const atMs = Date.parse(at);
  return Number.isNaN(atMs) || atMs < 0 ? undefined : atMs;
}

/** Lines, one behind: the digest is of every byte before the line that was given last. */
class ProvenLines {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #hash = sha256.create();
  readonly #decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });
  #buffered: Uint8Array = new Uint8Array(0);
  #isEnded = false;
  /** The bytes of the line that was given last, with its line feed; not hashed yet. */
  #last: Uint8Array = new Uint8Array(0);
  number = 0;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  async next(): Promise<string | undefined> {
    this.#hash.update(this.#last);
    this.#last = new Uint8Array(0);
    const end = await this.#lineEnd();
    if (end === 0) return undefined;
    this.#last = this.#buffered.subarray(0, end);
    this.#buffered = this.#buffered.subarray(end);
    this.number += 1;
    return this.#decoder.decode(this.#last);
  }

  digest(): string {
    return bytesToHex(this.#hash.clone().digest());
  }

  async isOver(): Promise<boolean> {
    return (await this.#lineEnd()) === 0;
  }

  /** Where the next line ends in the buffer, its line feed included; 0: there is none. */
  async #lineEnd(): Promise<number> {
    for (let from = 0; ; ) {
      const feed = this.#buffered.indexOf(0x0a, from);
      if (feed >= 0) return feed + 1;
      from = this.#buffered.length;
      if (from > IMPORT_LIMITS.lineBytesMax)
        throw new ImportError(`Line ${this.number + 1} is longer than ${IMPORT_LIMITS.lineBytesMax} bytes.`);
      if (this.#isEnded) return from;
      const { value, done } = await this.#chunks.next();
      if (done === true) this.#isEnded = true;
      else this.#buffered = joined(this.#buffered, value);
    }
  }
}

function joined(before: Uint8Array, after: Uint8Array): Uint8Array {
  if (before.length === 0) return after;
  const both = new Uint8Array(before.length + after.length);
  both.set(before);
  both.set(after, before.length);
  return both;
}
