// What may be chosen: flags, their defaults, and the sentences for what cannot be.
import { parseArgs } from 'node:util';
import { JITTER_LIMITS } from './limits.ts';
import { isPeerName, PEER_NAMES, type PeerName } from './peers.ts';

export interface JitterOptions {
  readonly clients: number;
  /** Of posting, for each peer: half of it with cuts, a quarter around a kill, a quarter around a drain. */
  readonly seconds: number;
  readonly seed: number;
  readonly peers: readonly PeerName[];
  readonly publishers: number;
  /** Messages a second, of all publishers together. */
  readonly rate: number;
  /** Stock Socket.IO clients begin with WebSocket at once, where their default begins with polling. */
  readonly isWebSocketOnly: boolean;
  /** A file for the figures as JSON. */
  readonly out: string | undefined;
}

export const USAGE = `npm run jitter -- [options]
  --clients N      clients of each peer (300)
  --seconds N      of posting, for each peer: half with cuts, a quarter around a kill, a quarter around a drain (60)
  --seed N         of the cuts (1)
  --peers LIST     ${PEER_NAMES.join(',')} (all)
  --publishers N   clients that post (10)
  --rate N         messages a second, of all publishers together (10)
  --websocket-only stock Socket.IO clients begin with WebSocket instead of polling
  --out FILE       the figures as JSON
`;

/** Throws a RangeError or TypeError with a sentence; undefined: help was asked for. */
export function readOptions(args: readonly string[]): JitterOptions | undefined {
  const text = (fallback: string) => ({ type: 'string', default: fallback }) as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...{ clients: text('300'), seconds: text('60'), seed: text('1'), peers: text(PEER_NAMES.join(',')) },
      ...{ publishers: text('10'), rate: text('10'), out: { type: 'string' } as const },
      'websocket-only': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const options: JitterOptions = {
    clients: wholeNumber('clients', values.clients, [1, JITTER_LIMITS.clientsMax]),
    seconds: wholeNumber('seconds', values.seconds, [4, 3_600]),
    seed: wholeNumber('seed', values.seed, [0, 2 ** 32 - 1]),
    peers: readPeers(values.peers),
    publishers: wholeNumber('publishers', values.publishers, [1, JITTER_LIMITS.clientsMax]),
    rate: wholeNumber('rate', values.rate, [1, 1_000]),
    isWebSocketOnly: values['websocket-only'],
    out: values.out,
  };
  if (options.publishers > options.clients)
    throw new RangeError('--publishers are clients: there cannot be more of them.');
  if (options.rate * options.seconds > JITTER_LIMITS.messagesMax)
    throw new RangeError(`--rate times --seconds is at most ${JITTER_LIMITS.messagesMax} messages.`);
  return options;
}

function wholeNumber(name: string, value: string, [min, max]: readonly [number, number]): number {
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (number >= min && number <= max) return number;
  throw new RangeError(`--${name} takes a whole number from ${min} to ${max}, not "${value}".`);
}

function readPeers(list: string): PeerName[] {
  const names = list.split(',').map((name) => name.trim());
  return names.map((name) => {
    if (isPeerName(name)) return name;
    throw new RangeError(`--peers knows ${PEER_NAMES.join(', ')}, and not "${name}".`);
  });
}
