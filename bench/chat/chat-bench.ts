// `npm run bench:chat`: the chat as it is built, measured: posts that are on disk, a full room, everybody back at once, idle
// connections, one who does not read. This process is the load generator. See README.md, and docs/performance.md for results.
import '../../scripts/preflight.mjs';
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { build } from '../../scripts/build.mjs';
import { isBuildStale } from '../../scripts/build-stamp.mjs';
import { root } from '../../scripts/root.mjs';
import { commitOf, machineOf, putOurselvesFirst, watchHost } from '../machine.ts';
import { percent } from '../table.ts';
import { idle } from './idle.ts';
import { HELP, readOptions, type ScenarioName, type Size } from './options.ts';
import { posts } from './posts.ts';
import { type Outcome, told } from './report.ts';
import { resume } from './resume.ts';
import { room, slow } from './room.ts';
import { pinGenerator } from './servers.ts';

const scenarios: Readonly<Record<ScenarioName, (size: Size) => Promise<Outcome>>> = {
  ...{ posts, room, resume, idle, slow },
};

const { task, only, size, isBoosted, out } = readOptions(process.argv.slice(2));
if (task === 'help') {
  process.stdout.write(HELP);
  process.exit(0);
}
if (isBuildStale(root) && !(await build(root))) process.exit(1);
if (isBoosted && !putOurselvesFirst()) process.stderr.write('--boost needs root; it goes on without.\n');
// Whatever ends us, no server stays behind on a core that somebody will measure on: servers.ts sees to it when we exit.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));
const date = new Date().toISOString().slice(0, 10);
const parts = [`${machineOf()}; Node ${process.version}; commit ${commitOf(root)}; ${date}.`];
for (const name of only) {
  const [load = 0] = loadavg();
  const stolenShare = watchHost();
  // Each by itself: a scenario that measures in this process has given it all cores.
  pinGenerator();
  const outcome = await scenarios[name](size);
  const stolen = stolenShare();
  const host = stolen === undefined ? '' : ` The host gave ${percent(stolen)} of the time to others.`;
  parts.push(`${told(outcome)}\n\n- Load of the machine at the beginning: ${load.toFixed(1)}.${host}`);
  process.stdout.write(`${parts.at(-1)}\n\n`);
}
if (out !== undefined) writeFileSync(out, `${parts.join('\n\n')}\n`);
process.exit(0);
