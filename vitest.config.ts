// How the tests of all packages run. What runs before and after them is scripts/test.mjs.
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { isBuildStale } from './scripts/build-stamp.mjs';
import { root } from './scripts/root.mjs';

// Packages resolve to their TypeScript source in tests, to dist when the server is started.
// Vitest hands these to Node as well, for require() too: nothing here may name a module system.
const conditions = ['@wireroom/source', 'node'];

/** Whoever watches changes the sources meanwhile. */
const isOneRun = process.argv.includes('run') || Boolean(process.env.CI);

const outputs = ['**/node_modules/**', '**/dist/**'];
const browserTests = '**/*.browser.test.ts';

/** Functions of their arguments, and views of them: their files share processes and what those have loaded. */
const pureTests = [
  'packages/protocol/src/!(zod).test.ts',
  'packages/{capture,history,capacity,web,websocket/src/core}/**/*.test.{ts,tsx}',
];

/** They look at what their process has or does as a whole, or what they share begins anew with each file: a process for each. The others share theirs, like the pure ones. */
const aloneTests = [
  'packages/websocket/src/{net,whatwg,ws}/**/*.test.ts',
  'packages/client/src/{chat-*,chat,react}.test.{ts,tsx}',
  'packages/protocol/src/zod.test.ts',
  'packages/sandbox/src/play.test.ts',
  'scripts/child.test.ts',
];

/** They take a minute or more, and begin first: the last one would keep a core to itself. */
const longTests =
  /course-interview|outbox|page|jitter|peers|cli\.test|gateways|recovery|exercises|capacity|worlds-|check\.test|import\.test|killed|chat\.test/;

/** One project after the other, since processes are shared within one; in each the long ones first. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const projects = ['browser', 'alone', 'node', 'pure'];
    const rank = ({ project, moduleId }: TestSpecification): number =>
      projects.indexOf(project.name) * 2 + (longTests.test(moduleId) ? 0 : 1);
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
  }
}

/** For servers and programs that a test starts, on a machine that does three files of tests at once; where nothing is started, tests take milliseconds anyway. */
const bounds = {
  testTimeout: 60_000,
  hookTimeout: 60_000,
  // What a test waits for ends the waiting, not a slow machine; Vitest's own second is for no machine that has other work.
  expect: { poll: { timeout: 30_000 } },
};

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    environment: 'node',
    pool: 'forks',
    // Threads and programs of ours that tests start come from dist where it is what these sources make, and start three times as fast.
    env: { WIREROOM_BUILT: isOneRun && !isBuildStale(root) ? '1' : '' },
    setupFiles: [
      'testkit/src/shared-process.ts',
      // `npm run matrix` has the engine do without what Node does not document.
      ...(process.env.NODE_PATHS === 'documented'
        ? ['packages/websocket/src/testing/documented-paths.ts']
        : []),
    ],
    // Many tests wait for sockets, clocks and other programs: more of them than cores can run at once.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    reporters: ['default'],
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          include: [
            'packages/*/src/**/*.test.{ts,tsx}',
            'testkit/**/*.test.ts',
            'scripts/**/*.test.ts',
            'bench/**/*.test.ts',
            'examples/**/*.test.ts',
          ],
          exclude: [...outputs, browserTests, ...pureTests, ...aloneTests],
          isolate: false,
          ...bounds,
        },
      },
      {
        extends: true,
        test: {
          name: 'alone',
          include: aloneTests,
          exclude: outputs,
          ...bounds,
        },
      },
      {
        extends: true,
        test: {
          name: 'pure',
          include: pureTests,
          exclude: outputs,
          isolate: false,
          ...bounds,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['packages/*/src/**/*.browser.test.{ts,tsx}', 'testkit/**/*.browser.test.ts'],
          exclude: outputs,
          // A browser and servers, started and stopped several times, on a machine that does three files of tests at once.
          testTimeout: 120_000,
          hookTimeout: 60_000,
          expect: { poll: { timeout: 60_000 } },
        },
      },
    ],
  },
});
