// What a result depends on besides the code: the machine, the versions of everything, the commit.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import type { Place } from './installation.ts';

const PACKAGES = [
  ...[
    'ws',
    'bufferutil',
    'utf-8-validate',
    '@btc-vision/uwebsockets.js',
    'faye-websocket',
    'socket.io',
    'bun',
  ],
] as const;

export function machineOf(): string {
  const cpus = os.cpus();
  const memory = `${Math.round(os.totalmem() / 2 ** 30)} GiB`;
  return `${cpus.length} × ${cpus[0]?.model.trim() ?? 'unknown'}, ${memory}, ${os.type()} ${os.release()}`;
}

/** Ticks of all cores so far, and those that the host of a virtual machine gave to others; undefined where no file tells. */
function ticks(): { readonly all: number; readonly stolen: number } | undefined {
  try {
    const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
    const counts = line.split(/\s+/).slice(1, 9).map(Number);
    return { all: counts.reduce((sum, count) => sum + count, 0), stolen: counts[7] ?? 0 };
  } catch {
    return undefined;
  }
}

/** Begins to look; what it returns tells which share of the time since then the host gave to others. */
export function watchHost(): () => number | undefined {
  const before = ticks();
  return () => {
    const after = ticks();
    return before && after && (after.stolen - before.stolen) / Math.max(1, after.all - before.all);
  };
}

/** Versions of the programs and of the peers that are installed. */
export function versionsOf(place: Place, node: string): Record<string, string> {
  const found: Record<string, string> = { node: outputOf(node, ['-v']).replace(/^v/, '') };
  const add = (name: string, file: string): void => {
    const version = packageVersion(file);
    if (version !== undefined) found[name] = version;
  };
  for (const name of PACKAGES) add(name, place.packageFile(name));
  add('deno', join(place.folder, 'deno/node_modules/deno/package.json'));
  found.gcc = outputOf('gcc', ['-dumpfullversion']);
  return found;
}

function packageVersion(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const manifest: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const version =
    typeof manifest === 'object' && manifest !== null && 'version' in manifest && manifest.version;
  return typeof version === 'string' ? version : undefined;
}

/** Short; says so when the engine, or what of the bench is measured with it, is not as committed. */
export function commitOf(root: string): string {
  const commit = outputOf('git', ['-C', root, 'rev-parse', '--short', 'HEAD']);
  if (commit === 'unknown') return commit;
  const parts = ['packages/websocket', 'bench/servers', 'bench/load'];
  return outputOf('git', ['-C', root, 'status', '--porcelain', '--', ...parts]) === ''
    ? commit
    : `${commit}+`;
}

function outputOf(program: string, args: readonly string[]): string {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return 'unknown';
  }
}

/**
 * Puts this login's group of processes first, until we end: with autogroups a niced job of another login would take
 * half of a core. Only root may. Returns whether it was done.
 */
export function putOurselvesFirst(): boolean {
  const file = '/proc/self/autogroup';
  try {
    const before = /nice (-?\d+)/.exec(readFileSync(file, 'utf8'))?.[1] ?? '0';
    writeFileSync(file, '-20');
    process.on('exit', () => writeFileSync(file, before));
    return true;
  } catch {
    return false;
  }
}
