// Plain text for a pager, for grep, for the printer. What is ours stands at the margin and between the number and the name;
// what people wrote stands after the name and in lines that four spaces begin, and cannot get out of there.
import type { HistoryHead } from '../download.ts';
import { endLine } from './end-line.ts';
import {
  type DarkRow,
  darkWords,
  type MessageRow,
  type NoticeRow,
  noticeWords,
  reactorNames,
  rowOf,
} from './row.ts';
import { safeLine, safeText } from './safe-text.ts';
import { PROOF_COMMANDS, selectionWords, totalsWords } from './span-words.ts';
import type { HistoryWriter } from './writer.ts';
import { longDay, zoneClock } from './zone-clock.ts';

const NO_TIME = '--:--:--';

export function textWriter(head: HistoryHead): HistoryWriter {
  const clock = zoneClock(head.spec.tz);
  let day = '';

  /** The day line, if it is a new one, and the begin of the record's line. */
  const opening = (seq: number, at: string): string => {
    const moment = clock(at);
    if (moment === undefined) return `#${seq} ${NO_TIME}`;
    const line = `#${seq} ${moment.time}`;
    if (moment.day === day) return line;
    day = moment.day;
    return `\n== ${longDay(day)} ==\n\n${line}`;
  };

  const message = (row: MessageRow): string => {
    const begin = opening(row.seq, row.at);
    if (row.isDeleted) return `${begin} [deleted] <${nameText(row.author.name)}>\n`;
    const edited = row.editedAt === undefined ? '' : ` [edited ${editedText(row)}]`;
    const text = safeText(row.text);
    const body = text.includes('\n') ? text.replaceAll('\n', '\n    ') : text;
    return `${begin}${edited} <${nameText(row.author.name)}> ${body}\n${reactionsLine(row)}`;
  };

  const editedText = ({ editedAt = '', at }: MessageRow): string => {
    const edited = clock(editedAt);
    if (edited === undefined) return 'later';
    return edited.day === clock(at)?.day ? edited.time : `${edited.day} ${edited.time}`;
  };

  const notice = (row: NoticeRow): string => {
    const text = row.text === '' ? '' : ` “${safeLine(row.text)}”`;
    return `${opening(row.seq, row.at)} * <${nameText(row.author.name)}> ${noticeWords(row)}${text}\n`;
  };

  return {
    head: () => headText(head),
    item(item) {
      const row = rowOf(item);
      if (row === undefined) return '';
      if (row.kind === 'message') return message(row);
      return row.kind === 'notice' ? notice(row) : dark(row);
    },
    foot: (totals) =>
      `\n== End ==\n\n${[...totalsWords(totals), `To prove it: ${PROOF_COMMANDS.join(' or ')}`].map((line) => `${safeLine(line)}\n`).join('')}`,
    end: (end) => endLine(end, head),
  };
}

const dark = (row: DarkRow): string => `#${row.seq} ${NO_TIME} ! ${darkWords(row, safeLine)}\n`;

/** The first `>` that no backslash precedes ends the name, whatever the name is. */
const nameText = (name: string): string => safeLine(name).replace(/[\\<>]/g, '\\$&');

function reactionsLine({ reactions }: MessageRow): string {
  if (reactions.length === 0) return '';
  const each = reactions.map(
    (reaction) => `${safeLine(reaction.emoji)} ${reaction.count} (${safeLine(reactorNames(reaction))})`,
  );
  return `  + ${each.join('  ')}\n`;
}

function headText(head: HistoryHead): string {
  const { title, topic, slug } = head.room;
  return [
    `Room:    ${safeLine(title)}`,
    ...(topic === '' ? [] : [`Topic:   ${safeLine(topic)}`]),
    `Address: ${safeLine(slug)}`,
    `History: ${safeLine(selectionWords(head).join('. '))}`,
    '',
  ].join('\n');
}
