// `wireroom inspect`: reads what was asked for, goes there or listens, and keeps the capture if it is to be kept.
import { type Io, processIo } from '../terminal/terminal.ts';
import { USAGE_EXIT_CODE, UsageError } from '../usage-error.ts';
import { readArguments } from './arguments.ts';
import { inspectHelp } from './help.ts';
import { listen } from './listening.ts';
import { Outlet } from './outlet.ts';
import { visit } from './visit.ts';

export async function inspect(args: readonly string[], io: Io = processIo): Promise<number> {
  try {
    const options = readArguments(args);
    if (options === 'help') {
      io.output.write(inspectHelp());
      return 0;
    }
    const outlet = new Outlet(options, io);
    const { to } = options;
    const code =
      to.kind === 'listen'
        ? await listen(to.port, options, io, outlet)
        : await visit(to.address, options, io, outlet);
    outlet.finish();
    return code;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    io.errors.write(`wireroom inspect: ${error.message}\n`);
    return USAGE_EXIT_CODE;
  }
}
