// Thousands of connections in every role, cut at random points: nothing stays. `npm run leaks` does the same with 100,000.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const PROGRAM = fileURLToPath(new URL('../testing/leaks.ts', import.meta.url));
const FLAGS = ['--expose-gc', '--conditions=@wireroom/source', '--import', 'tsx'];

it('[W46] after thousands of connections that were cut anywhere memory returns, and no timer, handle or entry stays', async () => {
  // The program takes a seed of its own and prints it.
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, [...FLAGS, PROGRAM, '3000'], (error, stdout, stderr) =>
      resolve(error === null ? stdout : `${stdout}${stderr}`),
    );
  });
  expect(output).toContain('"problems": []');
}, 120_000);
