// The Chromium that the browser tests drive: named by CHROMIUM, found on the PATH, or installed from Debian's packages.
// Finds and installs only; testkit/src/chromium.ts launches it.
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './child.mjs';
import { startProgress } from './progress.mjs';

const programs = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
/** The second one because Chinese on a page without a Chinese font is boxes. */
const debianPackages = ['chromium', 'fonts-noto-cjk'];
const installTimeoutMs = 5 * 60_000;

/**
 * @typedef {{ path: string, reason?: undefined } | { path?: undefined, reason: string }} Chromium
 * @returns {Promise<Chromium>} where it is, or why there is none
 */
export async function provideChromium() {
  const named = process.env.CHROMIUM;
  if (named)
    return isProgram(named) ? { path: named } : { reason: `CHROMIUM IS ${named}, WHICH IS NO PROGRAM` };
  const found = programOnPath(programs);
  if (found) return { path: found };
  const aptGet = programOnPath(['apt-get']);
  if (process.getuid?.() !== 0 || !aptGet) {
    return { reason: 'NO CHROMIUM ON THE PATH, AND NO RIGHT TO INSTALL ONE' };
  }
  return installChromium(aptGet);
}

/**
 * @param {string} aptGet
 * @returns {Promise<Chromium>}
 */
async function installChromium(aptGet) {
  const progress = startProgress(`Installing ${debianPackages.join(', ')} for the browser tests …`);
  const options = {
    cwd: '/',
    env: { DEBIAN_FRONTEND: 'noninteractive' },
    timeoutMs: installTimeoutMs,
    onTick: progress.tick,
  };
  const updated = await run(aptGet, ['update', '-q'], options);
  const installed = await run(
    aptGet,
    ['install', '-q', '-y', '--no-install-recommends', ...debianPackages],
    options,
  );
  const found = programOnPath(programs);
  // Ubuntu's package of this name is a pointer to a snap: only a browser that tells its version is one.
  if (found && (await run(found, ['--version'], { cwd: '/', timeoutMs: 60_000 })).code === 0) {
    progress.end('Chromium installed');
    return { path: found };
  }
  progress.end('Chromium could not be installed');
  process.stderr.write(`${(updated.output + installed.output).trimEnd().split('\n').slice(-8).join('\n')}\n`);
  return { reason: 'NO CHROMIUM, AND APT-GET COULD NOT INSTALL ONE' };
}

/**
 * @param {readonly string[]} names
 * @returns {string | undefined}
 */
function programOnPath(names) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
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
