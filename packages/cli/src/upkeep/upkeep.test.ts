// The words, sentences and exit codes of `wireroom backup`, `restore` and `verify`. What they do to a database is tested with it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FakeIo } from '../terminal/fake-io.fixture.ts';
import type { UpkeepName } from './help.ts';
import { upkeep } from './upkeep.ts';

async function typed(name: UpkeepName, args: readonly string[], env: Record<string, string> = {}) {
  const io = new FakeIo({ env });
  const code = await upkeep(name, args, io);
  return { code, said: io.printed, complained: io.complained };
}

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'wireroom-upkeep-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

describe('the commands that keep what was written', () => {
  it.each(['backup', 'restore', 'verify'] as const)('tells what %s does', async (name) => {
    expect(await typed(name, ['--help'])).toMatchObject({
      code: 0,
      said: expect.stringContaining(`wireroom ${name}`),
    });
  });

  it.each([
    ['backup', [], 'Name the file'],
    ['backup', ['a', 'b'], 'Name the file'],
    ['backup', ['--fast', 'a'], '--fast'],
    ['restore', [], 'Name the backup'],
    ['restore', ['--new-epochs'], 'DATABASE_URL'],
    ['verify', ['a', 'b'], 'One database'],
  ] as const)('[D9] ends with 2 and a sentence: %s %j', async (name, args, sentence) => {
    const answer = await typed(name, args, { DATA_DIR: folder() });
    expect(answer).toMatchObject({ code: 2, said: '', complained: expect.stringContaining(sentence) });
  });

  it('[D7] [D8] points at the programs of PostgreSQL where that is what is used, and never shows the password', async () => {
    const env = { DATABASE_URL: 'postgres://chat:topsecret@localhost:1/chat' };
    const answers = [
      await typed('backup', ['file'], env),
      await typed('restore', ['file'], env),
      await typed('verify', [], env),
      await typed('restore', ['--new-epochs'], env),
    ];
    expect(answers.map(({ code }) => code)).toEqual([2, 2, 2, 2]);
    expect(answers[0]?.complained).toContain('pg_dump');
    expect(answers[1]?.complained).toContain('pg_restore');
    expect(answers[2]?.complained).toContain('cannot be reached');
    expect(JSON.stringify(answers)).not.toContain('topsecret');
  });

  it('[D9] says what is no database', async () => {
    const file = join(folder(), 'file');
    writeFileSync(file, 'a text');
    expect(await typed('verify', [file])).toMatchObject({
      code: 2,
      complained: expect.stringContaining(file),
    });
  });
});
