// `wireroom history import` as it is typed: what it tells, what it refuses, and what is in the database afterwards.
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { openImportLog, verifyDatabase } from '@wireroom/server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FakeIo } from '../terminal/fake-io.fixture.ts';
import { history } from './history.ts';

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'wireroom-import-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

async function typed(args: readonly string[], io = new FakeIo()) {
  const code = await history(['import', ...args], io);
  return { code, said: io.printed, complained: io.complained };
}

const room = { roomId: 'r_0000000000000000000000', slug: 'lobby', title: 'Lobby', topic: '' };
const ann = { authorId: `a_${'n'.repeat(20)}`, name: 'Ann' };

/** A history of ours: a join, then so many messages. */
function ours(count: number): string {
  const envelope = (seq: number, type: string) => ({
    v: 1,
    roomId: room.roomId,
    epoch: 'e',
    seq,
    type,
    author: ann,
    at: new Date(seq * 1_000).toISOString(),
  });
  const texts = Array.from({ length: count }, (_, index) => ({
    ...envelope(index + 2, 'message'),
    draftId: `draft-${String(index).padStart(7, '0')}`,
    text: `number ${index}`,
  }));
  const head = { type: 'history', v: 1, room, epoch: 'e', until: count + 1, spec: { format: 'jsonl' } };
  const lines = [head, envelope(1, 'join'), ...texts].map((line) => `${JSON.stringify(line)}\n`).join('');
  const sha256 = createHash('sha256').update(lines).digest('hex');
  return `${lines}${JSON.stringify({ type: 'end', count: count + 1, first: 1, last: count + 1, broken: 0, gaps: [], sha256 })}\n`;
}

/** A file beside a data folder. */
function given(
  name: string,
  content: string | Buffer,
): { readonly file: string; readonly data: readonly string[]; readonly dataDir: string } {
  const inside = folder();
  const file = join(inside, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  const dataDir = join(inside, 'data');
  return { file, dataDir, data: ['--data-dir', dataDir] };
}

/** A zip, by hand: names are what the test says, and the size of a long file is what it claims. */
function zipOf(files: Readonly<Record<string, string>>, claimedBytes?: number): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let at = 0;
  for (const [name, text] of Object.entries(files)) {
    const [path, raw] = [Buffer.from(name), Buffer.from(text)];
    const packed = deflateRawSync(raw);
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(8, 4);
    shared.writeUInt32LE(crc32(raw), 10);
    shared.writeUInt32LE(packed.length, 14);
    shared.writeUInt32LE(raw.length > 1_000 ? (claimedBytes ?? raw.length) : raw.length, 18);
    shared.writeUInt16LE(path.length, 22);
    locals.push(Buffer.from('PK\u0003\u0004', 'latin1'), shared, path, packed);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(at, 10);
    centrals.push(Buffer.from('PK\u0001\u0002\u0014\u0000', 'latin1'), shared, tail, path);
    at += 4 + 26 + path.length + packed.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(Object.keys(files).length, 4);
  end.writeUInt16LE(Object.keys(files).length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...locals, directory, Buffer.from('PK\u0005\u0006', 'latin1'), end]);
}

const SLACK = {
  'users.json': JSON.stringify([{ id: 'U1', name: 'ada', profile: { display_name: 'Ada' } }]),
  'channels.json': JSON.stringify([{ id: 'C1', name: 'general' }]),
  'general/2020-01-01.json': JSON.stringify([
    { type: 'message', user: 'U1', text: 'hello', ts: '1577836800.0001' },
  ]),
};

describe('wireroom history import', () => {
  it('[H4.11] imports a history of ours, packed too, and tells what came of it', async () => {
    for (const [name, content] of [
      ['lobby.jsonl', ours(3_000)],
      ['lobby.jsonl.gz', gzipSync(ours(3_000))],
    ] as const) {
      const { file, data, dataDir } = given(name, content);
      const answer = await typed([file, '--room', 'copy', ...data]);
      expect(answer).toMatchObject({ code: 0, complained: '' });
      expect(answer.said).toMatch(
        /The room "copy" \(Lobby\) in .*wireroom\.sqlite is made of a history of the room "lobby":/,
      );
      expect(answer.said).toMatch(
        /3,001 entries, 3,000 messages, 1 author, \d+\.\d s \([\d,]+ entries\/s\)\n$/,
      );
      const { rooms, problems } = await verifyDatabase(dataDir);
      expect(problems).toEqual([]);
      expect(rooms).toMatchObject([{ slug: 'copy', entryCount: 3_001, problems: [] }]);
    }
  });

  it('[H4.4] makes a room that is sound though somebody had not left', async () => {
    const { file, data, dataDir } = given('lobby.jsonl', ours(1));
    await typed([file, '--room', 'copy', ...data]);
    expect((await verifyDatabase(dataDir)).rooms).toMatchObject([{ entryCount: 2, problems: [] }]);
  });

  it('[H4.11] writes nothing when it is only to tell', async () => {
    const { file, data, dataDir } = given('lobby.jsonl', ours(2));
    const answer = await typed([file, '--room', 'copy', '--dry-run', ...data]);
    expect(answer.said).toContain(
      'Nothing is written (--dry-run). This would be imported of a history of the room "lobby"',
    );
    expect(existsSync(dataDir)).toBe(false);
  });

  it('[H4.3] [H4.7] refuses a room that is there, and a file that does not prove itself', async () => {
    const { file, data, dataDir } = given('lobby.jsonl', ours(2_500));
    expect(await typed([file, '--room', 'copy', ...data])).toMatchObject({ code: 0 });
    expect(await typed([file, '--room', 'copy', ...data])).toMatchObject({
      code: 2,
      said: '',
      complained:
        'wireroom history import: There is a room "copy" already. An import makes a new room: name another with --room.\n',
    });
    writeFileSync(file, ours(2_500).replace('number 7', 'number 8'));
    expect(await typed([file, '--room', 'other', ...data])).toMatchObject({
      code: 2,
      complained: expect.stringContaining('SHA-256'),
    });
    expect((await verifyDatabase(dataDir)).rooms.map(({ slug }) => slug)).toEqual(['copy']);
    expect(await typed([file, '--room', 'other', '--unproven', '--title', 'Changed', ...data])).toMatchObject(
      { code: 0, said: expect.stringContaining('(Changed)') },
    );
  });

  it('[H4.11] refuses a data folder that is in use', async () => {
    const { file, data, dataDir } = given('lobby.jsonl', ours(1));
    const held = await openImportLog({ dataDir, databaseUrl: undefined });
    const answer = await typed([file, '--room', 'copy', ...data]);
    await held.close();
    expect(answer).toMatchObject({
      code: 2,
      complained: expect.stringContaining('is in use by another Wireroom'),
    });
    expect(await typed([file, '--room', 'copy', ...data])).toMatchObject({ code: 0 });
  });

  it('[H4.2] leaves nothing when it is stopped', async () => {
    const { file, data, dataDir } = given('lobby.jsonl', ours(5_000));
    const io = new FakeIo({ isTerminal: true });
    const importing = typed([file, '--room', 'copy', ...data], io);
    await io.until(/,000 entries, /);
    io.interrupt();
    expect(await importing).toMatchObject({
      code: 2,
      complained: expect.stringContaining('It was stopped. Nothing is imported.'),
    });
    expect((await verifyDatabase(dataDir)).rooms).toEqual([]);
  });

  it("[H4.9] imports Slack's zip, and the folder that was in it", async () => {
    const { file, data } = given('export.zip', zipOf(SLACK));
    const answer = await typed([file, '--room', 'general', ...data]);
    expect(answer).toMatchObject({
      code: 0,
      complained: '',
      said: expect.stringContaining('the channel #general of an export of Slack'),
    });
    const inside = folder();
    for (const [name, text] of Object.entries(SLACK)) {
      mkdirSync(dirname(join(inside, 'unpacked', name)), { recursive: true });
      writeFileSync(join(inside, 'unpacked', name), text);
    }
    expect(await typed([inside, '--room', 'again', '--channel', '#general', ...data])).toMatchObject({
      code: 0,
    });
  });

  it("[H4.9] imports Element's JSON, also out of its zip", async () => {
    const event = {
      type: 'm.room.message',
      sender: '@ann:example.org',
      content: { msgtype: 'm.text', body: 'hello' },
      origin_server_ts: 1,
      event_id: '$1',
    };
    const json = JSON.stringify({ room_name: 'Hall', messages: [event] });
    const { file, data } = given('hall.json', json);
    expect(await typed([file, '--room', 'hall', ...data])).toMatchObject({
      code: 0,
      said: expect.stringContaining('an export of Element'),
    });
    writeFileSync(file, zipOf({ 'hall/export.json': json, 'hall/images/cat.png': 'cat' }));
    expect(await typed([file, '--room', 'hall-2', ...data])).toMatchObject({ code: 0 });
  });

  it('[H4.10] is not hurt by a zip: names that lead out of it, sizes that are not true, what is no zip', async () => {
    const outside = zipOf({ '../users.json': '[]', 'a/2020-01-01.json': '[]' });
    const bomb = zipOf({ ...SLACK, 'general/2020-01-01.json': `[${' '.repeat(300_000_000)}]` });
    const lie = zipOf({ ...SLACK, 'general/2020-01-01.json': `["${'x'.repeat(2_000_000)}"]` }, 100);
    for (const [content, sentence] of [
      [outside, 'cannot be read as a zip (invalid relative path'],
      [bomb, 'larger than 268435456 bytes'],
      [lie, 'cannot be read as a zip (too many bytes in the stream'],
      [Buffer.concat([Buffer.from('PK'), randomBytes(1_000)]), 'cannot be read as a zip'],
      [zipOf({ 'a.json': '1' }), 'is no export of Slack'],
    ] as const) {
      const { file, data } = given('x.zip', content);
      expect(await typed([file, '--room', 'x', ...data])).toMatchObject({
        code: 2,
        said: '',
        complained: expect.stringContaining(sentence),
      });
    }
  });

  it('[H4.11] hides nothing of a hostile name behind an escape sequence', async () => {
    const text = { ...SLACK, 'users.json': JSON.stringify([{ id: 'U1', name: '\u001b[2Jx' }]) };
    const { file, data } = given('export.zip', zipOf(text));
    const { said } = await typed([file, '--room', 'x', ...data]);
    expect(said).toContain('a name was made what a name may be here');
    expect(said).not.toContain('\u001b');
  });

  it.each([
    [[], 'Name the file'],
    [['a', 'b'], 'Name the file'],
    [['a'], 'Name the new room with --room'],
    [['a', '--room', 'No Good'], '--room "No Good"'],
    [['a', '--room', 'x', '--title', ''], '--title'],
    [['a', '--room', 'x', '--format', 'irc'], '--format "irc"'],
    [['/nowhere/at/all', '--room', 'x'], 'There is no file /nowhere/at/all'],
    [['package.json', '--room', 'x', '--channel', 'y'], '--channel is for an export of Slack'],
    [['package.json', '--room', 'x', '--format', 'slack'], 'is no export of Slack'],
    [['README.md', '--room', 'x'], 'nothing that can be imported'],
  ])('[H4.11] ends with 2 and a sentence: %j', async (args, sentence) => {
    expect(await typed([...args, '--data-dir', folder()])).toMatchObject({
      code: 2,
      said: '',
      complained: expect.stringContaining(sentence),
    });
  });

  it('tells what it does', async () => {
    expect(await typed(['--help'])).toMatchObject({
      code: 0,
      said: expect.stringContaining('--unproven'),
    });
  });
});
