// Vitest's JSON report knows of tests only. This reporter writes how many errors came up outside of all of them into the file that
// ERRORS_OUTSIDE_TESTS names; test.mjs reads it.
import { writeFileSync } from 'node:fs';

export default class ErrorsReporter {
  /**
   * @param {unknown} _modules
   * @param {readonly unknown[]} errors
   */
  onTestRunEnd(_modules, errors) {
    if (process.env.ERRORS_OUTSIDE_TESTS)
      writeFileSync(process.env.ERRORS_OUTSIDE_TESTS, String(errors.length));
  }
}
