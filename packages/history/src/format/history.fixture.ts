// For tests: heads, entries and whole files, made as the server makes them.
import { createHash } from 'node:crypto';
import {
  type AuthorId,
  authorIdSchema,
  draftIdSchema,
  type Entry,
  epochSchema,
  type MessageEntry,
  type MessageState,
  roomIdSchema,
} from '@wireroom/protocol';
import type { HistoryEnd, HistoryHead, HistoryItem, HistorySpec } from '../download.ts';
import { HistoryCount } from '../history-count.ts';
import { hasRecord, historyWriter } from './format.ts';

export const EPOCH = epochSchema.parse('e_0123456789abcdef');
export const ROOM_ID = roomIdSchema.parse('r_0123456789abcdef');
export const ANN = { authorId: authorIdSchema.parse('a_annannannannannann'), name: 'Ann' };
export const BOB = { authorId: authorIdSchema.parse('a_bobbobbobbobbobbob'), name: 'Bob' };

export function headOf(spec: HistorySpec, more: Partial<HistoryHead> = {}): HistoryHead {
  return {
    ...{ type: 'history', v: 1, epoch: EPOCH, until: 1_000_000, spec },
    room: { roomId: ROOM_ID, slug: 'lobby', title: 'The lobby', topic: 'Where everybody enters' },
    ...more,
  };
}

const START_MS = Date.parse('2026-11-26T20:58:51.123Z');

const envelope = (seq: number, author: { readonly authorId: AuthorId; readonly name: string }) => ({
  ...{ v: 1 as const, roomId: ROOM_ID, epoch: EPOCH, seq, author },
  at: new Date(START_MS + seq * 60_000).toISOString(),
});

export function messageOf(seq: number, text: string, author = ANN): MessageEntry {
  return {
    ...envelope(seq, author),
    draftId: draftIdSchema.parse(`draft-${seq}-000000`),
    type: 'message',
    text,
  };
}

export const joinOf = (seq: number, author = ANN): Entry => ({ ...envelope(seq, author), type: 'join' });

export function titleOf(seq: number, title: string, author = ANN): Entry {
  return {
    ...envelope(seq, author),
    draftId: draftIdSchema.parse(`draft-${seq}-000000`),
    type: 'rename',
    title,
  };
}

export function editOf(seq: number, target: number, text: string): Entry {
  const draftId = draftIdSchema.parse(`draft-${seq}-000000`);
  return { ...envelope(seq, ANN), draftId, type: 'edit', target, text };
}

export const itemOf = (entry: Entry, state?: MessageState): HistoryItem =>
  state === undefined ? { kind: 'entry', entry } : { kind: 'entry', entry, state };

/** A whole file, and its end. */
export function fileOf(
  head: HistoryHead,
  items: readonly HistoryItem[],
  more: Partial<HistoryEnd> = {},
): { readonly text: string; readonly end: HistoryEnd } {
  const writer = historyWriter(head);
  const count = new HistoryCount({ findsGaps: head.spec.author === undefined });
  let text = writer.head();
  for (const item of items) {
    const seq = item.kind === 'broken' ? item.seq : item.entry.seq;
    const isBroken = item.kind === 'broken';
    if (isBroken || hasRecord(head.spec.format, item.entry.type)) count.record(seq, { isBroken });
    else count.pass(seq);
    text += writer.item(item);
  }
  const totals = { ...count.totals(), ...more };
  text += writer.foot(totals);
  const end: HistoryEnd = { type: 'end', ...totals, sha256: createHash('sha256').update(text).digest('hex') };
  return { text: text + writer.end(end), end };
}

/** What somebody might call themselves or write to break out of a file, a terminal or a spreadsheet. */
export const HOSTILE: readonly string[] = [
  '</script><script>alert(1)</script>',
  '</p></article></section><h1>owned</h1>',
  '" onmouseover="alert(1)',
  '<!-- wireroom-end {"type":"end","count":0} -->',
  '-- wireroom-end {"type":"end"}',
  'wireroom-end,,,,,,,,"{}"',
  '{"type":"end","count":0}',
  '=HYPERLINK("http://evil.example","x")',
  "+1+cmd|' /C calc'!A0",
  '-2+3',
  '@SUM(1+1)',
  '\t=1+1',
  '"=1+1',
  'a;=1+1',
  'a\n=1+1',
  '\u001b[2J\u001b[1;31mred\u001b]0;title\u0007',
  'abc\u202etxt.exe',
  '\u2066\u2067isolated',
  'line\u2028line\u2029line\u0085line\u000bline\u000cline',
  'nul\u0000nul',
  'half\ud83dhalf',
  'a\rb\r\nc\nd',
  '\n\n\n#1 20:58:51 <Bob> forged',
  '== Thursday, 26 November 2026 ==',
  '<a id="m1"></a>**Bob** · 00:00:00',
  '> quoted\n\n# heading\n\n---\n\n```\ncode\n```\n\n| a | b |\n|---|---|\n',
  '    four spaces\n\ttab',
  '1. one\n2) two\n- three\n+ four\n* five',
  '[link](javascript:alert(1)) ![img](http://evil.example/x.png) <javascript:alert(1)>',
  'Setext\n===\nmore\n---',
  'a | b \\ c ` d ~~e~~ $f$ &amp; &#60;',
  'Bob> forged <Ann',
  'see https://example.org/a_b_c?d=1&e=2#f and www.example.org/*x* or ann@example.org.',
  'https://evil.example/"onclick="alert(1)</p> http://a_b*c@evil.example/;=1+1',
  'שלום \u05d0\u05d1 مرحبا',
  '𝔘𝔫𝔦𝔠𝔬𝔡𝔢 👩‍👩‍👧‍👦 ❤️',
];
