// Finds and starts a real Chromium for browser tests. It downloads nothing. The tests drive it by playwright-core.
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

/** The first is the browser without its window, which takes less than half the time for the same pages. */
const NAMES = [
  'chromium-headless-shell',
  ...['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'],
] as const;

/** A browser under test talks to loopback only, and does nothing of its own accord. */
const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A wheel moves a list at once, not over frames that a busy machine leaves out.
  '--disable-smooth-scrolling',
] as const;

let hasWarned = false;

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false; // not there, or not ours to run: the next candidate may be
  }
}

/**
 * Path of the Chromium that the tests use: what CHROMIUM names, else the first one on PATH. Says loudly on stderr, once
 * per process, when there is none. A CHROMIUM that cannot be run is an error: whoever set it means it.
 */
export function findChromium(): string | undefined {
  const named = process.env.CHROMIUM;
  if (named) {
    if (!isExecutable(named))
      throw new Error(`CHROMIUM names "${named}", which is no program that can be run.`);
    return named;
  }
  for (const folder of (process.env.PATH ?? '').split(delimiter).filter(Boolean)) {
    for (const name of NAMES) {
      const path = join(folder, name);
      if (isExecutable(path)) return path;
    }
  }
  if (!hasWarned)
    process.stderr.write('\nSKIPPED: NO CHROMIUM. Install chromium, or name one: CHROMIUM=/path/to/it\n');
  hasWarned = true;
  return undefined;
}

/** Starts a fresh, headless browser. The caller closes it. `flags`: beside those that every browser here has. */
export async function launchChromium(flags: readonly string[] = []): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('There is no Chromium on this machine.');
  const isRoot = process.getuid?.() === 0; // Chromium refuses to run in its sandbox as root
  return chromium.launch({ executablePath, args: [...(isRoot ? ['--no-sandbox'] : []), ...FLAGS, ...flags] });
}
