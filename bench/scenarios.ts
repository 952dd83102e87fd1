// What the servers are put through: the arguments of the load generator (load/options.c), with a title for the report.
import type { Capability, Deflate, Peer, ServerMode } from './peer.ts';

export type ScenarioKind = 'echo' | 'broadcast' | 'connect' | 'idle';

export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly kind: ScenarioKind;
  /** What is counted: messages, deliveries … a second. */
  readonly unit: string;
  readonly load: readonly string[];
  readonly deflate?: Deflate;
  readonly needs: readonly Capability[];
  /** In the short list, too. */
  readonly isQuick: boolean;
}

type Rest = Partial<Pick<Scenario, 'deflate' | 'needs' | 'isQuick'>> & { readonly extra?: string };

const words = (text: string): string[] => text.split(' ').filter(Boolean);

const sizeName = (bytes: number): string => {
  if (bytes >= 2 ** 20) return `${bytes / 2 ** 20} MiB`;
  return bytes >= 1024 ? `${bytes / 1024} KiB` : `${bytes} B`;
};

interface Echo extends Rest {
  readonly what?: string;
  readonly connections: number;
  readonly inFlight?: number;
}

function echo(name: string, bytes: number, { what, connections, inFlight = 1, extra = '', ...rest }: Echo) {
  const many = connections === 1 ? '1 connection' : `${connections} connections`;
  const title = `echo ${what ?? sizeName(bytes)}, ${many}, ${inFlight} in flight each`;
  const load = words(`echo -s ${bytes} -c ${connections} -d ${inFlight} ${extra}`);
  return { name, title, kind: 'echo', unit: 'messages/s', load, needs: [], isQuick: false, ...rest } as const;
}

interface Broadcast extends Rest {
  readonly connections: number;
  readonly publishers: number;
  readonly bytes?: number;
  readonly how?: string;
}

function broadcast(name: string, { connections, publishers, bytes = 128, how, extra, ...rest }: Broadcast) {
  const senders = publishers === 1 ? '1 publisher' : `${publishers} publishers`;
  const title = `broadcast ${sizeName(bytes)} to ${connections}, ${senders}, ${how ?? 'closed loop'}`;
  const load = words(`bcast -s ${bytes} -c ${connections} -P ${publishers} ${extra ?? ''}`);
  const unit = 'deliveries/s';
  return { name, title, kind: 'broadcast', unit, load, needs: [], isQuick: false, ...rest } as const;
}

const echoes: readonly Scenario[] = [
  echo('echo-20-c1', 20, { connections: 1, isQuick: true }),
  echo('echo-20-c100', 20, { connections: 100, isQuick: true }),
  echo('echo-20-c1000', 20, { connections: 1000 }),
  echo('echo-20-c100-d16', 20, { connections: 100, inFlight: 16, isQuick: true }),
  echo('echo-20-c1000-d16', 20, { connections: 1000, inFlight: 16 }),
  echo('echo-512-c1', 512, { connections: 1 }),
  echo('echo-512-c100', 512, { connections: 100 }),
  echo('echo-512-c1000', 512, { connections: 1000 }),
  echo('echo-512-c100-d16', 512, { connections: 100, inFlight: 16, isQuick: true }),
  echo('echo-4k-c100-d16', 4096, { connections: 100, inFlight: 16 }),
  echo('echo-16k-c1', 16384, { connections: 1 }),
  echo('echo-16k-c100', 16384, { connections: 100, isQuick: true }),
  echo('echo-16k-c1000', 16384, { connections: 1000 }),
  echo('echo-1m-c1', 1048576, { connections: 1 }),
  echo('echo-1m-c100', 1048576, { connections: 100, isQuick: true }),
  echo('echo-mix-c100', 20, {
    connections: 100,
    what: 'of a mix (80 % 20 B, 15 % 512 B, 5 % 16 KiB)',
    extra: '--mix',
    isQuick: true,
  }),
  echo('echo-mix-c100-d16', 20, {
    connections: 100,
    inFlight: 16,
    what: 'of a mix (80 % 20 B, 15 % 512 B, 5 % 16 KiB)',
    extra: '--mix',
  }),
  echo('echo-chinese-c100', 300, {
    connections: 100,
    what: '300 B of Chinese text (UTF-8, three bytes a character)',
    extra: '--content chinese',
  }),
  echo('echo-chinese-c100-d16', 300, {
    connections: 100,
    inFlight: 16,
    what: '300 B of Chinese text (UTF-8, three bytes a character)',
    extra: '--content chinese',
  }),
  echo('echo-fragments-c100', 2048, {
    connections: 100,
    what: '2 KiB sent in 4 fragments',
    extra: '--fragments 4',
    needs: ['fragments'],
  }),
  echo('echo-deflate-c100', 300, {
    connections: 100,
    inFlight: 4,
    what: '300 B JSON, permessage-deflate with context takeover where the server grants it',
    extra: '--content json --deflate',
    deflate: 'takeover',
    needs: ['deflate'],
  }),
];

const broadcasts: readonly Scenario[] = [
  broadcast('bcast-c100', { connections: 100, publishers: 1 }),
  broadcast('bcast-c1000', { connections: 1000, publishers: 1, isQuick: true }),
  broadcast('bcast-c5000', { connections: 5000, publishers: 1 }),
  broadcast('bcast-c100-p16', { connections: 100, publishers: 16 }),
  broadcast('bcast-c1000-p16', { connections: 1000, publishers: 16, isQuick: true }),
  broadcast('bcast-1k-c1000-p16', { connections: 1000, publishers: 16, bytes: 1024 }),
  broadcast('bcast-slow', {
    connections: 1000,
    publishers: 16,
    bytes: 1024,
    how: '100 of the receivers stop reading',
    extra: '--slow 10',
  }),
  broadcast('bcast-rate', {
    connections: 1000,
    publishers: 4,
    how: 'open loop, 20 messages/s in all (delay at a fixed load)',
    extra: '-R 20',
  }),
  broadcast('bcast-deflate', {
    connections: 1000,
    publishers: 1,
    bytes: 300,
    how: 'JSON, permessage-deflate without context takeover',
    extra: '--content json --deflate',
    deflate: 'shared',
    needs: ['deflate'],
    isQuick: true,
  }),
];

export const scenarios: readonly Scenario[] = [
  ...echoes,
  ...broadcasts,
  {
    name: 'connect',
    title: 'handshakes, 64 at a time, each connection closed at once',
    kind: 'connect',
    unit: 'handshakes/s',
    load: words('connect -c 64'),
    needs: ['handshake'],
    isQuick: true,
  },
  {
    name: 'idle',
    title: '10 000 idle connections',
    kind: 'idle',
    unit: 'connections/s',
    load: words('idle -c 10000 --srcips 4 -s 20'),
    needs: [],
    isQuick: true,
  },
];

export const serverModeOf = ({ kind }: Scenario): ServerMode => (kind === 'broadcast' ? 'bcast' : 'echo');

export function isFor(peer: Peer, scenario: Scenario): boolean {
  if (peer.only !== undefined && !peer.only.includes(scenario.name)) return false;
  return !scenario.needs.some((need) => peer.lacks.includes(need));
}
