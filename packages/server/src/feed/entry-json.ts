// An entry's JSON in UTF-8, made once for all who get it: live, in answers and in pages. Kept as long as the entry itself is.
import type { Entry } from '@wireroom/protocol';

/** What is made of an entry once. Bytes are shared: never to be written to. */
export class EntryBytes {
  /** The JSON of the event that brings it to a native client. */
  readonly event: Buffer;

  constructor(entry: Entry) {
    this.event = Buffer.from(`${BEFORE}${JSON.stringify(entry)}${AFTER}`);
  }

  /** Its own JSON, which is a piece of the event's. */
  get json(): Buffer {
    return this.event.subarray(BEFORE.length, this.event.length - AFTER.length);
  }

  get jsonBytes(): number {
    return this.event.length - BEFORE.length - AFTER.length;
  }
}

const BEFORE = '{"type":"entry","entry":';
const AFTER = '}';

const known = new WeakMap<Entry, EntryBytes>();

export function bytesOf(entry: Entry): EntryBytes {
  let bytes = known.get(entry);
  if (bytes === undefined) {
    bytes = new EntryBytes(entry);
    known.set(entry, bytes);
  }
  return bytes;
}

/** Of its JSON. */
export const entryBytes = (entry: Entry): number => bytesOf(entry).jsonBytes;

const COMMA = Buffer.from(',');
const lists = new WeakMap<readonly Entry[], Buffer>();

/** Their JSON with commas between, without the brackets of an array; made once for a list that many are sent. */
export function listJson(entries: readonly Entry[]): Buffer {
  const known = lists.get(entries);
  if (known !== undefined) return known;
  const pieces: Buffer[] = [];
  for (const entry of entries) pieces.push(bytesOf(entry).json, COMMA);
  pieces.pop();
  const json = Buffer.concat(pieces);
  lists.set(entries, json);
  return json;
}

/** Bytes of the JSON array of these entries. Counted, where nobody has been sent the list yet. */
export function entriesBytes(entries: readonly Entry[]): number {
  const known = lists.get(entries);
  if (known !== undefined) return known.length + 2;
  const commas = Math.max(0, entries.length - 1);
  return entries.reduce((sum, entry) => sum + entryBytes(entry), 2 + commas);
}
