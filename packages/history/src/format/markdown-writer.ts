// Markdown that reads well as it is and renders the same everywhere. A message is a block quote: no text leaves one, since a
// sign stands before each of its lines, and every character that Markdown knows is escaped.
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

export function markdownWriter(head: HistoryHead): HistoryWriter {
  const clock = zoneClock(head.spec.tz);
  let day = '';

  const opening = ({
    seq,
    at,
    author,
  }: MessageRow | NoticeRow): { readonly begin: string; readonly time: string } => {
    const moment = clock(at);
    const isNewDay = moment !== undefined && moment.day !== day;
    if (isNewDay) day = moment.day;
    const dayLine = isNewDay ? `## ${longDay(day)}\n\n` : '';
    const time = moment === undefined ? '' : ` · ${moment.time}`;
    return {
      begin: `${dayLine}${anchor(seq)}**${line(author.name)}**`,
      time: `${time} · [\\#${seq}](#m${seq})`,
    };
  };

  const message = (row: MessageRow): string => {
    const { begin, time } = opening(row);
    if (row.isDeleted) return `${begin}${time}\n\n*Message deleted*\n\n`;
    const edited = row.editedAt === undefined ? '' : ` · edited ${clock(row.editedAt)?.iso ?? ''}`;
    return `${begin}${time}${edited}\n\n${quote(row.text)}\n\n${reactionsText(row)}`;
  };

  const notice = (row: NoticeRow): string => {
    const { begin, time } = opening(row);
    const text = row.text === '' ? '' : ` “${line(row.text)}”`;
    return `${begin} ${noticeWords(row)}${text}${time}\n\n`;
  };

  return {
    head: () => headText(head),
    item(item) {
      const row = rowOf(item);
      if (row === undefined) return '';
      if (row.kind === 'message') return message(row);
      return row.kind === 'notice' ? notice(row) : dark(row);
    },
    foot: (totals) => footText(totalsWords(totals)),
    end: (end) => endLine(end, head),
  };
}

const anchor = (seq: number): string => `<a id="m${seq}"></a>`;
const dark = (row: DarkRow): string => `${anchor(row.seq)}*${darkWords(row, line)}* · \\#${row.seq}\n\n`;

const headText = (head: HistoryHead): string =>
  [
    `# ${line(head.room.title)}\n\n`,
    head.room.topic === '' ? '' : `${line(head.room.topic)}\n\n`,
    `Room ${line(head.room.slug)}. ${line(selectionWords(head).join('. '))}.\n\n`,
  ].join('');

const footText = (sentences: readonly string[]): string =>
  `---\n\n${line(sentences.join(' '))} To prove it: \`${PROOF_COMMANDS.join('` or `')}\`\n\n`;

function reactionsText({ reactions }: MessageRow): string {
  if (reactions.length === 0) return '';
  const each = reactions.map(
    (reaction) => `${line(reaction.emoji)} ${reaction.count} (${line(reactorNames(reaction))})`,
  );
  return `${each.join(' · ')}\n\n`;
}

/** Two spaces before a line feed make a line break. */
function quote(text: string): string {
  return `> ${indented(escaped(safeText(text))).replaceAll('\n', '  \n> ')}`;
}

/** Four of them would make code: they become spaces that do not count. */
const SPACES_AT_BEGIN = /^[ \t]+/gm;

function indented(text: string): string {
  return text.replace(SPACES_AT_BEGIN, (spaces) => spaces.replaceAll('\t', '    ').replaceAll(' ', '&nbsp;'));
}

/** Also where it begins a line of the file. */
const line = (text: string): string => indented(escaped(safeLine(text)));

const SPECIAL = /[\\`*_[\]<>&|~$#+\-=!.():^{}@]/;
const INLINE = /[\\`*_[\]|~$^{}#@]/g;
/** What is a list, a rule or an underline only at a line's begin. */
const SIGN_AT_BEGIN = /^([ \t]*)([+\-=:])/gm;
const NUMBER_AT_BEGIN = /^([ \t]*\d{1,9})([.)])/gm;
/** Would become links by themselves, with our escapes in them. */
const ADDRESS_BEGIN = /(www)(\.)|(https?|ftp)(:\/\/)/gi;
/** An address with nothing in it that has to be escaped stays as it is, and so becomes a link. */
const PLAIN_ADDRESS = /(?<=^|\s)https?:\/\/[\w\-./?=&%#:,+]+(?=\s|$)/g;

function escaped(text: string): string {
  if (!SPECIAL.test(text)) return text;
  if (!text.includes('://')) return escapedPiece(text);
  let markdown = '';
  let from = 0;
  for (const { 0: address, index } of text.matchAll(PLAIN_ADDRESS)) {
    markdown += escapedPiece(text.slice(from, index)) + address;
    from = index + address.length;
  }
  return markdown + escapedPiece(text.slice(from));
}

function escapedPiece(text: string): string {
  return text
    .replace(INLINE, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(SIGN_AT_BEGIN, '$1\\$2')
    .replace(NUMBER_AT_BEGIN, '$1\\$2')
    .replace(ADDRESS_BEGIN, '$1$3\\$2$4');
}
