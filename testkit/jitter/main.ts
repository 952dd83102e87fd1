// `npm run jitter`: real servers, real clients, connections that are cut; what was delivered, beside Socket.IO. Exits with 1 if Wireroom
// lost, doubled or disordered anything.
import { writeFileSync } from 'node:fs';
import { runJitter } from './jitter.ts';
import { type JitterOptions, readOptions, USAGE } from './options.ts';
import { PEERS } from './peers.ts';
import { type JitterReport, reportOf } from './report.ts';

const print = (line: string): void => void process.stdout.write(`${line}\n`);

function optionsOf(args: readonly string[]): JitterOptions | undefined {
  try {
    const options = readOptions(args);
    if (options === undefined) process.stdout.write(USAGE);
    return options;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    process.exitCode = 2;
    return undefined;
  }
}

/** All that is in our log is everywhere, once, in order; and of our SDK everything is in it. */
function isKept({ trials, options: { clients } }: JitterReport): boolean {
  return trials.every(
    ({ peer, phases, log }) =>
      log === undefined ||
      (log.lost === 0 &&
        log.twice === 0 &&
        phases.every(
          ({ posted, reached, delivered, duplicates, outOfOrder }) =>
            delivered === reached * clients &&
            duplicates + outOfOrder === 0 &&
            (!PEERS[peer].isAcknowledging || reached === posted),
        )),
  );
}

const args = process.argv.slice(2);
const options = optionsOf(args);
// An exit runs what ends the children; a signal alone would not.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));
if (options !== undefined) {
  const command = ['npm run jitter', ...(args.length > 0 ? ['--', ...args] : [])].join(' ');
  const report = await runJitter(options, { command, print });
  print(`\n${reportOf(report)}`);
  if (options.out !== undefined) writeFileSync(options.out, `${JSON.stringify(report, null, 2)}\n`);
  if (!isKept(report)) process.exitCode = 1;
}
