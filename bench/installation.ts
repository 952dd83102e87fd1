// Where the bench keeps what it needs and what is none of the project's dependencies: the peers from npm, the compiled
// load generator. `npm run bench -- --install` fills the folder; what fails there is told, and the report names it again.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { patchForOlderGlibc } from './uws-glibc.ts';

const here = fileURLToPath(new URL('.', import.meta.url));

export interface Place {
  readonly folder: string;
  /** node_modules of the Node peers is in here. */
  readonly peers: string;
  readonly load: string;
  readonly climit: string;
  readonly climitUring: string;
  readonly bun: string;
  readonly deno: string;
  readonly log: string;
  /** The package.json of a Node peer, or of another installed tool. */
  packageFile(name: string): string;
}

export function placeAt(folder: string): Place {
  const peers = join(folder, 'peers');
  return {
    folder,
    peers,
    load: join(folder, 'load'),
    climit: join(folder, 'climit'),
    climitUring: join(folder, 'climit-uring'),
    bun: join(peers, 'node_modules/bun/bin/bun.exe'),
    deno: join(folder, 'deno/node_modules/@deno/linux-x64-glibc/deno'),
    log: join(folder, 'log'),
    packageFile: (name) => join(peers, 'node_modules', name, 'package.json'),
  };
}

/** Problems are returned as sentences, not thrown: the bench runs with what there is. */
export function install(place: Place): string[] {
  const problems: string[] = [];
  const attempt = (what: string, act: () => void): void => {
    try {
      act();
    } catch (error) {
      problems.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  attempt('headers of zlib and liburing', installHeaders);
  attempt('ws and its add-ons', () => npm(place.peers, 'ws@8', 'bufferutil', 'utf-8-validate'));
  attempt('faye-websocket', () => npm(place.peers, 'faye-websocket'));
  attempt('Socket.IO', () => npm(place.peers, 'socket.io@4.8'));
  attempt('Bun', () => npm(place.peers, 'bun'));
  attempt('uWebSockets.js', () => {
    npm(place.peers, '@btc-vision/uwebsockets.js', '--ignore-scripts');
    const folder = dirname(place.packageFile('@btc-vision/uwebsockets.js'));
    for (const file of readdirSync(folder).filter((name) => /^uws_linux_x64_\d+\.node$/.test(name)))
      patchForOlderGlibc(join(folder, file));
  });
  attempt('Deno', () => npm(join(place.folder, 'deno'), 'deno'));
  // For --node; the package brings the program as another package.
  attempt('Node 26', () => npm(join(place.folder, 'node26'), 'node@26'));
  return problems;
}

function npm(folder: string, ...packages: readonly string[]): void {
  mkdirSync(folder, { recursive: true });
  const manifest = join(folder, 'package.json');
  if (!existsSync(manifest)) writeFileSync(manifest, '{"private":true}\n');
  execFileSync('npm', ['install', '--no-audit', '--no-fund', ...packages], { cwd: folder, stdio: 'inherit' });
}

function installHeaders(): void {
  const missing = ['/usr/include/zlib.h', '/usr/include/liburing.h'].filter((file) => !existsSync(file));
  if (missing.length === 0) return;
  const packages = ['zlib1g-dev', 'liburing-dev'];
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get'))
    throw new Error(`${missing.join(' and ')} not found; on Debian: apt-get install ${packages.join(' ')}`);
  execFileSync('apt-get', ['install', '-y', '-q', ...packages], { stdio: 'inherit' });
}

/** Compiles what is older than its sources. Throws when there is no load generator: then nothing can be measured. */
export function compile(place: Place): void {
  mkdirSync(place.log, { recursive: true });
  const loadFiles = readdirSync(join(here, 'load')).map((name) => join(here, 'load', name));
  gcc(place.load, loadFiles, ['-flto', '-lz']);
  const climit = join(here, 'servers/climit.c');
  gcc(place.climit, [climit], []);
  if (existsSync('/usr/include/liburing.h')) gcc(place.climitUring, [climit], ['-DWITH_URING', '-luring']);
}

function gcc(output: string, sources: readonly string[], flags: readonly string[]): void {
  const newest = Math.max(...sources.map((file) => statSync(file).mtimeMs));
  if (existsSync(output) && statSync(output).mtimeMs > newest) return;
  const units = sources.filter((file) => file.endsWith('.c'));
  const all = ['-std=gnu17', '-O3', '-march=native', '-Wall', '-o', output, ...units, ...flags];
  execFileSync('gcc', all, { stdio: 'inherit' });
}
