// `npm run build`, and the build inside `npm start` and `npm test`: tsc for the packages, Vite for the page, side by side.
// Quiet unless something is wrong. Leaves the stamp that build-stamp.mjs reads. Types of tests are test.mjs's affair.
import './preflight.mjs';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  buildDigest,
  compiledPackages,
  filesUnder,
  isTestFile,
  pagePackage,
  writeBuildStamp,
} from './build-stamp.mjs';
import { run } from './child.mjs';
import { ensureInstalled } from './install.mjs';
import { startProgress } from './progress.mjs';
import { root as repository } from './root.mjs';

const timeoutMs = 5 * 60_000;

/**
 * @param {string} root
 * @returns {Promise<boolean>} false after the errors have been shown
 */
export async function build(root) {
  const progress = startProgress('Building …');
  const digest = buildDigest(root);
  for (const name of compiledPackages) removeStaleOutputs(root, `packages/${name}`);
  const compilers = [
    run(
      process.execPath,
      [
        toolPath(root, '.', 'typescript', 'bin/tsc'),
        '-b',
        ...compiledPackages.map((name) => `packages/${name}`),
      ],
      { cwd: root, timeoutMs, onTick: progress.tick },
    ),
    run(
      process.execPath,
      [
        toolPath(root, `packages/${pagePackage}`, 'vite', 'bin/vite.js'),
        ...['build', `packages/${pagePackage}`, '--logLevel', 'warn', '--emptyOutDir'],
      ],
      // Vite builds React's development version if NODE_ENV happens to say so.
      { cwd: root, timeoutMs, env: { NODE_ENV: 'production' } },
    ),
  ];
  const results = await Promise.all(compilers);
  const said = results.map(({ output }) => withoutStacks(output)).filter((output) => output !== '');
  if (results.every(({ code }) => code === 0)) {
    writeBuildStamp(root, digest);
    progress.end('Built');
    for (const output of said) process.stderr.write(`${output}\n`);
    return true;
  }
  progress.end('The build failed');
  for (const output of said) process.stderr.write(`${output}\n`);
  return false;
}

/**
 * Errors in sources are told by file and line; where a tool was in its own code when it met them helps nobody.
 * @param {string} output
 */
const withoutStacks = (output) =>
  output
    .split('\n')
    .filter((line) => !/^\s+at .*(node_modules|node:)/.test(line))
    .join('\n')
    .trim();

/**
 * Takes away outputs whose source is gone, and makes tsc start over when outputs are missing: its own record would
 * tell it that they are there.
 * @param {string} root
 * @param {string} folder of the package
 */
export function removeStaleOutputs(root, folder) {
  const wanted = new Set(
    filesUnder(root, `${folder}/src`)
      .filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.d.ts') && !isTestFile.test(path))
      .map((path) => path.slice(`${folder}/src/`.length).replace(/\.tsx?$/, '')),
  );
  const found = new Set();
  for (const path of filesUnder(root, `${folder}/dist`)) {
    const stem = path.slice(`${folder}/dist/`.length).replace(/(\.d\.ts|\.js)(\.map)?$/, '');
    if (!wanted.has(stem)) rmSync(join(root, path));
    else if (path.endsWith('.js')) found.add(stem);
  }
  if (found.size < wanted.size) rmSync(join(root, folder, 'tsconfig.tsbuildinfo'), { force: true });
}

/**
 * The program of a tool as the package in `folder` sees it, wherever npm has put it.
 * @param {string} root
 * @param {string} folder
 * @param {string} tool
 * @param {string} program
 */
function toolPath(root, folder, tool, program) {
  const require = createRequire(join(root, folder, 'package.json'));
  return join(dirname(require.resolve(`${tool}/package.json`)), program);
}

const isCalledDirectly = process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href;
if (isCalledDirectly && !((await ensureInstalled(repository)) && (await build(repository))))
  process.exitCode = 1;
