// What a line of a file is, in each format: told from its first bytes, since no text of a person can stand there (rule H2.4).
import type { HistoryFormat } from '../download.ts';
import { endJsonOf } from '../format/format.ts';

export type ReadLine =
  | { readonly kind: 'record'; readonly seq: number }
  | { readonly kind: 'end'; readonly json: string | undefined }
  | { readonly kind: 'other' };

/** Bytes that are looked at before a line is read as a whole. */
const PEEKED = 40;
const OTHER: ReadLine = { kind: 'other' };
const QUOTE = 0x22;

const BEGINS: readonly (readonly [HistoryFormat, string])[] = [
  ['jsonl', '{'],
  ['html', '<!doctype html>'],
  ['csv', '\ufeffseq,time,'],
  ['markdown', '# '],
  ['text', 'Room: '],
];

/** By the first line. */
export function formatOf(line: string): HistoryFormat | undefined {
  return BEGINS.find(([, begin]) => line.startsWith(begin))?.[0];
}

/** Are these bytes, at least the first forty if there are as many, the begin of a history file? */
export const beginsHistory = (bytes: Uint8Array): boolean =>
  formatOf(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, PEEKED))) !== undefined;

type TextualFormat = Exclude<HistoryFormat, 'jsonl'>;

const RECORDS: Readonly<Record<TextualFormat, RegExp>> = {
  html: /^<article id="m(\d{1,16})"/,
  text: /^#(\d{1,16}) /,
  csv: /^(\d{1,16}),/,
  markdown: /^<a id="m(\d{1,16})"><\/a>/,
};
const ENDS: Readonly<Record<TextualFormat, string>> = {
  html: '<!-- wireroom-end ',
  text: '-- wireroom-end ',
  csv: 'wireroom-end,',
  markdown: '<!-- wireroom-end ',
};

/** Reads the lines of one file in a format for people, the first one included. */
export function lineReader(format: TextualFormat): (bytes: Uint8Array) => ReadLine {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const read = (bytes: Uint8Array): ReadLine => {
    const begin = decoder.decode(bytes.subarray(0, PEEKED));
    const seq = RECORDS[format].exec(begin)?.[1];
    if (seq !== undefined) return { kind: 'record', seq: Number(seq) };
    if (!begin.startsWith(ENDS[format])) return OTHER;
    return { kind: 'end', json: endJsonOf(format, decoder.decode(bytes)) };
  };
  return format === 'csv' ? rowReader(read) : read;
}

/** A line that begins inside a quoted cell is no row. */
function rowReader(read: (bytes: Uint8Array) => ReadLine): (bytes: Uint8Array) => ReadLine {
  let isInCell = false;
  return (bytes) => {
    const line = isInCell ? OTHER : read(bytes);
    for (let at = bytes.indexOf(QUOTE); at >= 0; at = bytes.indexOf(QUOTE, at + 1)) isInCell = !isInCell;
    return line;
  };
}
