// Our own files: what is in them comes out as it was, what cannot is told and leaves no hole, and a file that does not prove itself
// is not taken.
import { describe, expect, it } from 'vitest';
import { bytesOf, entryOf, type FileOptions, historyFile, idOf, mapped, told } from './import.fixture.ts';
import { readWireroomFile } from './wireroom-file.ts';

const STORY = [
  entryOf(1, 'Ann', { type: 'join' }),
  entryOf(2, 'Ann', { type: 'message', text: 'one\u0000\u202e' }),
  entryOf(3, 'Ben', { type: 'message', text: '', deleted: true }),
  entryOf(4, 'Ann', { type: 'edit', target: 2, text: 'two' }),
  entryOf(5, 'Ben', { type: 'delete', target: 3 }),
  entryOf(6, 'Ben', { type: 'react', target: 2, emoji: '👍' }),
  entryOf(7, 'Ben', { type: 'unreact', target: 2, emoji: '👍' }),
  entryOf(8, 'Ann', { type: 'rename', title: 'Hall' }),
  entryOf(9, 'Ann', { type: 'topic', topic: 'This' }),
  entryOf(10, 'Ann', { type: 'leave' }),
];

async function read(text: string, isUnprovenAllowed = false) {
  const file = await readWireroomFile(bytesOf(text), { isUnprovenAllowed });
  return { head: file.head, ...(await mapped(file)) };
}

const readStory = (entries: readonly object[], options?: FileOptions, isUnprovenAllowed?: boolean) =>
  read(historyFile(entries, options), isUnprovenAllowed);

describe('a history of ours', () => {
  it('[H4.1] comes out as it was: numbers, times, authors, drafts and texts', async () => {
    const { entries, report, head } = await readStory(STORY);
    const back = entries.map(({ seq, atMs, author, ...rest }) => ({
      ...rest,
      seq,
      author,
      at: new Date(atMs).toISOString(),
    }));
    expect(back).toEqual(
      STORY.map((entry) =>
        expect.objectContaining({ ...entry, v: undefined, roomId: undefined, epoch: undefined }),
      ).map((_, index) => {
        const { v: _v, roomId: _r, epoch: _e, ...rest } = STORY[index] as Record<string, unknown>;
        return rest;
      }),
    );
    expect(report.counts).toEqual({ entries: 10, messages: 2, authors: 2, skipped: 0, changed: 0 });
    expect(head).toEqual({ source: 'wireroom', title: 'Lobby', topic: '', keepsNumbers: true });
  });

  it('[H4.6] has a message in the place of what cannot be read or is not known, and keeps the numbers after it', async () => {
    const lines = [
      STORY[0],
      { type: 'broken', seq: 2, reason: 'no JSON' },
      entryOf(3, 'Ann', { type: 'poll', question: 'what?' }),
      entryOf(5, 'Ann', { type: 'edit', target: 2, text: 'of what is lost' }),
      { ...entryOf(6, 'Ann', { type: 'message', text: 'at no time' }), at: 'yesterday' },
      entryOf(7, 'Ann', { type: 'message', text: 'x'.repeat(20_000) }),
      entryOf(8, 'Ann', { type: 'message', text: 'still here' }),
    ] as object[];
    const result = await readStory(lines);
    expect(told(result)).toEqual([
      '1 Ann join',
      '2 Import message [Entry 2 could not be imported: it could not be read when the file was made: no JSON.]',
      '3 Import message [Entry 3 could not be imported: this version knows no entry of type "poll".]',
      '4 Import message [Entry 4 could not be imported: it is not in the file.]',
      '5 Import message [Entry 5 could not be imported: only its author changes a message.]',
      '6 Import message [Entry 6 could not be imported: its time is no date.]',
      '7 Import message [Entry 7 could not be imported: its text is too long.]',
      '8 Ann message still here',
    ]);
    expect(result.report.skipped).toBe(6);
    expect(result.report.problems[1]).toEqual({
      place: 'line 4',
      reason: 'this version knows no entry of type "poll"',
    });
  });

  it('[H4.6] leaves a line out that is no record, whether it stands beside one or in its place', async () => {
    const lines = historyFile(STORY).split('\n');
    const result = await read([...lines.slice(0, 3), 'garbage', '[]', ...lines.slice(4)].join('\n'), true);
    expect(told(result).slice(1, 4)).toEqual([
      '2 Ann message one\u0000\u202e',
      '3 Import message [Entry 3 could not be imported: it is not in the file.]',
      '4 Ann edit 2 two',
    ]);
    const beside = await read([...lines.slice(0, 3), 'garbage', ...lines.slice(3)].join('\n'), true);
    expect(beside.entries).toHaveLength(STORY.length);
    expect(beside.report.problems).toEqual([{ place: 'line 4', reason: 'the line is no JSON object' }]);
  });

  it('[H4.6] numbers part of a history anew, and what is about something that is not there is left out', async () => {
    const part = [
      STORY[2],
      STORY[3],
      STORY[5],
      entryOf(7, 'Cid', { type: 'message', text: 'new' }),
      entryOf(9, 'Cid', { type: 'edit', target: 7, text: 'newer' }),
    ];
    const result = await readStory(part as object[], {
      head: { spec: { format: 'jsonl', from: '2025-01-01T00:00:03Z' } },
    });
    expect(told(result)).toEqual([
      '1 Ben message  true',
      '2 Cid message new',
      '3 Cid edit 2 newer',
      '4 Ben delete 1',
    ]);
    expect(result.report.problems.map(({ reason }) => reason)).toEqual([
      'the message that it is about is not there (edit)',
      'the message that it is about is not there (react)',
    ]);
  });

  it.each([
    ['broken off', (text: string) => text.split('\n').slice(0, -2).join('\n'), 'it has no end'],
    ['changed', (text: string) => text.replace('"two"', '"2"'), 'its SHA-256 is another'],
    [
      'longer than its end',
      (text: string) => `${text}${JSON.stringify(entryOf(11, 'Ann', { type: 'join' }))}\n`,
      'lines follow after its end',
    ],
  ] as const)('[H4.7] is refused when it is %s, unless that is allowed', async (_, change, sentence) => {
    const text = change(historyFile(STORY));
    await expect(read(text)).rejects.toMatchObject({
      name: 'ImportError',
      message: expect.stringMatching(new RegExp(`${sentence}.*--unproven`)),
    });
    expect((await read(text, true)).entries.length).toBeGreaterThanOrEqual(10);
  });

  it('[H4.7] is refused when its end says so itself', async () => {
    const cut = { cut: { code: 'not-joined', message: 'You were removed.' } };
    await expect(readStory(STORY, { end: cut })).rejects.toThrow('it was cut (You were removed.)');
    await expect(readStory(STORY, { end: { count: 9 } })).rejects.toThrow(
      'it has 10 records, and its end says 9',
    );
  });

  it.each([
    ['hello\n', 'first line is not a head'],
    ['', 'first line is not a head'],
    [historyFile(STORY, { head: { v: 2 } }), 'of a newer Wireroom'],
    ['x'.repeat(2_000_000), 'Line 1 is longer than'],
  ])('[H4.10] refuses what is none: %#', async (text, sentence) => {
    const file = readWireroomFile(bytesOf(text, 10_000), { isUnprovenAllowed: true });
    await expect(file).rejects.toMatchObject({
      name: 'ImportError',
      message: expect.stringContaining(sentence),
    });
  });

  it('[H4.10] refuses numbers that run backwards, and holes without end', async () => {
    await expect(readStory([STORY[1], STORY[0]] as object[])).rejects.toThrow('Entry 1 comes after entry 2');
    const far = { ...STORY[1], seq: 1_000_000_000 };
    await expect(readStory([far])).rejects.toThrow('More than 10000 entries are not in the file.');
  });

  it('[H4.8] gives nobody a token: authors are who they were', async () => {
    const { entries } = await readStory(STORY);
    expect(new Set(entries.map(({ author }) => author.authorId))).toEqual(
      new Set([idOf('Ann'), idOf('Ben')]),
    );
  });
});
