import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { decode, fromJsonl } from '@wireroom/capture';
import { SCENES } from '@wireroom/sandbox';
import { describe, expect, it } from 'vitest';
import type { Io } from '../terminal/terminal.ts';
import { scene } from './scene.ts';

interface Run {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

async function run(args: readonly string[], env: Io['env'] = {}): Promise<Run> {
  const said = { output: '', errors: '' };
  const into = (stream: keyof typeof said): Writable =>
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        said[stream] += chunk.toString();
        done();
      },
    });
  const code = await scene(args, {
    input: new PassThrough(),
    output: into('output'),
    errors: into('errors'),
    env,
    onInterrupt: () => () => undefined,
  });
  return { code, ...said };
}

describe('wireroom scene', () => {
  it('[T14] lists every scene with its title, in the language asked for', async () => {
    const [english, chinese] = [await run([]), await run(['--lang', 'zh'])];
    for (const { name, title } of SCENES) {
      expect(english.output).toContain(`${name} `);
      expect(english.output).toContain(title.en);
      expect(chinese.output).toContain(title.zh);
    }
    expect((await run(['--help'])).output).toContain('--save FILE');
    expect((await run([], { LANG: 'zh_CN.UTF-8' })).output).toBe(chinese.output);
  });

  it('[T14] plays one and prints its captures as text', async () => {
    const { code, output } = await run(['bad-utf8', '--lang', 'zh']);
    expect(code).toBe(0);
    expect(output).toContain('不是 UTF-8 的文本');
    expect(output).toContain('RFC 6455 section 8.1');
    expect(output).toContain('# 接下来客户端发送一条不是 UTF-8 的文本消息。');
    expect(output).toContain('1007');
  });

  it('[T14] prints records with --json, which are captures again', async () => {
    const { code, output } = await run(['message-too-big', '--json']);
    expect(code).toBe(0);
    expect(fromJsonl(output).length).toBe(3);
  });

  it('[T14] saves the captures', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wireroom-scene-'));
    try {
      const file = join(folder, 'masking.jsonl');
      expect(await run(['masking', '--save', file])).toMatchObject({ code: 0, errors: '' });
      const [capture] = fromJsonl(readFileSync(file, 'utf8'));
      expect(decode(capture ?? { records: [] }).messages[0]?.text).toBe('Hello, 世界');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('[T14] sends bytes of one’s own', async () => {
    const { output } = await run(['own-bytes', '--hex', '81 82 00000000 6f6b']);
    expect(output).toContain('Now the client sends your 8 bytes.');
    expect(output).toContain('ok');
  });

  it.each([
    [['no-such-scene'], 'There is no scene "no-such-scene".'],
    [['masking', 'ping'], 'One scene at a time'],
    [['masking', '--save', 'a.txt'], '--save is "a.txt"'],
    [['masking', '--hex', '81'], '--hex is for the scene own-bytes'],
    [['own-bytes', '--hex', '8'], 'must be bytes in hex'],
    [['own-bytes', '--hex', '00'.repeat(65_537)], 'has 65537 bytes'],
    [['masking', '--lang', 'fr'], '--lang is "fr"'],
    [['masking', '--nonsense'], "Unknown option '--nonsense'"],
  ])('[T14] says what is wrong with the command: %#', async (args, sentence) => {
    const { code, output, errors } = await run(args);
    expect(code).toBe(2);
    expect(output).toBe('');
    expect(errors).toContain(sentence);
  });
});
