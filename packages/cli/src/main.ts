#!/usr/bin/env node
// The `wireroom` command. Thin: each command calls a package.
import { serve } from '@wireroom/server';

const [first, ...rest] = process.argv.slice(2);

if (first === undefined || first === 'serve' || first.startsWith('-')) {
  process.exitCode = await serve(first === 'serve' ? rest : process.argv.slice(2));
} else {
  process.stderr.write(`wireroom: there is no command "${first}". Commands: serve (wireroom serve --help)\n`);
  process.exitCode = 2;
}
