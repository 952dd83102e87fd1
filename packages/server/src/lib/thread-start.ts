// Starts a thread of the server's by its module, and finds the modules that it is to load: from dist as they are. From source by a loader;
// or, where the tests say that dist was built of these very sources (vitest.config.ts does), from dist, which takes a third of the time.
import { Worker, type WorkerOptions } from 'node:worker_threads';

const isSource = import.meta.url.endsWith('.ts');

/** `module`: its place under `src` or `dist`, without an ending. */
export function startThread(module: string, options: WorkerOptions): Worker {
  if (!isSource) return new Worker(new URL(`../${module}.js`, import.meta.url), options);
  if (process.env.WIREROOM_BUILT === '1')
    return new Worker(new URL(`../../dist/${module}.js`, import.meta.url), { ...options, execArgv: [] });
  return new Worker(new URL(`../${module}-from-source.mjs`, import.meta.url), {
    ...options,
    execArgv: ['--conditions', '@wireroom/source'],
  });
}

/** For a thread: what it is told to load, by URL; a thread from dist loads what was built of a module of source. */
export function moduleInThread(url: string): string {
  return isSource ? url : url.replace(/\/src\/([^/]+\/[^/]+)\.ts$/, '/dist/$1.js');
}
