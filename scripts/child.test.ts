// Running a program to its end: its verdict, its output, its time, its signals.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { run } from './child.mjs';

const node = process.execPath;
const cwd = process.cwd();

test('code and output of both streams come back', async () => {
  const ended = await run(node, ['-e', 'console.log("out"); console.error("err"); process.exitCode = 3'], {
    cwd,
  });
  expect(ended.code).toBe(3);
  expect(ended.output.split('\n').sort()).toEqual(['', 'err', 'out']);
});

test('a program that does not exist is code 127, not an exception', async () => {
  const ended = await run('/nowhere/at/all', [], { cwd });
  expect(ended.code).toBe(127);
  expect(ended.output).toContain('ENOENT');
});

test('a variable given as undefined is taken away', async () => {
  process.env.WIREROOM_CHILD_TEST = 'here';
  const code = 'process.exitCode = process.env.WIREROOM_CHILD_TEST === undefined ? 0 : 1';
  const ended = await run(node, ['-e', code], { cwd, env: { WIREROOM_CHILD_TEST: undefined } });
  delete process.env.WIREROOM_CHILD_TEST;
  expect(ended.code).toBe(0);
});

test('past its time a program is ended, and the code says so', async () => {
  const ended = await run(node, ['-e', 'setInterval(() => {}, 1000)'], { cwd, timeoutMs: 50 });
  expect(ended.code).toBe(124);
});

test('a signal ends the program first and then us, with the code that shells use', async () => {
  const child = pathToFileURL(fileURLToPath(new URL('./child.mjs', import.meta.url))).href;
  const inner =
    'process.on("SIGTERM", () => process.exit(0)); console.log(process.pid); setInterval(() => {}, 1000)';
  const outer = `
    const { run } = await import(${JSON.stringify(child)});
    await run(process.execPath, ['-e', ${JSON.stringify(inner)}], { cwd: '.', isShown: true });
    console.log('not reached');`;
  const parent = spawn(node, ['--input-type=module', '-e', outer], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [first] = await once(parent.stdout, 'data');
  parent.kill('SIGTERM');
  const [code] = await once(parent, 'close');
  expect(code).toBe(143);
  expect(() => process.kill(Number(String(first)), 0)).toThrow('ESRCH');
});
