// Files as exports have them, for the tests of their readers: bytes in portions, a history file that proves itself, and what a
// reader and the mapper make of them.
import { createHash } from 'node:crypto';
import { ImportMapper, type MappedEntry } from './import-mapper.ts';
import type { ImportHead, ReadRecord } from './import-record.ts';
import { ImportReport } from './import-report.ts';
import type { ExportFiles } from './slack-export.ts';

export const NOW_MS = Date.parse('2026-01-01T00:00:00.000Z');

/** In portions of so many bytes: whoever reads must not care where they end. */
export async function* bytesOf(text: string, size = 7): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

export const ROOM = { roomId: 'r_0000000000000000000000', slug: 'lobby', title: 'Lobby', topic: '' };
const ENVELOPE = { v: 1, roomId: ROOM.roomId, epoch: 'e' };

/** The first so many characters of an id are enough to tell people apart. */
export const idOf = (name: string): string => `a_${name.padEnd(20, '0')}`;

export interface FileOptions {
  readonly head?: object;
  readonly end?: object;
}

/** A history file in JSON Lines; entries get what all entries have. */
export function historyFile(entries: readonly object[], { head = {}, end = {} }: FileOptions = {}): string {
  const first = {
    type: 'history',
    v: 1,
    room: ROOM,
    epoch: 'e',
    until: entries.length,
    spec: { format: 'jsonl' },
    ...head,
  };
  const lines = [first, ...entries].map((line) => `${JSON.stringify(line)}\n`).join('');
  const sha256 = createHash('sha256').update(lines).digest('hex');
  const last = {
    type: 'end',
    count: entries.length,
    first: 1,
    last: entries.length,
    broken: 0,
    gaps: [],
    sha256,
    ...end,
  };
  return `${lines}${JSON.stringify(last)}\n`;
}

/** As a server writes it. */
export function entryOf(seq: number, name: string, content: object): object {
  const { type, ...rest } = content as { readonly type: string };
  const at = new Date(Date.parse('2025-01-01T00:00:00.000Z') + seq * 1_000).toISOString();
  const envelope = { ...ENVELOPE, seq, type, author: { authorId: idOf(name), name }, at };
  return type === 'join' || type === 'leave'
    ? envelope
    : { ...envelope, draftId: `draft-${seq}-${name}`, ...rest };
}

export interface Mapped {
  readonly entries: readonly MappedEntry[];
  readonly report: ImportReport;
}

export async function mapped(
  { head, records }: { readonly head: ImportHead; readonly records: AsyncIterable<ReadRecord> },
  title?: string,
): Promise<Mapped> {
  const report = new ImportReport();
  const mapper = new ImportMapper({ head, report, nowMs: NOW_MS });
  const entries: MappedEntry[] = [];
  for await (const record of records) entries.push(...mapper.take(record));
  entries.push(...mapper.finish(title));
  return { entries, report };
}

/** In short: number, who, and what. */
export function told({ entries }: Mapped): readonly string[] {
  return entries.map(({ seq, author, ...entry }) => {
    const { draftId: _, atMs: __, type, ...rest } = entry as { draftId?: string; atMs: number; type: string };
    return [seq, author.name, type, ...Object.values(rest)].join(' ');
  });
}

export function filesOf(files: Readonly<Record<string, unknown>>): ExportFiles {
  return {
    names: Object.keys(files),
    open: (name) => bytesOf(typeof files[name] === 'string' ? files[name] : JSON.stringify(files[name]), 50),
  };
}
