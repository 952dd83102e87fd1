// The ends that this repository tests as a matter of course, each a process of its own (testing/peers). They run from
// source, so an installed package does not have them. Used by main.ts and by tests.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { testClients } from './tester/client-run.ts';
import { type RunOptions, testServer } from './tester/server-run.ts';
import type { CaseResult } from './tester/trial.ts';

export const PEERS = [
  'our-server',
  'our-client',
  'our-whatwg',
  'our-ws-server',
  'our-ws-client',
  'ws-server',
  'ws-client',
  'node-client',
] as const;
export type Peer = (typeof PEERS)[number];

export const isPeer = (name: string): name is Peer => PEERS.some((known) => known === name);

const FROM_SOURCE = ['--conditions=@wireroom/source', '--import', 'tsx'];

/** Tests one of them. `node` is the program by which Node's own client is run; default: the running one. */
export async function testPeer(
  peer: Peer,
  options: RunOptions,
  node = process.execPath,
): Promise<CaseResult[]> {
  if (peer.endsWith('-server')) {
    const child = start(peer, []);
    try {
      return await testServer(`ws://127.0.0.1:${await firstLine(child)}/`, options);
    } finally {
      child.kill();
    }
  }
  const run = await testClients(options);
  const child = start(peer, [run.url], { node, flags: (await webSocketFlags(node)) ?? [] });
  child.stdout?.resume();
  const results = Promise.race([
    run.finished,
    once(child, 'exit').then(async () => {
      await run.close();
      return run.finished;
    }),
  ]);
  try {
    return await results;
  } finally {
    child.kill();
    await run.close();
  }
}

/** What a Node must be told so that it has a WebSocket of its own: nothing from 22 on. Undefined: it has none at all. */
export async function webSocketFlags(node: string): Promise<readonly string[] | undefined> {
  for (const flags of [[], ['--experimental-websocket']]) {
    const script = 'process.exit(typeof WebSocket === "function" ? 0 : 1)';
    const child = spawn(node, [...flags, '-e', script], { stdio: 'ignore' });
    const [code]: unknown[] = await once(child, 'exit');
    if (code === 0) return flags;
  }
  return undefined;
}

interface PlainNode {
  readonly node: string;
  readonly flags: readonly string[];
}

function start(peer: Peer, args: readonly string[], plain?: PlainNode): ChildProcess {
  const isPlain = peer === 'node-client' && plain !== undefined;
  const file = fileURLToPath(new URL(`./testing/peers/${peer}.${isPlain ? 'mjs' : 'ts'}`, import.meta.url));
  const flags = isPlain ? plain.flags : FROM_SOURCE;
  return spawn(isPlain ? plain.node : process.execPath, [...flags, file, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('the peer has no output');
  for await (const line of createInterface({ input: stdout })) return line;
  throw new Error('the peer ended before it listened');
}
