#!/usr/bin/env node
// The `wireroom` command: finds the command that was asked for and runs it. What each does is in commands/, thinly.
import { COMMANDS, usage } from './commands.ts';

async function main(args: readonly string[]): Promise<number> {
  const [first = 'serve', ...rest] = args;
  if (['help', '--help', '-h'].includes(first)) {
    process.stdout.write(usage());
    return 0;
  }
  // A setting alone is for the server.
  const isBare = first.startsWith('-');
  const command = COMMANDS.get(isBare ? 'serve' : first);
  if (command === undefined) {
    process.stderr.write(
      `wireroom: there is no command "${first}". Commands: ${[...COMMANDS.keys()].join(', ')}.\n`,
    );
    return 2;
  }
  const { run } = await command.load();
  return run(isBare ? args : rest);
}

process.exitCode = await main(process.argv.slice(2));
