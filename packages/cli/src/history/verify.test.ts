// `wireroom history verify` on files that are whole, that somebody has changed, and that are none.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FakeIo } from '../terminal/fake-io.fixture.ts';
import { history } from './history.ts';
import { fixtureHead, historyText } from './history-file.fixture.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wireroom-verify-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const put = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

async function verify(...names: readonly string[]) {
  const io = new FakeIo();
  const code = await history(['verify', ...names], io);
  return { code, printed: io.printed, complained: io.complained };
}

const { text, body } = historyText(fixtureHead('jsonl'));

it('[H2.10] says of a whole file how much it is, compressed or not, and exits with 0', async () => {
  const files = [
    put('plain.jsonl', text),
    put('named-wrongly.txt', gzipSync(text)),
    put('lobby.jsonl.br', brotliCompressSync(text)),
    put('lobby.html', historyText(fixtureHead('html')).text),
  ];
  for (const name of files) {
    const { code, printed, complained } = await verify(name);
    expect(complained).toBe('');
    expect(printed).toContain(`${name} is whole: 100 records, #1 to #100 of room lobby`);
    expect(code).toBe(0);
  }
});

it('[H2.10] reads the input as well', async () => {
  const io = new FakeIo();
  io.input.end(text);
  expect(await history(['verify', '-'], io)).toBe(0);
  expect(io.printed).toContain('- is whole');
});

it('[H2.10] names the first line that is wrong, and exits with 1', async () => {
  const lines = text.split(/(?<=\n)/);
  const { code, complained } = await verify(put('less.jsonl', lines.toSpliced(7, 1).join('')));
  expect(code).toBe(1);
  expect(complained).toContain('NOT whole:\n  Line 8 is not the next one: #7 is missing before it.');
  expect((await verify(put('body.jsonl', body))).complained).toContain('it stops after #100');
  expect((await verify(put('half.gz', gzipSync(text).subarray(0, 200)))).complained).toMatch(
    /not gzip to the end/,
  );
  expect((await verify(put('picture.png', '\u0089PNG\r\n'))).code).toBe(1);
});

it('[H2.10] nothing of a file reaches the terminal as a command to it', async () => {
  const cut = { code: 'x', message: 'bye\u001b[2J' };
  const { complained } = await verify(
    put('cut.jsonl', historyText(fixtureHead('jsonl'), { more: { cut } }).text),
  );
  expect(complained).toContain('The server ended the file early: bye␛[2J (x)');
});

it('[H2.10] parts have to follow one another', async () => {
  const first = put('lobby.html', historyText(fixtureHead('html'), { to: 40, more: { next: 40 } }).text);
  const second = put(
    'lobby-after-40.html',
    historyText(fixtureHead('html', { after: 40, previous: 0 }), { from: 41, to: 70, more: { next: 70 } })
      .text,
  );
  const third = put(
    'lobby-after-70.html',
    historyText(fixtureHead('html', { after: 70, previous: 40 }), { from: 71 }).text,
  );
  expect(await verify(third, first, second)).toMatchObject({ code: 0, complained: '' });
  expect((await verify(first)).printed).toContain('It goes on in lobby-after-40.html.');
  expect(await verify(first, third)).toMatchObject({
    ...{ code: 1, complained: `${third} does not go on where ${first} ends.\n` },
  });
  expect((await verify(second, third)).complained).toBe('The parts before #41 are missing.\n');
  const other = put(
    'other.html',
    historyText(fixtureHead('html', { after: 70, until: 200 }), { from: 71 }).text,
  );
  expect((await verify(first, second, other)).complained).toContain('is not of the same download as');
});

it('[H2.10] a mistake in the command, or no file, exits with 2', async () => {
  expect(await verify()).toMatchObject({ code: 2, complained: expect.stringContaining('name the file') });
  expect(await verify(join(folder, 'nowhere'))).toMatchObject({
    code: 2,
    complained: expect.stringContaining('ENOENT'),
  });
  const io = new FakeIo();
  expect(await history(['prove'], io)).toBe(2);
  expect(io.complained).toContain('there is no "prove"');
  expect((await verify('--help')).printed).toContain('Exit code');
});
