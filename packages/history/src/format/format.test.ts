// The five formats: what is in them, where it stands, and that it can be proved with standard tools.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageStateSchema } from '@wireroom/protocol';
import { describe, expect, it } from 'vitest';
import { HISTORY_FORMATS, type HistoryFormat, type HistoryItem } from '../download.ts';
import { endJsonOf, historyFileName, historyWriter, isSealed, isTimeZone } from './format.ts';
import { ANN, BOB, editOf, fileOf, headOf, itemOf, joinOf, messageOf, titleOf } from './history.fixture.ts';
import { zoneClock } from './zone-clock.ts';

const edited = messageStateSchema.parse({
  ...{ seq: 3, text: 'second thought', editedAt: '2026-11-26T21:30:00.000Z', editSeq: 5 },
  reactions: [{ emoji: '👍', count: 3, isMine: false, authors: [ANN, BOB] }],
});
const deleted = messageStateSchema.parse({ seq: 4, deleted: true, reactions: [] });
const items: readonly HistoryItem[] = [
  itemOf(joinOf(1)),
  itemOf(messageOf(2, 'hello\nworld', BOB)),
  itemOf(messageOf(3, 'first thought'), edited),
  itemOf(messageOf(4, ''), deleted),
  itemOf(editOf(5, 3, 'second thought')),
  { kind: 'broken', seq: 6, reason: 'no JSON' },
  itemOf(titleOf(9, 'A new title', BOB)),
];

const linesOf = (text: string): readonly string[] => text.split(/(?<=\n)/);
const file = (format: HistoryFormat) => fileOf(headOf({ format }), items);

describe('JSON Lines', () => {
  it('[H2.1] are the head, every entry as it happened, and the end', () => {
    const lines = linesOf(file('jsonl').text);
    expect(lines[0]).toBe(`${JSON.stringify(headOf({ format: 'jsonl' }))}\n`);
    expect(lines[1]).toBe(`${JSON.stringify(joinOf(1))}\n`);
    expect(lines[5]).toBe(`${JSON.stringify(editOf(5, 3, 'second thought'))}\n`);
    expect(lines[6]).toBe('{"type":"broken","seq":6,"reason":"no JSON"}\n');
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
      ...{ type: 'end', count: 7, first: 1, last: 9, broken: 1, gaps: [[7, 8]] },
      sha256: file('jsonl').end.sha256,
    });
    expect(lines).toHaveLength(9);
  });
});

describe('every format', () => {
  it.each(HISTORY_FORMATS)(
    '[H2.2] %s ends with a line that `head -n -1 FILE | sha256sum` proves',
    (format) => {
      const folder = mkdtempSync(join(tmpdir(), 'wireroom-history-'));
      try {
        const { text, end } = file(format);
        const path = join(folder, historyFileName('lobby', format));
        writeFileSync(path, text);
        const told = execFileSync('sh', ['-c', 'head -n -1 "$0" | sha256sum', path], { encoding: 'utf8' });
        expect(told.split(' ')[0]).toBe(end.sha256);
        const json = endJsonOf(format, linesOf(text).at(-1) ?? '');
        expect(JSON.parse(json ?? '')).toMatchObject(end);
        expect(isSealed(json ?? '')).toBe(true);
        expect(isSealed((json ?? '').replace('"count":', '"count":1'))).toBe(false);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );

  it.each(HISTORY_FORMATS)(
    '[H2.2] the end of %s carries no character that could close a comment or a cell',
    (format) => {
      const { text } = fileOf(headOf({ format }), items, {
        cut: { code: 'x', message: '--> <!-- --!> ü "' },
      });
      const json = endJsonOf(format, linesOf(text).at(-1) ?? '') ?? '';
      expect(json).toMatch(/^[\x20-\x7e]+$/);
      expect(json).not.toMatch(/[<>]/);
      expect(JSON.parse(json)).toMatchObject({ cut: { message: '--> <!-- --!> ü "' } });
    },
  );

  it.each(['html', 'text', 'csv', 'markdown'] as const)(
    '[H2.3] %s has messages as they stand, notices, and no row for an edit',
    (format) => {
      const { text, end } = file(format);
      expect(text).toContain('second thought');
      expect(text).not.toContain('first thought');
      expect(text).toMatch(/deleted|yes/);
      expect(text).toMatch(/👍(<\/bdi>)? 3/u);
      expect(text).toContain('Ann, Bob and 1 more');
      expect(text).toContain('no JSON');
      expect(text).toContain('A new title');
      expect(end).toMatchObject({ count: 6, first: 1, last: 9, broken: 1, gaps: [[7, 8]] });
      expect(historyWriter(headOf({ format })).item(itemOf(editOf(5, 3, 'x')))).toBe('');
    },
  );

  it('[H2.3] a history that is not whole says so, in words', () => {
    for (const format of ['html', 'text', 'markdown'] as const) {
      const cut = { code: 'not-joined', message: 'You left the room.' };
      expect(fileOf(headOf({ format }), items, { cut }).text).toContain('NOT whole');
    }
  });
});

describe('HTML', () => {
  const long = fileOf(
    headOf({ format: 'html', tz: 'Asia/Kolkata' }, { after: 1, previous: 0 }),
    Array.from({ length: 400 }, (_, index) =>
      itemOf(messageOf(index + 2, `see https://example.org/?a=1&b=2.`)),
    ),
    { next: 401 },
  ).text;

  it('[H2.5] has no script, and a policy that allows none and fetches nothing', () => {
    expect(long).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(long).not.toMatch(/<script|<link|<img|@import|url\(/);
    expect(long).toContain(
      '<a href="https://example.org/?a=1&amp;b=2" rel="noreferrer">https://example.org/?a=1&amp;b=2</a>.',
    );
  });

  it('[H2.5] hides no time and no anchor, however narrow the window', () => {
    expect(long).not.toMatch(/article[^{}]*a:first-child\{[^}]*display:none/);
  });

  it('[H2.5] has an anchor for each record, a line for each day of the time zone, and links to its neighbours', () => {
    expect(long.match(/<article id="m\d+"/g)).toHaveLength(400);
    expect(long.match(/<h2><time datetime="[^"]+">[^<]+/g)).toEqual([
      '<h2><time datetime="2026-11-27">Friday, 27 November 2026',
    ]);
    expect(long).toContain('<time datetime="2026-11-27T02:30:51.123+05:30">02:30</time>');
    expect(long).toContain('<a rel="prev" href="lobby.html">');
    expect(long).toContain('<a rel="next" href="lobby-after-401.html">');
    expect(long.match(/<section>/g)?.length).toBe(long.match(/<\/section>/g)?.length);
    expect(long.match(/<section>/g)).toHaveLength(8);
  });
});

describe('times', () => {
  const at = (zone: string, instant: string): string | undefined => zoneClock(zone)(instant)?.iso;

  it('[H2.6] are of the zone that was asked for, also around a change of its clocks', () => {
    expect(at('Europe/Berlin', '2026-10-25T00:59:59.999Z')).toBe('2026-10-25T02:59:59.999+02:00');
    expect(at('Europe/Berlin', '2026-10-25T01:00:00.000Z')).toBe('2026-10-25T02:00:00.000+01:00');
    expect(at('America/St_Johns', '2026-01-01T00:00:00.000Z')).toBe('2025-12-31T20:30:00.000-03:30');
    expect(at('Asia/Kathmandu', '2026-02-28T18:15:00.000Z')).toBe('2026-03-01T00:00:00.000+05:45');
    expect(at('UTC', '2024-02-29T23:59:59.000Z')).toBe('2024-02-29T23:59:59.000Z');
    expect(at('UTC', 'yesterday')).toBeUndefined();
    const clock = zoneClock('Australia/Lord_Howe');
    const told = new Intl.DateTimeFormat('sv', {
      timeZone: 'Australia/Lord_Howe',
      dateStyle: 'short',
      timeStyle: 'medium',
    });
    for (let ms = Date.UTC(2026, 2, 1); ms < Date.UTC(2026, 10, 1); ms += 7 * 3_600_000 + 61_000) {
      const moment = clock(new Date(ms).toISOString());
      expect(`${moment?.day} ${moment?.time}`).toBe(told.format(ms));
    }
  });

  it('[H2.6] a zone that is none is told from one', () => {
    expect(isTimeZone('Europe/Berlin')).toBe(true);
    expect(isTimeZone('Europe/Atlantis')).toBe(false);
    expect(() => historyWriter(headOf({ format: 'text', tz: 'Europe/Atlantis' }))).toThrow(RangeError);
  });
});

describe('text', () => {
  it('[H2.4] has what is ours at the margin and before the name', () => {
    expect(file('text').text.split('\n').slice(0, 16).join('\n')).toMatchInlineSnapshot(`
      "Room:    The lobby
      Topic:   Where everybody enters
      Address: lobby
      History: From the beginning, up to entry 1,000,000. Times in UTC

      == Thursday, 26 November 2026 ==

      #1 20:59:51 * <Ann> joined
      #2 21:00:51 <Bob> hello
          world
      #3 21:01:51 [edited 21:30:00] <Ann> second thought
        + 👍 3 (Ann, Bob and 1 more)
      #4 21:02:51 [deleted] <Ann>
      #6 --:--:-- ! This record cannot be read: no JSON
      #9 21:07:51 * <Bob> renamed the room to “A new title”
      "
    `);
  });
});

describe('Markdown', () => {
  it('[H2.4] has messages as quotes', () => {
    expect(file('markdown').text.split('\n').slice(6, 22).join('\n')).toMatchInlineSnapshot(`
      "## Thursday, 26 November 2026

      <a id="m1"></a>**Ann** joined · 20:59:51 · [\\#1](#m1)

      <a id="m2"></a>**Bob** · 21:00:51 · [\\#2](#m2)

      > hello  
      > world

      <a id="m3"></a>**Ann** · 21:01:51 · [\\#3](#m3) · edited 2026-11-26T21:30:00.000Z

      > second thought

      👍 3 (Ann, Bob and 1 more)

      <a id="m4"></a>**Ann** · 21:02:51 · [\\#4](#m4)"
    `);
  });
});

describe('CSV', () => {
  it('[H2.6] begins with a byte order mark and the columns, and has a row for each record', () => {
    expect(file('csv').text.split('\r\n').slice(0, 7).join('\n')).toMatchInlineSnapshot(`
      "﻿seq,time,author,author id,type,text,edited,deleted,reactions
      1,2026-11-26T20:59:51.123Z,"Ann","a_annannannannannann",join,,,,
      2,2026-11-26T21:00:51.123Z,"Bob","a_bobbobbobbobbobbob",message,"hello
      world",,,
      3,2026-11-26T21:01:51.123Z,"Ann","a_annannannannannann",message,"second thought",2026-11-26T21:30:00.000Z,,"👍 3 (Ann, Bob and 1 more)"
      4,2026-11-26T21:02:51.123Z,"Ann","a_annannannannannann",message,,,yes,
      6,,,,broken,"no JSON",,,
      9,2026-11-26T21:07:51.123Z,"Bob","a_bobbobbobbobbobbob",rename,"A new title",,,"
    `);
  });
});
