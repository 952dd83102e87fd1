// What `npm start` does: install when the lockfile asks for it, build when the sources changed, then become the server.
// The server is imported, not spawned: npm's shell passes no SIGTERM on, so a child would outlive its parent as an orphan.
// Speaks on stderr, because stdout belongs to the server's log. Next comes packages/cli/src/main.ts.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isBuildStale } from './build-stamp.mjs';
import { ensureInstalled } from './install.mjs';
import { root } from './root.mjs';

const main = join(root, 'packages/cli/dist/main.js');

/** @returns {Promise<boolean>} */
async function isReady() {
  if (!(await ensureInstalled(root))) return false;
  if (!isBuildStale(root)) return true;
  const { build } = await import('./build.mjs');
  return build(root);
}

if (await isReady()) {
  const [node = 'node', , ...flags] = process.argv;
  process.argv = [node, main, 'serve', ...flags];
  await import(pathToFileURL(main).href);
} else {
  process.exitCode = 1;
}
