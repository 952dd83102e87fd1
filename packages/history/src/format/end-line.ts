// The last line of a file: the end as JSON, in the clothes of each format. Plain ASCII, so that nothing in it can close a
// comment or a cell. The seal makes a change to this line as visible as one to the lines before it.
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { HistoryEnd, HistoryFormat, HistoryHead } from '../download.ts';

const SEAL_DIGITS = 16;
const SEALED = /^(\{.*),"seal":"([0-9a-f]{16})"\}$/;
/** Semicolons too: some spreadsheets begin a cell after one, whatever the file says. */
const NOT_PLAIN = /[;<>&\u007f-\uffff]/g;
const CELLS_BETWEEN = ','.repeat(8);

/** `head` is left out in JSON Lines, whose first line it is. */
export function endLine(end: HistoryEnd, head: HistoryHead): string {
  const { format } = head.spec;
  const { seal: _, head: __, ...rest } = end;
  const json = sealed(plain(JSON.stringify(format === 'jsonl' ? rest : { ...rest, head })));
  switch (format) {
    case 'jsonl':
      return `${json}\n`;
    case 'html':
    case 'markdown':
      return `<!-- wireroom-end ${json} -->\n`;
    case 'text':
      return `-- wireroom-end ${json}\n`;
    case 'csv':
      return `wireroom-end${CELLS_BETWEEN}"${quoted(json)}"\r\n`;
  }
}

const LINES: Readonly<Record<HistoryFormat, RegExp>> = {
  jsonl: /^(\{"type":"end",.*\})\n$/,
  html: /^<!-- wireroom-end (\{.*\}) -->\n$/,
  markdown: /^<!-- wireroom-end (\{.*\}) -->\n$/,
  text: /^-- wireroom-end (\{.*\})\n$/,
  csv: /^wireroom-end,{8}"(\{.*\})"\r\n$/,
};

/** The JSON in a last line, with its line feed; undefined if it is none. The JSON may still be nonsense. */
export function endJsonOf(format: HistoryFormat, line: string): string | undefined {
  const found = LINES[format].exec(line)?.[1];
  if (format !== 'csv' || found === undefined) return found;
  const json = found.replaceAll('""', '"');
  return quoted(json) === found ? json : undefined;
}

const quoted = (json: string): string => json.replaceAll('"', '""');

/** Is the JSON of an end as its writer wrote it? */
export function isSealed(json: string): boolean {
  const [, before, seal] = SEALED.exec(json) ?? [];
  return before !== undefined && seal === sealOf(`${before}}`);
}

function sealed(json: string): string {
  return `${json.slice(0, -1)},"seal":"${sealOf(json)}"}`;
}

const sealOf = (json: string): string => bytesToHex(sha256(utf8ToBytes(json))).slice(0, SEAL_DIGITS);

function plain(json: string): string {
  return json.replace(NOT_PLAIN, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
