// Is the build that of the sources? A stamp holds the digest of everything that goes into it; times are not asked,
// because a checkout changes them at will. Read at every start, so it must stay quick. build.mjs writes it.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Packages compiled by tsc, in the order of their references; the page is Vite's. */
export const compiledPackages = [
  'websocket',
  'conformance',
  'capture',
  'sandbox',
  'protocol',
  'history',
  'capacity',
  'server',
  'client',
  'cli',
];
export const pagePackage = 'web';

/** Files beside the packages that change what comes out. */
const rootInputs = ['package-lock.json', 'tsconfig.base.json', 'docs/compare.json'];
const isPackageInput = /^(package|tsconfig[\w.-]*)\.json$|^vite\.config\.[cm]?[jt]s$|^[\w.-]+\.html$/;
const inputFolders = ['src', 'public', 'course'];
export const isTestFile = /\.(test|contract)\.tsx?$/;

/** @param {string} root */
const stampFile = (root) => join(root, 'node_modules/.wireroom-build');

/** What must be there for a start; a removed dist is a stale build whatever the stamp says. */
const outputs = [
  ...compiledPackages.map((name) => `packages/${name}/dist`),
  'packages/cli/dist/main.js',
  `packages/${pagePackage}/dist/index.html`,
];

/**
 * The digest of names and contents of everything that the build reads.
 * @param {string} root
 */
export function buildDigest(root) {
  const digest = createHash('sha256');
  for (const path of inputPaths(root)) {
    const bytes = readFileSync(join(root, path));
    digest.update(`${path}\0${bytes.length}\0`).update(bytes);
  }
  return digest.digest('hex');
}

/** @param {string} root */
export function isBuildStale(root) {
  if (!existsSync(stampFile(root)) || !outputs.every((path) => existsSync(join(root, path)))) return true;
  return readFileSync(stampFile(root), 'utf8') !== buildDigest(root);
}

/**
 * @param {string} root
 * @param {string} digest taken before the build began: what is edited meanwhile makes it stale again
 */
export function writeBuildStamp(root, digest) {
  writeFileSync(stampFile(root), digest);
}

/**
 * @param {string} root
 * @returns {string[]} relative to root, sorted
 */
function inputPaths(root) {
  const paths = rootInputs.filter((path) => existsSync(join(root, path)));
  for (const name of [...compiledPackages, pagePackage]) {
    const folder = `packages/${name}`;
    if (!existsSync(join(root, folder))) continue;
    for (const file of readdirSync(join(root, folder))) {
      if (isPackageInput.test(file)) paths.push(`${folder}/${file}`);
    }
    for (const inputs of inputFolders) paths.push(...filesUnder(root, `${folder}/${inputs}`));
  }
  // The page carries the course.
  paths.push(...filesUnder(root, 'docs/course'));
  return paths.filter((path) => !isTestFile.test(path)).sort();
}

/**
 * @param {string} root
 * @param {string} folder
 * @returns {string[]} relative to root; none when there is no such folder
 */
export function filesUnder(root, folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesUnder(root, path) : [path];
  });
}
