// `npm run conformance`: reads the command line, runs, prints. What is run and how results become text is elsewhere.
import { parseArgs } from 'node:util';
import type { Case } from './case.ts';
import { CASES } from './cases/cases.ts';
import { FULL_PACE, type Pace, QUICK_PACE } from './pace.ts';
import { isPeer, PEERS, type Peer, testPeer, webSocketFlags } from './peers.ts';
import { lineOf, linesOf, tableOf } from './report.ts';
import { testClients } from './tester/client-run.ts';
import { type RunOptions, testServer } from './tester/server-run.ts';
import type { CaseResult } from './tester/trial.ts';

const USAGE = `Tests WebSocket ends that echo against RFC 6455 and RFC 7692.

  npm run conformance                          our server and clients, those of ws, and Node's own client
  npm run conformance -- ws-server our-client  some of: ${PEERS.join(', ')}
  npm run conformance -- ws://host:port/path   any server
  npm run conformance -- --listen 9001         any client; it is told what to do by docs/conformance.md

  --section 6       only this section, or several: 6,7; or cases: 6.4.1
  --quick           short streams and pauses
  --messages 200    messages in a stream instead of 1,000
  --node PATH       the Node whose own client is tested, when it is not the running one
  --host ADDRESS    where to listen; default 127.0.0.1
  --concurrency 16  cases at once
  --json            results as JSON
  --verbose         a line for each case
  --list            the cases, not run
`;

const OPTIONS = {
  listen: { type: 'string' },
  host: { type: 'string' },
  section: { type: 'string', multiple: true },
  quick: { type: 'boolean', default: false },
  messages: { type: 'string' },
  node: { type: 'string' },
  concurrency: { type: 'string' },
  json: { type: 'boolean', default: false },
  verbose: { type: 'boolean', default: false },
  list: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

const print = (text: string): void => void process.stdout.write(`${text}\n`);
/** What is not the result itself goes beside it, so that --json stays JSON. */
const remark = (text: string): void => void process.stderr.write(`${text}\n`);

class UsageError extends Error {}

function readCommandLine() {
  try {
    return parseArgs({ options: OPTIONS, allowPositionals: true });
  } catch (error) {
    remark(error instanceof Error ? error.message : String(error));
    return process.exit(2);
  }
}

const { values, positionals } = readCommandLine();

function countOf(name: 'messages' | 'concurrency' | 'listen', most = Number.MAX_SAFE_INTEGER): number {
  const count = Number(values[name]);
  if (!Number.isInteger(count) || count < 1 || count > most)
    throw new UsageError(`--${name} takes a whole number from 1 to ${most}, not "${values[name]}".`);
  return count;
}

function chosenCases(): Case[] {
  const wanted = (values.section ?? []).flatMap((list) => list.split(','));
  if (wanted.length === 0) return [...CASES];
  // `6.4` is all of 6.4, and `6.4.1` all of its cuts, but `6.4.1` is not 6.4.10.
  const chosen = CASES.filter(({ id }) =>
    wanted.some((one) => id.startsWith(one) && !/^\d/.test(id.slice(one.length))),
  );
  if (chosen.length === 0) throw new UsageError(`There is no section or case "${wanted.join(',')}".`);
  return chosen;
}

function chosenPace(): Pace {
  const pace = values.quick ? QUICK_PACE : FULL_PACE;
  return values.messages === undefined ? pace : { ...pace, messagesMax: countOf('messages') };
}

function runOptions(): RunOptions {
  return {
    cases: chosenCases(),
    pace: chosenPace(),
    ...(values.concurrency !== undefined && { concurrency: countOf('concurrency') }),
    onResult: (result) => {
      if (values.verbose) remark(lineOf(result));
    },
  };
}

async function runPeer(peer: Peer): Promise<CaseResult[] | undefined> {
  const node = values.node ?? process.execPath;
  if (peer === 'node-client' && (await webSocketFlags(node)) === undefined) {
    remark(`SKIPPED: NODE-CLIENT: ${node} has no WebSocket. Name a Node from 22 on: --node PATH`);
    return undefined;
  }
  return testPeer(peer, runOptions(), node);
}

async function runListening(port: number): Promise<CaseResult[]> {
  const run = await testClients({
    ...runOptions(),
    port,
    ...(values.host !== undefined && { host: values.host }),
  });
  remark(`Listening on ${run.url} with ${run.caseCount} cases; Ctrl-C ends it.`);
  process.once('SIGINT', () => void run.close());
  const results = await run.finished;
  await run.close();
  return results;
}

function show(name: string, results: readonly CaseResult[], tookMs: number): void {
  if (values.json) {
    print(JSON.stringify({ peer: name, node: process.version, tookMs: Math.round(tookMs), results }));
    return;
  }
  print(`\n## ${name} (${(tookMs / 1_000).toFixed(0)} s)\n\n${tableOf(results)}\n`);
  for (const line of linesOf(results, [
    'fail',
    'non-strict',
    ...(values.verbose ? (['informational'] as const) : []),
  ]))
    print(line);
}

/** Returns whether anything failed. */
async function run(name: string): Promise<boolean> {
  const from = performance.now();
  const results = isPeer(name) ? await runPeer(name) : await testServer(name, runOptions());
  if (results === undefined) return false;
  show(name, results, performance.now() - from);
  return results.some(({ verdict }) => verdict === 'fail');
}

async function main(): Promise<number> {
  if (values.help) print(USAGE);
  else if (values.list)
    for (const { id, title, rule, why } of chosenCases()) print(`${id.padEnd(9)} ${title} (${rule}): ${why}`);
  else if (values.listen !== undefined) {
    const from = performance.now();
    const results = await runListening(countOf('listen', 65_535));
    show('client', results, performance.now() - from);
    return results.some(({ verdict }) => verdict === 'fail') ? 1 : 0;
  } else {
    const names = positionals.length > 0 ? positionals : PEERS;
    const wrong = names.find((name) => !isPeer(name) && !/^wss?:\/\//.test(name));
    if (wrong !== undefined)
      throw new UsageError(`"${wrong}" is neither a ws: address nor one of ${PEERS.join(', ')}.`);
    let hasFailed = false;
    for (const name of names) hasFailed = (await run(name)) || hasFailed;
    // Other ends' failures are what is to be shown; only what one asked for by name counts.
    return hasFailed && positionals.length > 0 ? 1 : 0;
  }
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  remark(`${error.message} (--help)`);
  process.exitCode = 2;
}
