// `npm run matrix`: the engine's own tests on every Node that can be had. The npm package `node` brings the others; they are
// kept in a cache folder outside the repository. What the engine takes from Node without its being documented is tried
// both ways: as that Node has it, and as if it were missing. Prints a table. Not part of `npm test`: it downloads.
//   npm run matrix -- [versions, by default 20 22 24 26]
import './preflight.mjs';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { build } from './build.mjs';
import { run } from './child.mjs';
import { root } from './root.mjs';

const installTimeoutMs = 5 * 60_000;
const testTimeoutMs = 15 * 60_000;
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'wireroom', 'nodes');
const given = process.argv.slice(2);
const versions = given.length > 0 ? given : ['20', '22', '24', '26'];

/** @param {string} line */
const say = (line) => process.stdout.write(`${line}\n`);

/**
 * The binary of that version, installed if it is not there yet; undefined if it cannot be had.
 * @param {string} version
 * @returns {Promise<string | undefined>}
 */
async function provideNode(version) {
  const folder = join(cache, version);
  const binary = join(
    folder,
    'node_modules',
    'node',
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  if (!existsSync(binary)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    const args = ['install', '--no-audit', '--no-fund', `node@${version}`];
    const { code, output } = await run(npm, args, { cwd: folder, timeoutMs: installTimeoutMs });
    if (code !== 0 || !existsSync(binary)) {
      say(output.trimEnd());
      return undefined;
    }
  }
  return binary;
}

/**
 * One program of ours on that Node; its output, or undefined if it failed.
 * @param {string} node
 * @param {readonly string[]} args
 */
async function ask(node, args) {
  const { code, output } = await run(node, args, { cwd: root, timeoutMs: installTimeoutMs });
  return code === 0 ? output.trim() : undefined;
}

/**
 * @param {string} node
 * @param {'as found' | 'documented'} paths
 * @returns {Promise<string>}
 */
async function test(node, paths) {
  const { code, output, tookMs } = await run(
    node,
    ['node_modules/vitest/vitest.mjs', 'run', '--reporter=dot', '--testTimeout=60000', 'packages/websocket'],
    {
      cwd: root,
      timeoutMs: testTimeoutMs,
      env: { NODE_ENV: undefined, NO_COLOR: '1', NODE_PATHS: paths === 'documented' ? paths : undefined },
    },
  );
  const counts = /^ *Tests +(.*)$/m.exec(output)?.[1] ?? 'did not start';
  if (code !== 0) say(output.trimEnd());
  return `${code === 0 ? 'ok' : 'FAILED'}: ${counts}, ${Math.round(tookMs / 1000)} s`;
}

const probe = [
  '--conditions=@wireroom/source',
  '--import',
  'tsx',
  'packages/websocket/src/testing/node-paths.ts',
];
/** @type {string[]} */
const rows = [];

if (!(await build(root))) process.exit(1);
for (const version of versions) {
  const node = await provideNode(version);
  if (node === undefined) {
    rows.push(`| ${version} | could not be installed | | | |`);
    continue;
  }
  const release = (await ask(node, ['--version'])) ?? version;
  const found = (await ask(node, probe)) ?? 'the probe failed';
  say(`${release} (${found})`);
  const built = await ask(node, ['--input-type=module', '--eval', "await import('@wireroom/websocket')"]);
  const asFound = await test(node, 'as found');
  const documented = await test(node, 'documented');
  rows.push(
    `| ${release} | ${found} | ${built === undefined ? 'FAILED' : 'ok'} | ${asFound} | ${documented} |`,
  );
}

say('');
say('| Node | undocumented paths | the built package loads | tests | tests by documented paths only |');
say('|---|---|---|---|---|');
for (const row of rows) say(row);
process.exitCode = rows.some((row) => /FAILED|failed|not be installed/.test(row)) ? 1 : 0;
