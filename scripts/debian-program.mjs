// A program that tests need and that is not ours: named by a variable, found on the PATH, or installed from Debian's
// packages where we may. Finds and installs only; the tests start it.
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './child.mjs';
import { startProgress } from './progress.mjs';

const installTimeoutMs = 5 * 60_000;
/** Where Debian puts what is a server's; seldom on the PATH of a person. */
const moreFolders = ['/usr/sbin', '/usr/local/sbin'];

/**
 * @typedef {object} Needed
 * @property {string} title for people
 * @property {string} variable in the environment, may name the program; the tests find it there
 * @property {readonly string[]} programs any of them will do
 * @property {readonly string[]} packages Debian's, that bring it
 * @property {(path: string) => Promise<boolean>} [works] whether what was installed is what it is called
 */

/**
 * @param {Needed} needed
 * @returns {Promise<{ path: string, reason?: undefined } | { path?: undefined, reason: string }>} where it is, or why there is none
 */
export async function provideProgram(needed) {
  const { title, variable, programs } = needed;
  const named = process.env[variable];
  if (named)
    return isProgram(named) ? { path: named } : { reason: `${variable} IS ${named}, WHICH IS NO PROGRAM` };
  const found = programOnPath(programs);
  if (found) return { path: found };
  const aptGet = programOnPath(['apt-get']);
  const name = title.toUpperCase();
  if (process.getuid?.() !== 0 || !aptGet)
    return { reason: `NO ${name} ON THE PATH, AND NO RIGHT TO INSTALL ONE` };
  return install(aptGet, needed);
}

/**
 * @param {string} aptGet
 * @param {Needed} needed
 */
async function install(aptGet, { title, programs, packages, works }) {
  const progress = startProgress(`Installing ${packages.join(', ')} for the tests …`);
  const options = {
    cwd: '/',
    env: { DEBIAN_FRONTEND: 'noninteractive' },
    timeoutMs: installTimeoutMs,
    onTick: progress.tick,
  };
  const updated = await run(aptGet, ['update', '-q'], options);
  const args = ['install', '-q', '-y', '--no-install-recommends', ...packages];
  const installed = await run(aptGet, args, options);
  const found = programOnPath(programs);
  if (found && (works === undefined || (await works(found)))) {
    progress.end(`${title} installed`);
    return { path: found };
  }
  progress.end(`${title} could not be installed`);
  process.stderr.write(`${(updated.output + installed.output).trimEnd().split('\n').slice(-8).join('\n')}\n`);
  return { reason: `NO ${title.toUpperCase()}, AND APT-GET COULD NOT INSTALL ONE` };
}

/**
 * @param {readonly string[]} names
 * @returns {string | undefined}
 */
function programOnPath(names) {
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== ''),
    ...moreFolders,
  ];
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
}

/** @param {string} path */
function isProgram(path) {
  if (!existsSync(path)) return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
