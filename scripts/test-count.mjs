// Turns vitest's JSON report into the numbers of the last line of `npm test`, and names what was skipped.
// Pure: reads no file, prints nothing. Next comes test.mjs.

/**
 * @typedef {object} Count
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 *
 * @typedef {object} SkippedSuite
 * @property {string} file relative to the repository
 * @property {string} title of the outermost suite, or of the test where there is none
 * @property {number} tests
 *
 * @typedef {object} Report what we read of vitest's report
 * @property {readonly { name: string, status: string, assertionResults: readonly Assertion[] }[]} testResults
 *
 * @typedef {{ status: string, title: string, ancestorTitles: readonly string[] }} Assertion
 *
 * @typedef {{ report: Report, code: number, errorsOutsideTests: number }} Run its report, vitest's exit code, and how many errors belong to no test
 */

/**
 * @param {Report} report
 * @param {number} exitCode vitest's own: it knows of errors outside any test
 * @param {string} root
 * @returns {Count & { skippedSuites: readonly SkippedSuite[], isFailedOutsideTests: boolean }}
 */
export function countReport(report, exitCode, root) {
  const count = { passed: 0, failed: 0, skipped: 0 };
  /** @type {Map<string, SkippedSuite>} */
  const suites = new Map();
  for (const { name, status, assertionResults } of report.testResults) {
    const failedBefore = count.failed;
    for (const assertion of assertionResults) {
      const verdict = verdictOf(assertion.status);
      count[verdict] += 1;
      if (verdict === 'skipped') noteSkipped(suites, relativeTo(root, name), assertion);
    }
    // A file that could not be loaded, or a hook that threw, fails without a failed test.
    if (status === 'failed' && count.failed === failedBefore) count.failed += 1;
  }
  const isFailedOutsideTests = exitCode !== 0 && count.failed === 0;
  if (isFailedOutsideTests) count.failed += 1;
  return { ...count, skippedSuites: [...suites.values()], isFailedOutsideTests };
}

/**
 * A test that the report leaves unfinished has failed: nobody knows what it would have said.
 * @param {string} status
 */
function verdictOf(status) {
  if (status === 'passed') return 'passed';
  return status === 'skipped' || status === 'todo' || status === 'disabled' ? 'skipped' : 'failed';
}

/**
 * @param {Map<string, SkippedSuite>} suites
 * @param {string} file
 * @param {Assertion} assertion
 */
function noteSkipped(suites, file, { ancestorTitles, title }) {
  const suiteTitle = ancestorTitles.find((ancestor) => ancestor !== '') ?? title;
  const key = `${file}\0${suiteTitle}`;
  const before = suites.get(key)?.tests ?? 0;
  suites.set(key, { file, title: suiteTitle, tests: before + 1 });
}

/** @param {Report['testResults'][number]} file */
const hasFailedTest = ({ assertionResults }) =>
  assertionResults.some(({ status }) => verdictOf(status) === 'failed');

/**
 * The files in which something failed. None where there was an error outside of all tests: whose that was, no second look tells.
 * @param {Run} run
 * @returns {readonly string[]}
 */
export function failedFiles({ report, errorsOutsideTests }) {
  if (errorsOutsideTests > 0) return [];
  return report.testResults
    .filter((file) => file.status === 'failed' || hasFailedTest(file))
    .map(({ name }) => name);
}

/**
 * What is so after the second look: of its files, what it saw.
 * @param {Run} first
 * @param {Run} second
 * @returns {Run}
 */
export function withSecondLook(first, second) {
  const again = new Set(second.report.testResults.map(({ name }) => name));
  const others = first.report.testResults.filter(({ name }) => !again.has(name));
  return { ...second, report: { testResults: [...others, ...second.report.testResults] } };
}

/**
 * Failed first, passed alone.
 * @param {Run} first
 * @param {Run} second
 * @param {string} root
 * @returns {readonly string[]} file and title; of a file that could not be loaded the file
 */
export function unsteadyTests(first, second, root) {
  const failedAgain = new Set(failedFiles(second));
  const files = first.report.testResults
    .filter((file) => file.status === 'failed' && !hasFailedTest(file) && !failedAgain.has(file.name))
    .map(({ name }) => relativeTo(root, name));
  const passed = new Set(titlesOf(second, 'passed', root));
  return [...files, ...titlesOf(first, 'failed', root).filter((title) => passed.has(title))];
}

/**
 * @param {Run} run
 * @param {'passed' | 'failed'} verdict
 * @param {string} root
 */
const titlesOf = ({ report }, verdict, root) =>
  report.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => verdictOf(status) === verdict)
      .map(({ ancestorTitles, title }) =>
        [relativeTo(root, name), ...ancestorTitles.filter((ancestor) => ancestor !== ''), title].join(' › '),
      ),
  );

/**
 * @param {readonly Count[]} counts
 * @returns {Count}
 */
export function addCounts(counts) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const { passed, failed, skipped } of counts) {
    sum.passed += passed;
    sum.failed += failed;
    sum.skipped += skipped;
  }
  return sum;
}

/** @param {Count} count */
export const lastLine = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;

/**
 * @param {string} root
 * @param {string} path
 */
const relativeTo = (root, path) =>
  path.startsWith(root) ? path.slice(root.length).replace(/^[\\/]/, '') : path;
