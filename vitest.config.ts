import { defineConfig } from 'vitest/config';

// Packages resolve to their TypeScript source in tests, to dist when the server is started.
const conditions = ['@wireroom/source', 'module', 'import', 'default'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    environment: 'node',
    pool: 'forks',
    include: ['packages/*/src/**/*.test.{ts,tsx}', 'testkit/**/*.test.ts', 'scripts/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    reporters: ['default'],
  },
});
