#!/usr/bin/env node
// What `npx wireroom` runs. It lies here, and not among what is built, so that npm finds it when it installs.
import { existsSync } from 'node:fs';

const main = new URL('../dist/main.js', import.meta.url);
if (existsSync(main)) await import(main.href);
else {
  process.stderr.write('wireroom: it is not built yet. Run: npm run build\n');
  process.exitCode = 1;
}
