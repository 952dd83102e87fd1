// `npm test`: everything that must hold before a commit, in one run, ending with the line `N passed, N failed, N skipped`.
// A step that fails does not stop the ones after it, and none is left out in silence. Options: --fast (no browser),
// and anything else is a path filter for vitest. The steps themselves live elsewhere; here is their order and their count.
import './preflight.mjs';
import { accessSync, chmodSync, constants, mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { build } from './build.mjs';
import { filesUnder, isBuildStale } from './build-stamp.mjs';
import { run } from './child.mjs';
import { provideChromium } from './chromium.mjs';
import { provideProgram } from './debian-program.mjs';
import { ensureInstalled } from './install.mjs';
import { root } from './root.mjs';
import {
  addCounts,
  countReport,
  failedFiles,
  lastLine,
  unsteadyTests,
  withSecondLook,
} from './test-count.mjs';

/** @typedef {import('./test-count.mjs').Count} Count */

const checkTimeoutMs = 5 * 60_000;
const vitestTimeoutMs = 25 * 60_000;
/** More files than this with failures are no matter of a machine that was busy for a moment. */
const secondLookFilesMax = 4;

/** What tests leave on a disk for a moment (databases, what browsers keep) lies in memory where the system has room there: a disk that flushes slowly keeps nobody waiting. */
const memoryDisk = '/dev/shm';
const memoryBytesMin = 4 * 2 ** 30;

/** Programs of Debian's that single files of tests start; each file leaves its tests out where its program is missing. */
const programsOfTests = [
  { title: 'nginx', variable: 'NGINX', programs: ['nginx'], packages: ['nginx-light'] },
  {
    title: 'PostgreSQL',
    variable: 'POSTGRES_TOOL',
    programs: ['pg_ctlcluster', 'initdb'],
    packages: ['postgresql'],
  },
  { title: 'tshark', variable: 'TSHARK', programs: ['tshark'], packages: ['tshark'] },
];

const flags = process.argv.slice(2);
const isFast = flags.includes('--fast');
const filters = flags.filter((flag) => flag !== '--fast');
const isCi = !['', '0', 'false', undefined].includes(process.env.CI);
/** Where nobody watches, a browser that is missing is a failure, not a skip. */
const isBrowserRequired = !isFast && (isCi || process.env.WIREROOM_REQUIRE_BROWSER === '1');

const passed = { passed: 1, failed: 0, skipped: 0 };
const failed = { passed: 0, failed: 1, skipped: 0 };

/** @param {string} line */
const say = (line) => process.stdout.write(`${line}\n`);

/**
 * A check by a program of node_modules or of ours: its exit code is the verdict, its output is shown when that is bad.
 * @param {string} name
 * @param {readonly string[]} args for node
 * @returns {Promise<Count>}
 */
async function check(name, args) {
  const { code, output, tookMs } = await run(process.execPath, args, {
    cwd: root,
    timeoutMs: checkTimeoutMs,
    env: { NODE_ENV: undefined },
  });
  say(`${code === 0 ? 'ok    ' : 'FAILED'}  ${name} (${(tookMs / 1_000).toFixed(1)} s)`);
  if (code !== 0) say(output.trimEnd());
  if (code === 124) say(`${name} was ended after ${checkTimeoutMs / 60_000} minutes.`);
  return code === 0 ? passed : failed;
}

/** @returns {Promise<Count>} */
async function checkBuild() {
  const isBuilt = !isBuildStale(root) || (await build(root));
  say(`${isBuilt ? 'ok    ' : 'FAILED'}  build`);
  return isBuilt ? passed : failed;
}

/**
 * All tests; then those files of them once more, alone, in which something failed beside the others.
 * @param {string | undefined} chromium
 * @param {Readonly<Record<string, string>>} programs paths by variable
 * @returns {Promise<Count>}
 */
async function runTests(chromium, programs) {
  /** @param {readonly string[]} args */
  const vitest = (args) => runVitest(args, chromium, programs);
  try {
    const first = await vitest(filters);
    const files = failedFiles(first);
    if (files.length === 0 || files.length > secondLookFilesMax) return countVitest(first);
    say(`SECOND LOOK: ${files.length} files, alone: ${files.map((file) => relative(root, file)).join(' ')}`);
    const second = await vitest(['--maxWorkers=1', ...files]);
    const last = withSecondLook(first, second);
    for (const title of unsteadyTests(first, second, root))
      say(`UNSTEADY: ${title}: failed beside other tests (its error stands above), passed alone`);
    return countVitest(last);
  } catch (error) {
    say(`FAILED  vitest left no report, so its tests count as one failure: ${String(error)}`);
    return failed;
  }
}

/**
 * @param {readonly string[]} args
 * @param {string | undefined} chromium
 * @param {Readonly<Record<string, string>>} programs
 * @returns {Promise<import('./test-count.mjs').Run>} Rejects where vitest left no report.
 */
async function runVitest(args, chromium, programs) {
  const folder = mkdtempSync(join(temporaryFolder(), 'wireroom-test-'));
  const reportFile = join(folder, 'report.json');
  const errorsFile = join(folder, 'errors-outside-tests');
  // A database or a proxy of a test's own may run as somebody else.
  chmodSync(folder, 0o711);
  try {
    const { code } = await run(
      process.execPath,
      [
        'node_modules/vitest/vitest.mjs',
        ...['run', '--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`],
        '--reporter=./scripts/errors-reporter.mjs',
        ...(chromium ? [] : ['--exclude=**/*.browser.test.*']),
        ...args,
      ],
      {
        cwd: root,
        isShown: true,
        timeoutMs: vitestTimeoutMs,
        // vitest sets its own NODE_ENV; an inherited "production" would give React without act().
        env: {
          NODE_ENV: undefined,
          TMPDIR: folder,
          ERRORS_OUTSIDE_TESTS: errorsFile,
          ...(!process.stdout.isTTY && { NO_COLOR: '1' }),
          CHROMIUM: chromium,
          ...programs,
          // The tests make databases of their own there, and their servers take none unless they are told to.
          TEST_DATABASE_URL: process.env.TEST_DATABASE_URL ?? process.env.DATABASE_URL,
          DATABASE_URL: undefined,
          WIREROOM_REQUIRE_BROWSER: isBrowserRequired ? '1' : undefined,
        },
      },
    );
    const report = JSON.parse(readFileSync(reportFile, 'utf8'));
    return { code, report, errorsOutsideTests: Number(readFileSync(errorsFile, 'utf8')) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function temporaryFolder() {
  if (process.env.TMPDIR) return tmpdir();
  try {
    accessSync(memoryDisk, constants.W_OK);
    const { bavail, bsize } = statfsSync(memoryDisk);
    return bavail * bsize >= memoryBytesMin ? memoryDisk : tmpdir();
  } catch {
    return tmpdir(); // there is none here
  }
}

/**
 * @param {import('./test-count.mjs').Run} run
 * @returns {Count}
 */
function countVitest({ report, code }) {
  const { skippedSuites, isFailedOutsideTests, ...count } = countReport(report, code, root);
  if (code === 124) say(`FAILED  vitest was ended after ${vitestTimeoutMs / 60_000} minutes`);
  else if (isFailedOutsideTests)
    say(`FAILED  vitest ended with code ${code} though no test failed: see its errors above`);
  for (const { file, title, tests } of skippedSuites) say(`SKIPPED: ${file} › ${title} (${tests} TESTS)`);
  const isPostgresSkipped = skippedSuites.some(({ file, title }) => /postgres/i.test(`${file} ${title}`));
  if (isCi && isPostgresSkipped) {
    say('FAILED  tests with PostgreSQL were skipped where it is required (CI)');
    return addCounts([count, failed]);
  }
  const isBrowserSkipped = skippedSuites.some(({ file }) => file.includes('.browser.test.'));
  if (!isBrowserRequired || !isBrowserSkipped) return count;
  say('FAILED  browser tests were skipped where a browser is required');
  return addCounts([count, failed]);
}

/**
 * The browser, and what its absence counts for: one skip for each file of tests that cannot run, a failure where it is required.
 * @returns {Promise<{ path: string | undefined, count: Count }>}
 */
async function prepareBrowser() {
  const chromium = isFast ? { reason: '--fast' } : await provideChromium();
  if (chromium.path !== undefined) {
    say(`ok      Chromium: ${chromium.path}`);
    return { path: chromium.path, count: passed };
  }
  const files = ['packages', 'testkit', 'scripts']
    .flatMap((folder) => filesUnder(root, folder))
    .filter((path) => /\.browser\.test\.tsx?$/.test(path) && !path.includes('node_modules/'));
  say(`SKIPPED: ALL BROWSER TESTS (${chromium.reason}), ${files.length} FILES: ${files.join(' ')}`);
  if (!isBrowserRequired) return { path: undefined, count: { passed: 0, failed: 0, skipped: files.length } };
  say('FAILED  a browser is required here (CI or WIREROOM_REQUIRE_BROWSER=1)');
  return { path: undefined, count: failed };
}

/**
 * The other programs. The tests that are left out without one count by themselves; where nobody watches, its absence is a failure.
 * @returns {Promise<{ paths: Readonly<Record<string, string>>, count: Count }>}
 */
async function preparePrograms() {
  const counts = [];
  /** @type {Record<string, string>} */
  const paths = {};
  const hasServer = Boolean(process.env.TEST_DATABASE_URL ?? process.env.DATABASE_URL);
  for (const needed of programsOfTests) {
    if (needed.title === 'PostgreSQL' && hasServer) continue;
    const { path, reason } = await provideProgram(needed);
    if (path === undefined) say(`SKIPPED: ALL TESTS WITH ${needed.title.toUpperCase()} (${reason})`);
    else {
      paths[needed.variable] = path;
      say(`ok      ${needed.title}: ${path}`);
    }
    if (path === undefined && isCi) say(`FAILED  ${needed.title} is required here (CI)`);
    counts.push(path !== undefined ? passed : isCi ? failed : { passed: 0, failed: 0, skipped: 0 });
  }
  return { paths, count: addCounts(counts) };
}

/**
 * Two at a time: each of these programs takes one core, and a small machine has two.
 * @param {readonly (() => Promise<Count>)[]} jobs
 * @returns {Promise<readonly Count[]>}
 */
async function inPairs(jobs) {
  const left = [...jobs];
  /** @type {Count[]} */
  const counts = [];
  const work = async () => {
    for (let job = left.shift(); job !== undefined; job = left.shift()) counts.push(await job());
  };
  await Promise.all([work(), work()]);
  return counts;
}

/** @returns {Promise<Count>} */
async function testAll() {
  if (!(await ensureInstalled(root))) return failed;
  const tsc = 'node_modules/typescript/bin/tsc';
  const checks = await inPairs([
    () => check('types', [tsc, '-p', 'tsconfig.json']),
    () => check('types of the page', [tsc, '--noEmit', '-p', 'packages/web']),
    () => check('reference of the API', ['node_modules/typedoc/bin/typedoc', '--emit', 'none']),
    checkBuild,
    () =>
      check('Biome', [
        'node_modules/@biomejs/biome/bin/biome',
        'ci',
        '--max-diagnostics=50',
        `--colors=${process.stdout.isTTY ? 'force' : 'off'}`,
      ]),
    () => check('tidy', ['--import', 'tsx', 'scripts/tidy.ts']),
  ]);
  const browser = await prepareBrowser();
  const programs = await preparePrograms();
  const tests = await runTests(browser.path, programs.paths);
  const sum = addCounts([...checks, browser.count, programs.count, tests]);
  if (checks.some((count) => count.failed > 0))
    say('A check before the tests failed: look above them for its lines.');
  return sum;
}

const sum = await testAll();
say(lastLine(sum));
process.exitCode = sum.failed === 0 ? 0 : 1;
