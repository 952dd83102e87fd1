// The command line of the bench, read and checked. `npm run bench -- --help` shows HELP.
import os from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

export const HELP = `npm run bench -- [options]

  --install         puts the peers into the folder of the bench; needed once
  --quick           the short list of scenarios
  --only REGEXP     the scenarios whose name matches
  --peers A,B,C     these servers only (--extra ones are always in)
  --rounds N        rounds in turns, 3 unless told otherwise
  --secs N          seconds measured in a round (1.5), after --warm N seconds (0.5)
  --node PATH       the Node that runs all Node servers
  --extra 'NAME|ws or sio or raw|COMMAND with {port} {mode} {deflate}'
                    one more server, as often as wanted
  --save            keeps the result in bench/results; so does a run without --only, --peers and --extra
  --out FILE.md     writes the report there
  --compare         measures nothing: the newest kept run beside the one before
  --list            names of servers and scenarios
  --boost           as root: puts this login's processes before those of others, until the end
  --dir FOLDER      of the bench; also BENCH_DIR
`;

export interface BenchOptions {
  readonly task: 'run' | 'install' | 'list' | 'compare' | 'help';
  readonly folder: string;
  readonly node: string;
  readonly rounds: number;
  readonly seconds: number;
  readonly warmSeconds: number;
  readonly isQuick: boolean;
  readonly only?: RegExp;
  readonly peers?: readonly string[];
  readonly extra: readonly string[];
  readonly isKept: boolean;
  readonly out?: string;
  readonly isBoosted: boolean;
}

const flag = { type: 'boolean', default: false } as const;
const text = { type: 'string' } as const;

/** What was asked for makes no sense; the message says why. */
export class UsageError extends Error {}

/** Throws a UsageError. */
export function readOptions(args: readonly string[]): BenchOptions {
  try {
    return optionsOf(args);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function optionsOf(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      install: flag,
      quick: flag,
      save: flag,
      compare: flag,
      list: flag,
      boost: flag,
      help: { ...flag, short: 'h' },
      only: text,
      peers: text,
      out: text,
      extra: { type: 'string', multiple: true, default: [] },
      rounds: { type: 'string', default: '3' },
      secs: { type: 'string', default: '1.5' },
      warm: { type: 'string', default: '0.5' },
      node: { type: 'string', default: process.execPath },
      dir: { type: 'string', default: process.env.BENCH_DIR ?? join(os.tmpdir(), 'wireroom-bench') },
    },
  });
  const { only, peers, out, extra } = values;
  const tasks = ['help', 'list', 'install', 'compare'] as const;
  return {
    task: tasks.find((task) => values[task]) ?? 'run',
    folder: values.dir,
    node: values.node,
    rounds: Math.floor(positive('rounds', values.rounds)),
    seconds: positive('secs', values.secs),
    warmSeconds: positive('warm', values.warm),
    isQuick: values.quick,
    extra,
    isKept: values.save || (only === undefined && peers === undefined && extra.length === 0),
    isBoosted: values.boost,
    ...(only !== undefined && { only: new RegExp(only) }),
    ...(peers !== undefined && { peers: peers.split(',') }),
    ...(out !== undefined && { out }),
  };
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new RangeError(`--${name} wants a number above 0, not ${text}`);
  return value;
}
