// `npm run simulate -- --seed N --steps M [--runs K] [--log sqlite] [--trace]`: runs the simulator, and says what it found.
import { parseArgs } from 'node:util';
import { type RunResult, run, STEPS } from './simulate.ts';
import { LOGS, type LogKind } from './world.ts';

const USAGE = `npm run simulate -- [--seed N] [--steps M] [--runs K] [--log sqlite] [--trace]
  --seed N    the world to begin with (1)
  --steps M   what happens in it (${STEPS})
  --runs K    so many worlds, one after another (1)
  --log L     where the log is: memory, or sqlite on a disk (memory)
  --trace     what happened, line by line
`;

/** Lines of a failure's story that are shown unless all are asked for. */
const LINES_SHOWN = 40;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    steps: { type: 'string', default: String(STEPS) },
    runs: { type: 'string', default: '1' },
    log: { type: 'string', default: 'memory' },
    trace: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const print = (line: string): void => void process.stdout.write(`${line}\n`);

function numberOf(name: 'seed' | 'steps' | 'runs'): number {
  const number = Number(values[name]);
  if (!Number.isSafeInteger(number) || number < 0)
    throw new RangeError(`--${name} takes a whole number, not "${values[name]}".`);
  return number;
}

function logOf(): LogKind {
  const log = LOGS.find((kind) => kind === values.log);
  if (log === undefined) throw new RangeError(`--log is one of: ${LOGS.join(', ')}.`);
  return log;
}

async function tell({ seed, broken }: RunResult, steps: number): Promise<void> {
  const log = logOf();
  const { trace } = await run({ seed, steps, log, isTraced: true });
  const shown = values.trace ? trace : trace.slice(-LINES_SHOWN);
  for (const line of shown) print(line);
  if (broken === undefined) return;
  print(`\nSeed ${seed}: a promise was broken.\n  ${broken}`);
  print(
    `Just that again, with all that happened:\n  npm run simulate -- --seed ${seed} --steps ${steps}${log === 'memory' ? '' : ` --log ${log}`} --trace`,
  );
}

if (values.help) {
  process.stdout.write(USAGE);
} else {
  const [seed, steps, runs] = [numberOf('seed'), numberOf('steps'), numberOf('runs')];
  const began = performance.now();
  let [failed, drafts, simulatedMs] = [0, 0, 0];
  for (let index = 0; index < runs; index += 1) {
    const result = await run({ seed: seed + index, steps, log: logOf() });
    drafts += result.drafts;
    simulatedMs += result.simulatedMs;
    if (result.broken !== undefined) failed += 1;
    if (result.broken !== undefined || values.trace) await tell(result, steps);
  }
  const took = (performance.now() - began) / 1000;
  print(
    `${runs} worlds, ${drafts} messages, ${(simulatedMs / 3_600_000).toFixed(1)} simulated hours in ${took.toFixed(1)} s: ` +
      (failed === 0 ? 'every promise was kept.' : `${failed} broke a promise.`),
  );
  if (failed > 0) process.exitCode = 1;
}
