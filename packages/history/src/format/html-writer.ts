// HTML: one document that opens offline and prints, without a script. Each record is one line of the file and has an anchor;
// so many of them make a section, which a browser lays out only when it comes near.
import type { HistoryEnd, HistoryHead, HistoryItem } from '../download.ts';
import { HISTORY_LIMITS } from '../limits.ts';
import { endLine } from './end-line.ts';
import { historyFileName } from './file-name.ts';
import { STYLE, WIRES } from './html-style.ts';
import { escapeHtml, htmlLine, htmlText } from './html-text.ts';
import {
  type DarkRow,
  darkWords,
  type MessageRow,
  type NoticeRow,
  noticeWords,
  reactorNames,
  rowOf,
} from './row.ts';
import { PROOF_COMMANDS, selectionWords, totalsWords } from './span-words.ts';
import type { HistoryTotals, HistoryWriter } from './writer.ts';
import { longDay, type Moment, type ZoneClock, zoneClock } from './zone-clock.ts';

const CSP = "default-src 'none'; style-src 'unsafe-inline'";

/** Of the message before: the next may go without the name. */
interface Before {
  readonly authorId: string;
  readonly name: string;
  readonly epochMs: number;
}
const NOBODY: Before = { authorId: '', name: '', epochMs: Number.NaN };

export const htmlWriter = (head: HistoryHead): HistoryWriter => new HtmlWriter(head);

class HtmlWriter implements HistoryWriter {
  readonly #head: HistoryHead;
  readonly #clock: ZoneClock;
  #day = '';
  #inSection = 0;
  #before = NOBODY;

  constructor(head: HistoryHead) {
    this.#head = head;
    this.#clock = zoneClock(head.spec.tz);
  }

  head(): string {
    return documentHead(this.#head);
  }

  item(item: HistoryItem): string {
    const row = rowOf(item);
    if (row === undefined) return '';
    if (row.kind === 'message') return this.#message(row);
    return row.kind === 'notice' ? this.#notice(row) : this.#dark(row);
  }

  foot(totals: HistoryTotals): string {
    return `${this.#inSection > 0 ? '</section>\n' : ''}${documentFoot(this.#head, totals)}`;
  }

  end(end: HistoryEnd): string {
    return endLine(end, this.#head);
  }

  #message(row: MessageRow): string {
    const moment = this.#clock(row.at);
    const section = this.#opening(moment);
    const { authorId } = row.author;
    const name = this.#goesOn(row, moment) ? '' : `<b title="${htmlLine(authorId)}">${nameOf(row)}</b>`;
    const text = row.isDeleted
      ? '<p class="gone">Message deleted</p>'
      : `<p dir="auto">${htmlText(row.text)}</p>${this.#edited(row)}${reactions(row)}`;
    return `${section}<article id="m${row.seq}" class="w${wireOf(authorId)}">${time(row.seq, moment)}${name}${text}</article>\n`;
  }

  #notice(row: NoticeRow): string {
    const moment = this.#clock(row.at);
    const section = this.#opening(moment);
    this.#before = NOBODY;
    const text = row.text === '' ? '' : ` “<bdi>${htmlLine(row.text)}</bdi>”`;
    return `${section}<article id="m${row.seq}">${time(row.seq, moment)}<p class="note"><b>${nameOf(row)}</b> ${noticeWords(row)}${text}</p></article>\n`;
  }

  #dark(row: DarkRow): string {
    const section = this.#opening(undefined);
    this.#before = NOBODY;
    return `${section}<article id="m${row.seq}">${time(row.seq, undefined)}<p class="dark">${darkWords(row, htmlLine)}</p></article>\n`;
  }

  /** A new section, and a day line, where there has to be one. */
  #opening(moment: Moment | undefined): string {
    const isNewDay = moment !== undefined && moment.day !== this.#day;
    if (!isNewDay && this.#inSection > 0 && this.#inSection < HISTORY_LIMITS.htmlSectionRecords) {
      this.#inSection++;
      return '';
    }
    const close = this.#inSection > 0 ? '</section>\n' : '';
    this.#inSection = 1;
    this.#before = NOBODY;
    if (!isNewDay) return `${close}<section>\n`;
    this.#day = moment.day;
    return `${close}<section>\n<h2><time datetime="${moment.day}">${longDay(moment.day)}</time></h2>\n`;
  }

  #goesOn({ author }: MessageRow, moment: Moment | undefined): boolean {
    const { authorId, name, epochMs } = this.#before;
    const at = moment?.epochMs ?? Number.NaN;
    this.#before = { authorId: author.authorId, name: author.name, epochMs: at };
    return (
      author.authorId === authorId && author.name === name && at - epochMs <= HISTORY_LIMITS.sameAuthorMs
    );
  }

  #edited({ editedAt }: MessageRow): string {
    if (editedAt === undefined) return '';
    const moment = this.#clock(editedAt);
    if (moment === undefined) return '<small>edited</small>';
    const day = moment.day === this.#day ? '' : `${moment.day} `;
    return `<small>edited <time datetime="${moment.iso}">${day}${shortTime(moment)}</time></small>`;
  }
}

const nameOf = ({ author }: MessageRow | NoticeRow): string => `<bdi>${htmlLine(author.name)}</bdi>`;
const shortTime = ({ time: text }: Moment): string => text.slice(0, 5);

function time(seq: number, moment: Moment | undefined): string {
  const text =
    moment === undefined ? `#${seq}` : `<time datetime="${moment.iso}">${shortTime(moment)}</time>`;
  return `<a href="#m${seq}">${text}</a>`;
}

function reactions({ reactions: all }: MessageRow): string {
  if (all.length === 0) return '';
  const each = all.map(
    (reaction) =>
      `<li title="${htmlLine(reactorNames(reaction))}"><bdi>${htmlLine(reaction.emoji)}</bdi> ${reaction.count}</li>`,
  );
  return `<ul>${each.join('')}</ul>`;
}

/** FNV-1a of the id: somebody has the same colour in every file, and on the page. */
function wireOf(authorId: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < authorId.length; at++)
    hash = Math.imul(hash ^ authorId.charCodeAt(at), 0x01000193) >>> 0;
  return hash % WIRES;
}

function documentHead(head: HistoryHead): string {
  const { title, topic, slug } = head.room;
  const { after = 0, previous } = head;
  return [
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
    `<meta http-equiv="Content-Security-Policy" content="${CSP}">\n`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="referrer" content="no-referrer">\n',
    `<title>${htmlLine(title)}${after === 0 ? '' : ` · after #${after}`}</title>\n<style>${STYLE}</style>\n</head>\n<body>\n`,
    `<header>\n<h1 dir="auto">${htmlLine(title)}</h1>\n`,
    topic === '' ? '' : `<p class="topic" dir="auto">${htmlLine(topic)}</p>\n`,
    `<ul class="of"><li>Room <bdi>${htmlLine(slug)}</bdi></li>`,
    ...selectionWords(head).map((words) => `<li><bdi>${htmlLine(words)}</bdi></li>`),
    '</ul>\n',
    previous === undefined ? '' : `<nav class="parts">${link(head, previous, 'prev')}</nav>\n`,
    '</header>\n<main>\n',
  ].join('');
}

function documentFoot(head: HistoryHead, totals: HistoryTotals): string {
  const { previous } = head;
  const links = [
    previous === undefined ? '' : link(head, previous, 'prev'),
    totals.next === undefined ? '' : link(head, totals.next, 'next'),
  ].join('');
  return [
    '</main>\n<footer>\n<h2>End of this file</h2>\n',
    ...totalsWords(totals).map((sentence) => `<p>${htmlLine(sentence)}</p>\n`),
    `<p>To prove it: ${PROOF_COMMANDS.map((command) => `<code>${escapeHtml(command)}</code>`).join(' or ')}</p>\n`,
    links === '' ? '' : `<nav class="parts">${links}</nav>\n`,
    '</footer>\n</body>\n</html>\n',
  ].join('');
}

/** By file name: the parts lie beside each other. */
function link({ room }: HistoryHead, after: number, rel: 'prev' | 'next'): string {
  const name = encodeURIComponent(historyFileName(room.slug, 'html', after));
  return `<a rel="${rel}" href="${escapeHtml(name)}">${rel === 'prev' ? '← Earlier' : 'Later →'}</a>`;
}
