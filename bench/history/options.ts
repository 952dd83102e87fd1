// The command line of `npm run bench:history`.
import { parseArgs } from 'node:util';

export const HELP = `npm run bench:history -- [options]

  --entries N   entries of the room that is downloaded (1000000)
  --people N    people who chat meanwhile, one of whom downloads (200)
  --rate N      messages that they say in a second, together (50)
  --quiet S     seconds measured before and after each download, all of them its quiet (20)
  --out DIR     where results go (bench/results/history)
  --picture F   also writes the SVG there

Build first: npm run build. The server has a core of its own, people and download the other.
`;

export interface HistoryBenchOptions {
  readonly isHelp: boolean;
  readonly entries: number;
  readonly people: number;
  readonly rate: number;
  readonly quietSeconds: number;
  readonly out: string;
  readonly picture: string | undefined;
}

/** Throws a RangeError with a sentence where something cannot be used. */
export function readOptions(args: readonly string[]): HistoryBenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', default: false },
      entries: { type: 'string', default: '1000000' },
      people: { type: 'string', default: '200' },
      rate: { type: 'string', default: '50' },
      quiet: { type: 'string', default: '20' },
      out: { type: 'string', default: 'bench/results/history' },
      picture: { type: 'string' },
    },
  });
  return {
    isHelp: values.help,
    entries: atLeast('entries', values.entries, 1_000),
    people: atLeast('people', values.people, 2),
    rate: atLeast('rate', values.rate, 1),
    quietSeconds: atLeast('quiet', values.quiet, 2),
    out: values.out,
    picture: values.picture,
  };
}

function atLeast(name: string, text: string, min: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= min) return value;
  throw new RangeError(`--${name} is "${text}"; it must be a whole number from ${min} on.`);
}
