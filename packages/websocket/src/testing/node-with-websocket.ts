// A Node that has a WebSocket of its own (22 and later): this one, the one that NODE_WITH_WEBSOCKET names, or one that
// `npm run matrix` has brought. For tests only.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'wireroom', 'nodes');

/** Undefined where there is none. */
export function nodeWithWebSocket(): string | undefined {
  if (typeof globalThis.WebSocket === 'function') return process.execPath;
  const brought = ['26', '24', '22'].map((version) =>
    join(cache, version, 'node_modules', 'node', 'bin', 'node'),
  );
  return [process.env.NODE_WITH_WEBSOCKET ?? '', ...brought].find((binary) => existsSync(binary));
}
