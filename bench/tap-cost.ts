// `npm run bench:tap`: what taps and recordings cost, and what it costs that they could be there. Pairs of rounds: the same load on each server in
// turns, the time of all threads of the server's process for one message, and of the ratios within each turn the median. See README.md.
import '../scripts/preflight.mjs';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../scripts/root.mjs';
import { compile, placeAt } from './installation.ts';
import { commitOf, machineOf } from './machine.ts';
import { wait } from './processes.ts';
import { median } from './statistics.ts';

const SERVER_CORE = '0';
const GENERATOR_CORE = '1';
const START_TRIES_MAX = 400;
const PEOPLE = 20;
const MESSAGES = 1500;
const UNDER_WAY = 50;

const { values } = parseArgs({
  options: {
    before: { type: 'string' },
    rounds: { type: 'string', default: '15' },
    secs: { type: 'string', default: '1' },
    only: { type: 'string', default: '.' },
    out: { type: 'string' },
  },
});
const rounds = Number(values.rounds);
const secs = Number(values.secs);
const place = placeAt(process.env.BENCH_DIR ?? join(tmpdir(), 'wireroom-bench'));
const dataDirs: string[] = [];
const running: ChildProcess[] = [];
let lastPort = 20_000 + (process.pid % 5_000);

/** One server in a case; the first is the one that the others are held against. */
interface Contestant {
  readonly name: string;
  readonly command: (port: number) => readonly string[];
  /** Of the chat: how many of the people ask to be recorded. */
  readonly recorded?: number;
}

interface Case {
  readonly name: string;
  readonly title: string;
  readonly contestants: readonly Contestant[];
  /** Runs the load, resolves with the number of messages. */
  readonly load: (port: number, contestant: Contestant) => Promise<number>;
}

function pinned(core: string, command: readonly string[], env: Record<string, string> = {}): ChildProcess {
  const child = spawn('taskset', ['-c', core, ...command], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, NODE_ENV: 'production', ...env },
  });
  running.push(child);
  return child;
}

function outputOf(child: ChildProcess): Promise<string> {
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  return new Promise((resolved) => child.once('close', () => resolved(output)));
}

/** Nanoseconds on a core, of all threads so far. */
function cpuNanosOf(pid: number): number {
  let sum = 0;
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    const [ran = '0'] = readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ');
    sum += Number(ran);
  }
  return sum;
}

function engine(name: string, tree: string, program: string, mode: string): Contestant {
  const file = join(tree, 'bench/servers', program);
  return { name, command: (port) => [process.execPath, file, String(port), mode] };
}

function engineCase(name: string, title: string, mode: 'echo' | 'bcast', load: readonly string[]): Case {
  const { before } = values;
  return {
    name,
    title,
    contestants: [
      ...(before === undefined ? [] : [engine('before', resolve(before), 'wireroom.mjs', mode)]),
      engine('off', root, 'wireroom.mjs', mode),
      engine('tapped', root, 'wireroom-tapped.mjs', mode),
    ],
    load: async (port) => {
      const args = [...load, '-p', String(port), '--proto', 'ws', '-t', String(secs), '-w', '0.1'];
      const output = await outputOf(pinned(GENERATOR_CORE, [place.load, ...args]));
      const { rate, error }: { rate: number; error?: string } = JSON.parse(output);
      if (error !== undefined && error !== '') throw new Error(`${name}: ${error}`);
      return rate * (secs + 0.1);
    },
  };
}

function chatServer(name: string, tree: string, recorded: number): Contestant {
  const dataDir = mkdtempSync(join(tmpdir(), 'wireroom-tap-'));
  dataDirs.push(dataDir);
  const main = join(tree, 'packages/cli/dist/main.js');
  const settings = [
    '--socket-port',
    'off',
    '--rate-limit',
    'off',
    '--log-level',
    'silent',
    '--leave-grace',
    '0',
  ];
  return {
    name,
    recorded,
    command: (port) => [
      process.execPath,
      main,
      'serve',
      '--port',
      String(port),
      '--data-dir',
      dataDir,
      ...settings,
    ],
  };
}

function chatCase(): Case {
  const { before } = values;
  return {
    name: 'chat',
    title: `the whole server: ${MESSAGES} messages to ${PEOPLE} people, ${UNDER_WAY} under way`,
    contestants: [
      ...(before === undefined ? [] : [chatServer('before', resolve(before), 0)]),
      chatServer('off', root, 0),
      chatServer('one of 20 recorded', root, 1),
      chatServer('all recorded', root, PEOPLE),
    ],
    load: async (port, { recorded = 0 }) => {
      const args = [port, PEOPLE, MESSAGES, UNDER_WAY, recorded].map(String);
      const output = await outputOf(
        pinned(GENERATOR_CORE, [process.execPath, join(root, 'bench/load/chat.mjs'), ...args]),
      );
      if (!output.includes('messages')) throw new Error('the chat load gave no result');
      return MESSAGES;
    },
  };
}

async function start({ command }: Contestant): Promise<{ readonly pid: number; readonly port: number }> {
  lastPort += 1;
  const port = lastPort;
  const child = pinned(SERVER_CORE, command(port));
  child.stdout?.resume();
  for (let tries = 0; tries < START_TRIES_MAX; tries += 1) {
    if (await isOpen(port)) return { pid: child.pid ?? 0, port };
    await wait(50);
  }
  throw new Error(`did not start: ${command(port).join(' ')}`);
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolved) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolved(true);
    });
    socket.once('error', () => resolved(false));
  });
}

/** Microseconds of each contestant in each round. The order turns round with the rounds, so that nobody is always first. */
async function measure({ contestants, load }: Case): Promise<number[][]> {
  const servers = [];
  for (const contestant of contestants) servers.push({ contestant, ...(await start(contestant)) });
  for (const { port, contestant } of servers) await load(port, contestant);
  const costs = contestants.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < servers.length; turn += 1) {
      const index = (turn + round) % servers.length;
      const server = servers[index];
      if (server === undefined) continue;
      const from = cpuNanosOf(server.pid);
      const messages = await load(server.port, server.contestant);
      costs[index]?.push((cpuNanosOf(server.pid) - from) / 1000 / messages);
    }
  }
  for (const { pid } of servers) process.kill(pid, 'SIGKILL');
  return costs;
}

const quantile = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;

const percent = (ratio: number): string =>
  `${ratio >= 1 ? '+' : '−'}${Math.abs((ratio - 1) * 100).toFixed(1)} %`;

function rowsOf({ title, contestants }: Case, costs: readonly (readonly number[])[]): string[] {
  const [first = []] = costs;
  return contestants.map(({ name }, index) => {
    const own = costs[index] ?? [];
    const ratios = own.map((cost, round) => cost / (first[round] ?? Number.NaN)).sort((a, b) => a - b);
    const held = index === 0 ? '–' : percent(median(ratios));
    const between =
      index === 0 ? '' : `${percent(quantile(ratios, 0.25))} … ${percent(quantile(ratios, 0.75))}`;
    return `| ${index === 0 ? title : ''} | ${name} | ${median(own).toFixed(2)} | ${held} | ${between} |`;
  });
}

process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
  for (const dir of dataDirs) rmSync(dir, { recursive: true, force: true });
});
for (const [signal, code] of [['SIGINT', 130] as const, ['SIGTERM', 143] as const])
  process.on(signal, () => process.exit(code));

compile(place);
const lines = [
  `Commit ${commitOf(root)}; ${machineOf()}; Node ${process.versions.node}; ${rounds} rounds in turns, ${new Date().toISOString().slice(0, 16)}Z`,
  '',
  '| case | server | CPU µs for a message | median of the ratios to the first | half of the ratios |',
  '|---|---|---:|---:|---|',
];
for (const one of [
  engineCase('echo', 'echo 20 B, 100 connections', 'echo', ['echo', '-s', '20', '-c', '100', '-d', '1']),
  engineCase('bcast', 'broadcast 128 B to 100, for a delivery', 'bcast', [
    'bcast',
    '-s',
    '128',
    '-c',
    '100',
    '-P',
    '1',
  ]),
  chatCase(),
]) {
  if (!new RegExp(values.only).test(one.name)) continue;
  const rows = rowsOf(one, await measure(one));
  lines.push(...rows);
  console.log(rows.join('\n'));
}
if (values.out !== undefined) writeFileSync(values.out, `${lines.join('\n')}\n`);
console.log(`\n${lines[0]}`);
process.exit(0);
