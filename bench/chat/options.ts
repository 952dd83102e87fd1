// The command line of the chat's bench, and how large each run is.
import { parseArgs } from 'node:util';
import type { Timing } from '../processes.ts';

export const SCENARIOS = ['posts', 'room', 'resume', 'idle', 'slow'] as const;
export type ScenarioName = (typeof SCENARIOS)[number];

export const HELP = `npm run bench:chat -- [options]

  --only NAME,NAME  of ${SCENARIOS.join(', ')}
  --quick           short rounds, fewer of them: a couple of minutes
  --rounds N        rounds in turns; medians are told
  --boost           as root: puts this login's processes before those of others, until the end
  --out FILE.md     writes the report there
  DATABASE_URL      of a PostgreSQL server, as somebody who may create databases: posts are measured there, too
`;

export interface Size extends Timing {
  readonly isQuick: boolean;
  readonly rounds: number;
  readonly readers: number;
  /** Entries that those who come back have missed. */
  readonly behind: number;
  readonly idle: number;
}

export interface ChatBenchOptions {
  readonly task: 'run' | 'help';
  readonly only: readonly ScenarioName[];
  readonly size: Size;
  readonly isBoosted: boolean;
  readonly out: string | undefined;
}

const FULL: Size = {
  ...{ isQuick: false, rounds: 5, seconds: 3, warmSeconds: 1 },
  ...{ readers: 1_000, behind: 500, idle: 10_000 },
};
const QUICK: Size = { ...FULL, isQuick: true, rounds: 2, seconds: 1, warmSeconds: 0.5, idle: 2_000 };

/** Throws where something unknown is asked for. */
export function readOptions(args: readonly string[]): ChatBenchOptions {
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: flag,
      quick: flag,
      boost: flag,
      only: { type: 'string' },
      rounds: { type: 'string' },
      out: { type: 'string' },
    },
  });
  const size = values.quick ? QUICK : FULL;
  const rounds = values.rounds === undefined ? size.rounds : Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new RangeError('--rounds is a number from 1 on');
  return {
    task: values.help ? 'help' : 'run',
    only: values.only === undefined ? SCENARIOS : values.only.split(',').map(scenarioName),
    size: { ...size, rounds },
    isBoosted: values.boost,
    out: values.out,
  };
}

function scenarioName(text: string): ScenarioName {
  const name = SCENARIOS.find((known) => known === text);
  if (name === undefined) throw new RangeError(`There is no scenario "${text}": ${SCENARIOS.join(', ')}.`);
  return name;
}
