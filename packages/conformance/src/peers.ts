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
  if (peer === 'our-server' || peer === 'ws-server') {
    const child = start(peer, []);
    try {
      return await testServer(`ws://127.0.0.1:${await firstLine(child)}/`, options);
    } finally {
      child.kill();
    }
  }
  const run = await testClients(options);
  const child = start(peer, [run.url], node);
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

/** Whether this Node has a WebSocket of its own. */
export async function hasWebSocket(node: string): Promise<boolean> {
  const child = spawn(node, ['-e', 'process.exit(typeof WebSocket === "function" ? 0 : 1)'], {
    stdio: 'ignore',
  });
  const [code]: unknown[] = await once(child, 'exit');
  return code === 0;
}

function start(peer: Peer, args: readonly string[], node = process.execPath): ChildProcess {
  const isPlain = peer === 'node-client';
  const file = fileURLToPath(new URL(`./testing/peers/${peer}.${isPlain ? 'mjs' : 'ts'}`, import.meta.url));
  const flags = isPlain ? [] : FROM_SOURCE;
  return spawn(isPlain ? node : process.execPath, [...flags, file, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('the peer has no output');
  for await (const line of createInterface({ input: stdout })) return line;
  throw new Error('the peer ended before it listened');
}
