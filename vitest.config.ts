// How the tests of all packages run. What runs before and after them is scripts/test.mjs.
import { defineConfig } from 'vitest/config';

// Packages resolve to their TypeScript source in tests, to dist when the server is started.
// Vitest hands these to Node as well, for require() too: nothing here may name a module system.
const conditions = ['@wireroom/source', 'node'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    environment: 'node',
    pool: 'forks',
    include: [
      'packages/*/src/**/*.test.{ts,tsx}',
      'testkit/**/*.test.ts',
      'scripts/**/*.test.ts',
      'bench/**/*.test.ts',
      'examples/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', '**/dist/**'],
    // `npm run matrix` has the engine do without what Node does not document.
    setupFiles:
      process.env.NODE_PATHS === 'documented' ? ['packages/websocket/src/testing/documented-paths.ts'] : [],
    // Many tests wait for sockets, clocks and other programs: more of them than cores can run at once.
    maxWorkers: 3,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    reporters: ['default'],
  },
});
