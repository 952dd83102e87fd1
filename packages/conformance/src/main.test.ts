import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { FaultyServer } from './testing/faulty-server.ts';

const TIMEOUT_MS = 120_000;
const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

async function run(...args: string[]): Promise<{ code: number; output: string }> {
  const command = ['--conditions=@wireroom/source', '--import', 'tsx', MAIN, ...args];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, command);
    return { code: 0, output: stdout };
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && 'stdout' in error)) throw error;
    return { code: Number(error.code), output: String(error.stdout) };
  }
}

describe('npm run conformance', () => {
  it(
    'prints a table for a server by its address, and fails when a case does',
    async () => {
      const server = new FaultyServer();
      const url = await server.listen();
      const good = await run('--quick', '--section', '2.1', url);
      const bad = await run('--quick', '--section', '7.9.2', url);
      await server.close();
      expect(good.output).toMatch(/\| 2 Ping and pong \| +2 \| +2 \|/);
      expect(good.code).toBe(0);
      expect(bad.output).toMatch(/^fail +7\.9\.2w .*code 1/m);
      expect(bad.code).toBe(1);
    },
    TIMEOUT_MS,
  );

  it(
    'prints JSON for an end of ours',
    async () => {
      const { output } = await run('--quick', '--json', '--section', '1.1.1', 'our-client');
      expect(JSON.parse(output)).toMatchObject({
        peer: 'our-client',
        results: [
          { id: '1.1.1w', verdict: 'pass', notes: [] },
          { id: '1.1.1b', verdict: 'pass', notes: [] },
        ],
      });
    },
    TIMEOUT_MS,
  );

  it(
    'refuses what it does not understand',
    async () => {
      const wrong = [['--section', '99'], ['--messages', 'many'], ['nobody'], ['--unknown']];
      const codes = await Promise.all(wrong.map(async (args) => (await run(...args)).code));
      expect(codes).toEqual([2, 2, 2, 2]);
    },
    TIMEOUT_MS,
  );
});
