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
  // The server outlives whoever reads its lines; see its main.ts.
  if (first !== 'serve' && !isBare) endWithReader();
  const { run } = await command.load();
  return run(isBare ? args : rest);
}

/** `wireroom inspect … | head`: whoever reads the output has had enough, and that is no error. */
function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    throw error;
  });
}

process.exitCode = await main(process.argv.slice(2));
