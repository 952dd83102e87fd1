// `wireroom inspect`: reads what was asked for, goes there, listens or opens a file, and keeps the capture if it is to be kept.
import { type Io, processIo } from '../terminal/terminal.ts';
import { USAGE_EXIT_CODE, UsageError } from '../usage-error.ts';
import { type InspectOptions, readArguments } from './arguments.ts';
import { inspectHelp } from './help.ts';
import { listen } from './listening.ts';
import { Outlet } from './outlet.ts';
import { readCaptures } from './reading.ts';
import { visit } from './visit.ts';

export async function inspect(args: readonly string[], io: Io = processIo): Promise<number> {
  try {
    const options = readArguments(args);
    if (options === 'help') {
      io.output.write(inspectHelp());
      return 0;
    }
    const outlet = new Outlet(options, io);
    const code = await go(options, io, outlet);
    outlet.finish();
    return code;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    io.errors.write(`wireroom inspect: ${error.message}\n`);
    return USAGE_EXIT_CODE;
  }
}

async function go(options: InspectOptions, io: Io, outlet: Outlet): Promise<number> {
  const { to } = options;
  switch (to.kind) {
    case 'listen':
      return listen(to.port, options, io, outlet);
    case 'read':
      return readCaptures(to.file, outlet);
    case 'connect':
      return visit(to.address, options, io, outlet);
  }
}
