// What Node is given to run `wireroom` in a process of its own: dist's program where dist was built of these very sources
// (vitest.config.ts says so), which starts several times faster; else the source, by tsx.
import { fileURLToPath } from 'node:url';

const ours = (path: string): string => fileURLToPath(new URL(`../../packages/cli/${path}`, import.meta.url));

const PROGRAM =
  process.env.WIREROOM_BUILT === '1'
    ? [ours('dist/main.js')]
    : ['--import', import.meta.resolve('tsx'), '--conditions', '@wireroom/source', ours('src/main.ts')];

export const commandLine = (...args: readonly string[]): string[] => [...PROGRAM, ...args];
