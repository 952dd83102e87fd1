// Comma-separated values by RFC 4180, for spreadsheets. A spreadsheet takes a cell that begins with one of a few signs for a
// formula and runs it: an apostrophe before it makes it text again (OWASP, "CSV Injection").
import type { HistoryHead } from '../download.ts';
import { endLine } from './end-line.ts';
import { type MessageRow, type NoticeRow, reactorNames, rowOf } from './row.ts';
import { safeText } from './safe-text.ts';
import type { HistoryWriter } from './writer.ts';
import { zoneClock } from './zone-clock.ts';

/** Excel reads UTF-8 only from a file that begins with this. */
const BYTE_ORDER_MARK = '\ufeff';
export const CSV_COLUMNS = [
  ...(['seq', 'time', 'author', 'author id', 'type', 'text'] as const),
  ...(['edited', 'deleted', 'reactions'] as const),
];

export function csvWriter(head: HistoryHead): HistoryWriter {
  const clock = zoneClock(head.spec.tz);
  const time = (at: string): string => clock(at)?.iso ?? '';
  const edited = ({ editedAt }: MessageRow): string => (editedAt === undefined ? '' : time(editedAt));

  const message = (row: MessageRow): string =>
    `${opening(row)},message,${cell(row.text)},${edited(row)},${row.isDeleted ? 'yes' : ''},${cell(reactions(row))}\r\n`;
  const opening = ({ seq, at, author }: MessageRow | NoticeRow): string =>
    `${seq},${time(at)},${cell(author.name)},${cell(author.authorId)}`;

  return {
    head: () => `${BYTE_ORDER_MARK}${CSV_COLUMNS.join(',')}\r\n`,
    item(item) {
      const row = rowOf(item);
      if (row === undefined) return '';
      if (row.kind === 'message') return message(row);
      if (row.kind === 'notice') return `${opening(row)},${row.notice},${cell(row.text)},,,\r\n`;
      return `${row.seq},,,,${row.kind},${cell(row.text)},,,\r\n`;
    },
    foot: () => '',
    end: (end) => endLine(end, head),
  };
}

function reactions({ reactions: all }: MessageRow): string {
  return all.map((reaction) => `${reaction.emoji} ${reaction.count} (${reactorNames(reaction)})`).join('; ');
}

/** Always quoted: nothing in it ends the cell. */
function cell(text: string): string {
  if (text === '') return '';
  const safe = neutral(safeText(text));
  return `"${safe.includes('"') ? safe.replaceAll('"', '""') : safe}"`;
}

const SUSPECT = /[=+\-@|%\t\n\uff0b\uff0d\uff1d\uff20]/;
/** At the cell's begin, also behind quotes and spaces, which some programs strip before they look. */
const AT_BEGIN = /^["'\s]*[=+\-@|%\t\n\uff0b\uff0d\uff1d\uff20]/;
/**
 * Where a spreadsheet that expects semicolons or tabs (Excel in much of Europe) would begin another cell or row in the middle of
 * ours. Not `;-)`, which is a face.
 */
const WITHIN = /([;\t\n]["' ]{0,3})(?=[=+@|%\uff0b\uff0d\uff1d\uff20]|-(?!\)))/g;

function neutral(text: string): string {
  if (!SUSPECT.test(text)) return text;
  const inner = text.replace(WITHIN, "$1'");
  return AT_BEGIN.test(inner) ? `'${inner}` : inner;
}
