// One run of the bench: every scenario, and in it the servers in turns (A B C A B C …), so that what the machine does
// meanwhile meets all of them alike. Gives data; report.ts makes text of it.
import { existsSync } from 'node:fs';
import type { Peer } from './peer.ts';
import { type Processes, type StartedServer, type Timing, wait } from './processes.ts';
import { type Round, type Row, rowOf, type ScenarioRecord } from './run-record.ts';
import { isFor, type Scenario } from './scenarios.ts';

/** After the servers have started, before the first round. */
const SETTLE_MS = 500;

export interface Plan extends Timing {
  readonly peers: readonly Peer[];
  readonly scenarios: readonly Scenario[];
  readonly rounds: number;
}

/** Servers whose program is not there, and the first file that is missing. */
export function missingPeers(peers: readonly Peer[]): Record<string, string> {
  const missing: Record<string, string> = {};
  for (const { name, files } of peers) {
    const file = files.find((path) => !existsSync(path));
    if (file !== undefined) missing[name] = `not installed (${file})`;
  }
  return missing;
}

export async function* runSession(processes: Processes, plan: Plan): AsyncIterable<ScenarioRecord> {
  for (const scenario of plan.scenarios) {
    const peers = plan.peers.filter((peer) => isFor(peer, scenario));
    const { name, title, kind, unit } = scenario;
    const rows =
      kind === 'idle'
        ? await measureAlone(processes, peers, scenario, plan)
        : await measureInTurns(processes, peers, scenario, plan);
    yield { name, title, kind, unit, rows };
  }
}

/** Memory is compared with that of a server which has seen nothing yet: one at a time, once. */
async function measureAlone(
  processes: Processes,
  peers: readonly Peer[],
  scenario: Scenario,
  timing: Timing,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const peer of peers) {
    const server = await processes.start(peer, scenario);
    if (typeof server === 'string') {
      rows.push(failedRow(peer, server));
      continue;
    }
    await wait(SETTLE_MS);
    rows.push(rowOf(peer.name, [await processes.load(server, scenario, timing)]));
    await processes.stop(server);
  }
  return rows;
}

async function measureInTurns(
  processes: Processes,
  peers: readonly Peer[],
  scenario: Scenario,
  plan: Plan,
): Promise<Row[]> {
  const servers: (StartedServer | string)[] = [];
  for (const peer of peers) servers.push(await processes.start(peer, scenario));
  await wait(SETTLE_MS);
  const rounds = peers.map((): Round[] => []);
  for (let round = 0; round < plan.rounds; round += 1) {
    for (const [index, server] of servers.entries()) {
      if (typeof server !== 'string') rounds[index]?.push(await processes.load(server, scenario, plan));
    }
  }
  for (const server of servers) {
    if (typeof server !== 'string') await processes.stop(server);
  }
  return peers.map((peer, index) => {
    const server = servers[index];
    return typeof server === 'string' ? failedRow(peer, server) : rowOf(peer.name, rounds[index] ?? []);
  });
}

const failedRow = ({ name }: Peer, error: string): Row => ({
  peer: name,
  medians: {},
  rates: [],
  cpuUs: [],
  error,
});
