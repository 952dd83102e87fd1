// The parts of `wireroom chat` that need no server: arguments, memory, what is printed. The visits themselves are tested
// with a real server, in testkit.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChatSnapshot, PendingItem, RoomSnapshot, TimelineItem } from '@wireroom/client';
import { afterEach, describe, expect, it } from 'vitest';
import { FakeIo } from '../terminal/fake-io.fixture.ts';
import { styleFor } from '../terminal/terminal.ts';
import { readArguments } from './arguments.ts';
import { chat } from './chat.ts';
import { fileStorage, forget, memoryFile, SERVERS_REMEMBERED_MAX } from './memory-file.ts';
import { PENDING_SHOWN_MAX, promptOf } from './prompt.ts';
import { FIRST_ENTRIES_MAX, OLDER_ENTRIES_MAX, Transcript } from './transcript.ts';
import { WORDS } from './words.ts';

const style = styleFor(false);
const words = WORDS.en;
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'wireroom-chat-'));
  folders.push(made);
  return made;
}

describe('arguments', () => {
  it.each([
    [[], 'ws://localhost:3000/ws'],
    [['chat.example'], 'ws://chat.example/ws'],
    [['https://chat.example/'], 'wss://chat.example/ws'],
    [['ws://h:8090/other'], 'ws://h:8090/other'],
  ])('[N10] %j', (args, url) => {
    const given = readArguments(args, {});
    expect(given !== 'help' && given.url).toBe(url);
  });

  it('[N10] the language is asked for, or found in the environment', () => {
    const languageBy = (args: readonly string[], env: Record<string, string>): unknown => {
      const given = readArguments(args, env);
      return given !== 'help' && given.language;
    };
    expect(languageBy([], { LANG: 'zh_CN.UTF-8' })).toBe('zh');
    expect(languageBy(['--lang', 'en'], { LANG: 'zh_CN.UTF-8' })).toBe('en');
    expect(() => readArguments(['--lang', 'fr'], {})).toThrow('en or zh');
    expect(() => readArguments(['a', 'b'], {})).toThrow('One server at a time');
    expect(() => readArguments(['ftp://x'], {})).toThrow('no address of a Wireroom');
  });
});

describe('what is remembered', () => {
  it('[N11] is in a file that only its owner can read', () => {
    const file = memoryFile({ XDG_CONFIG_HOME: folder() });
    const storage = fileStorage(file);
    storage.set('wireroom:ws://a:identity', 'secret');
    expect(storage.get('wireroom:ws://a:identity')).toBe('secret');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    storage.remove('wireroom:ws://a:identity');
    expect(storage.get('wireroom:ws://a:identity')).toBeUndefined();
  });

  it('[N11] is bounded, and a file that somebody broke remembers nothing', () => {
    const file = memoryFile({ XDG_CONFIG_HOME: folder() });
    const storage = fileStorage(file);
    for (let index = 0; index <= SERVERS_REMEMBERED_MAX; index++)
      storage.set(`wireroom:ws://${index}:identity`, 'x');
    expect(Object.keys(JSON.parse(readFileSync(file, 'utf8')))).toHaveLength(SERVERS_REMEMBERED_MAX);
    expect(storage.get('wireroom:ws://0:identity')).toBeUndefined();
    writeFileSync(file, '[1, {');
    expect(storage.get('wireroom:ws://1:identity')).toBeUndefined();
  });

  it('[N11] is forgotten for one server on demand', async () => {
    const config = folder();
    const file = memoryFile({ XDG_CONFIG_HOME: config });
    fileStorage(file).set('wireroom:ws://a/ws:identity', 'x');
    fileStorage(file).set('wireroom:ws://b/ws:identity', 'x');
    const io = new FakeIo({ env: { XDG_CONFIG_HOME: config } });
    expect(await chat(['a', '--forget'], io)).toBe(0);
    expect(io.printed).toContain('are forgotten');
    expect(fileStorage(file).get('wireroom:ws://a/ws:identity')).toBeUndefined();
    expect(forget(file, 'ws://b/ws')).toBe(true);
    expect(forget(file, 'ws://b/ws')).toBe(false);
  });
});

const AT = '2026-11-26T12:00:00.000Z';
const author = (name: string): TimelineItem & { kind: 'message' } extends { author: infer A } ? A : never =>
  ({ authorId: `a_${name}`, name }) as never;

function message(seq: number, text = `line ${seq}`, isMine = false): TimelineItem {
  return {
    kind: 'message',
    key: `#${seq}`,
    seq,
    author: author(isMine ? 'Me' : 'Ada'),
    text,
    at: AT,
    ...{ isMine, isDeleted: false, reactions: [], changes: [] },
  };
}

function roomOf(items: readonly TimelineItem[], more: Partial<RoomSnapshot> = {}): RoomSnapshot {
  return {
    slug: 'lobby',
    title: 'Lobby',
    topic: '',
    changes: [],
    status: 'live',
    items,
    firstItemIndex: 0,
    hasOlder: false,
    isLoadingOlder: false,
    members: [],
    memberCount: 1,
    ...more,
  };
}

const range = (from: number, to: number): TimelineItem[] =>
  Array.from({ length: to - from + 1 }, (_, index) => message(from + index));

describe('the transcript', () => {
  it("[N12] prints each entry once, with the number of one's own", () => {
    const transcript = new Transcript(words, style);
    expect(transcript.news(roomOf([message(1, 'hi\nthere', true)])).slice(1)).toEqual([
      expect.stringMatching(/^\d\d:\d\d Me {2}hi$/),
      '      there #1',
    ]);
    expect(transcript.news(roomOf([message(1)]))).toEqual([]);
    expect(transcript.news(roomOf([message(1), message(2, '\u001b[31mred')]))).toEqual([
      expect.stringContaining('Ada  ␛[31mred'),
    ]);
  });

  it('[N12] begins with the newest of the history, and has older ones when asked', () => {
    const transcript = new Transcript(words, style);
    const room = roomOf(range(1, 100));
    expect(transcript.news(room)).toHaveLength(FIRST_ENTRIES_MAX + 1);
    const older = transcript.older(room) ?? [];
    expect(older[0]).toBe('── earlier: #31 to #80 ──');
    expect(older).toHaveLength(OLDER_ENTRIES_MAX + 3);
    expect(transcript.older(room)?.[0]).toBe('── earlier: #1 to #30 ──');
    expect(transcript.older(room)).toBeUndefined();
  });

  it('[N12] says where something was left out, and where the room began anew', () => {
    const transcript = new Transcript(words, style);
    transcript.news(roomOf(range(1, 10)));
    expect(transcript.news(roomOf(range(500, 501)))[0]).toBe('── 489 left out here; /older shows them ──');
    expect(transcript.news(roomOf(range(1, 2)))[0]).toBe('── the room starts again ──');
  });

  it('[N12] says that a gap was left out, and shows it in its place once it has come', () => {
    const transcript = new Transcript(words, style);
    const gap = { kind: 'gap', key: '~500', from: 11, to: 499, isLoading: false } as const;
    transcript.news(roomOf(range(1, 10)));
    const torn = roomOf([...range(1, 10), gap, ...range(500, 501)]);
    expect(transcript.news(torn)[0]).toBe('── 489 left out here; /older shows them ──');
    expect(transcript.gapBefore(torn)).toBe(gap);
    // Nothing is printed as if it came right before what it does not.
    expect(transcript.older(torn)).toBeUndefined();
    const filled = roomOf([...range(1, 10), { ...gap, to: 469 }, ...range(470, 501)]);
    expect(transcript.news(filled)).toEqual([]);
    expect(transcript.older(filled)?.[0]).toBe('── earlier: #470 to #499 ──');
    expect(transcript.gapBefore(filled)?.to).toBe(469);
  });
});

describe('the prompt', () => {
  const chatIn = (connection: ChatSnapshot['connection']): ChatSnapshot => ({
    connection,
    you: author('Ada'),
    rooms: {},
    isStorageWorking: true,
  });
  const parts = { words, style, nowMs: 1_000 };
  const pending = (text: string, state: PendingItem['state']): PendingItem => ({
    ...({ kind: 'pending', key: text, text, state } as PendingItem),
    ...(state === 'failed' && { error: { code: 'busy', message: 'Too much.' } }),
  });

  it('[N13] tells what is wrong with the connection, and nothing when all is well', () => {
    expect(promptOf(chatIn({ state: 'open' }), roomOf([]), parts)).toBe('Ada › ');
    expect(promptOf(chatIn({ state: 'waiting', retryAt: 3_100, reason: '' }), roomOf([]), parts)).toBe(
      'offline; trying again in 3 s (Enter: now). You can go on writing.\nAda › ',
    );
    const zh = { ...parts, words: WORDS.zh };
    expect(promptOf(chatIn({ state: 'waiting', retryAt: 3_100, reason: '' }), roomOf([]), zh)).toContain(
      '3 秒后重连',
    );
  });

  it("[N13] has one's own messages above it until they are acknowledged, a bounded number", () => {
    const items = ['one', 'two', 'three', 'four', 'five'].map((text) => pending(text, 'sending'));
    const lines = promptOf(chatIn({ state: 'open' }), roomOf(items), parts).split('\n');
    expect(lines).toHaveLength(PENDING_SHOWN_MAX + 2);
    expect(lines[0]).toBe('… one  sending …');
    expect(lines.at(-2)).toBe('… and 1 more');
    expect(promptOf(chatIn({ state: 'open' }), roomOf([pending('x', 'failed')]), parts)).toContain(
      '✗ x  not sent: Too much. /retry or /discard',
    );
  });
});
