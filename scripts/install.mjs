// Are the dependencies those of the lockfile, and if not, `npm ci`. The one place that knows either.
// A stamp in node_modules names the lockfile and the runtime it was filled for, because a compiled driver fits one Node only.
// Used by launch.mjs, dev.mjs and test.mjs; the build comes after it.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, join } from 'node:path';
import { run } from './child.mjs';
import { startProgress } from './progress.mjs';

const timeoutMs = 20 * 60_000;

/** @param {string} root */
const stampFile = (root) => join(root, 'node_modules/.wireroom-lock');

/** @param {string} root */
function stampOf(root) {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  return `${lock}\n${process.platform}-${process.arch} abi ${process.versions.modules}\n`;
}

/**
 * Why the dependencies must be installed, or undefined when they are as the lockfile says.
 * @param {string} root
 * @returns {'missing' | 'incomplete' | 'lockfile' | 'runtime' | undefined}
 */
export function installStaleness(root) {
  if (!existsSync(join(root, 'node_modules'))) return 'missing';
  const wanted = stampOf(root);
  if (existsSync(stampFile(root))) {
    const found = readFileSync(stampFile(root), 'utf8');
    if (found === wanted) return undefined;
    return found.split('\n')[0] === wanted.split('\n')[0] ? 'runtime' : 'lockfile';
  }
  if (isDriverMissing(root) || !wasFilledByNpm(root)) return 'incomplete';
  writeFileSync(stampFile(root), wanted);
  return undefined;
}

/**
 * Somebody ran npm by hand: its own record in node_modules is compared with the lockfile.
 * @param {string} root
 */
function wasFilledByNpm(root) {
  const record = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(record)) return false;
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const found = packagesOf(record);
  return Object.entries(wanted).every(([path, { version, optional, devOptional, peer, link }]) => {
    if (!path.startsWith('node_modules/') || link) return true;
    const there = found[path];
    if (!there) return Boolean(optional || devOptional || peer);
    return there.version === version;
  });
}

/**
 * @typedef {{ version?: string, optional?: boolean, devOptional?: boolean, peer?: boolean, link?: boolean }} Locked
 * @param {string} file
 * @returns {Record<string, Locked>}
 */
function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
}

/**
 * @param {string} root
 * @returns {Promise<boolean>} false after the reason has been said
 */
export async function ensureInstalled(root) {
  const staleness = installStaleness(root);
  if (!staleness) return true;
  const progress = startProgress(
    {
      missing:
        'First start: installing the dependencies from the lockfile (npm ci). This can take a few minutes, once.',
      incomplete: 'The dependencies are incomplete: installing them from the lockfile (npm ci).',
      lockfile: 'The lockfile has changed: installing the dependencies anew (npm ci).',
      runtime: 'Another Node or machine than last time: installing the dependencies anew (npm ci).',
    }[staleness],
  );
  rmSync(stampFile(root), { force: true });
  const npm = findNpm();
  // Without --include=dev, NODE_ENV=production would leave out what the build needs.
  const { code, output } = await run(
    npm.program,
    [...npm.args, 'ci', '--include=dev', '--no-audit', '--no-fund'],
    {
      cwd: root,
      timeoutMs,
      onTick: progress.tick,
    },
  );
  if (code !== 0) {
    progress.end('npm ci failed. The end of what it wrote:');
    process.stderr.write(`${lastLines(output, 15)}\n`);
    console.error(installFailure(output, code));
    return false;
  }
  progress.end('Dependencies installed');
  // A driver that would not build is an optional dependency, so npm goes on without it. We do not: there would be no storage.
  if (isDriverMissing(root)) {
    console.error(driverAdvice);
    return false;
  }
  writeFileSync(stampFile(root), stampOf(root));
  return true;
}

const driverAdvice =
  'The SQLite driver could not be built here, and without it there is no storage: install a C++ compiler, make and Python 3 ' +
  '(Debian: apt-get install build-essential python3), or use Node.js 22.13 or newer, which needs no driver; then run the same command again.';

/** @param {string} root */
const isDriverMissing = (root) =>
  !isBuiltin('node:sqlite') && !existsSync(join(root, 'node_modules/better-sqlite3'));

/** The npm that called us, else the one on the PATH. */
function findNpm() {
  const caller = process.env.npm_execpath;
  if (caller && basename(caller) === 'npm-cli.js' && existsSync(caller)) {
    return { program: process.execPath, args: [caller] };
  }
  return { program: process.platform === 'win32' ? 'npm.cmd' : 'npm', args: [] };
}

/**
 * One sentence for a failed `npm ci`: what was wrong, and what to do.
 * @param {string} output
 * @param {number} code
 */
export function installFailure(output, code) {
  const again = 'then run the same command again.';
  if (code === 127) return `npm was not found: install it (it comes with Node.js), ${again}`;
  if (code === 124)
    return `npm ci was ended after ${timeoutMs / 60_000} minutes: check the connection, ${again}`;
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH/.test(output)) {
    return `The dependencies could not be downloaded: make the npm registry reachable from this machine, ${again}`;
  }
  if (/ENOSPC/.test(output)) return `The disk is full: make room for the dependencies, ${again}`;
  if (/EACCES|EPERM/.test(output)) {
    return `npm may not write here: give this user the right to write in the project's folder, ${again}`;
  }
  if (/EUSAGE/.test(output)) {
    return `package.json and package-lock.json disagree: bring them together with npm install, ${again}`;
  }
  return `The dependencies could not be installed (npm ci ended with code ${code}): see its lines above, ${again}`;
}

/**
 * Without the page of usage that npm adds where the lockfile does not fit.
 * @param {string} text
 * @param {number} count
 */
const lastLines = (text, count) =>
  (text.split(/\n[^\n]*Clean install a project/)[0] ?? '').trimEnd().split('\n').slice(-count).join('\n');
