// `npm run bench:history`: a room's whole history is downloaded in three ways while people chat in it, and the chat's latency is
// drawn over time. Then the server is killed in the middle of a download, which goes on and has to verify. See bench/README.md.
import '../../scripts/preflight.mjs';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fillRoom } from '@wireroom/testkit';
import { root } from '../../scripts/root.mjs';
import { pinGenerator, type Server, startNaive, startWireroom } from '../chat/servers.ts';
import { commitOf, machineOf } from '../machine.ts';
import { wait } from '../processes.ts';
import { Chatters } from './chatters.ts';
import { cutAndResumed, startDownload } from './downloads.ts';
import { HELP, type HistoryBenchOptions, readOptions } from './options.ts';
import { pictureOf } from './picture.ts';
import { type Measured, type MemoryGrowth, resultOf, tableOf, WAYS, type Way } from './timeline.ts';

const WARM_MS = 3_000;
const MEMORY_EVERY_MS = 200;
/** Who downloads has a disk of their own; here, one in memory, or the server's commits would wait for their file to be written. */
const MEMORY_DISK = '/dev/shm';

async function main(options: HistoryBenchOptions): Promise<void> {
  if (!existsSync(join(root, 'packages/cli/dist/main.js')))
    throw new Error('Wireroom is not built. Run `npm run build` first.');
  pinGenerator();
  const folder = mkdtempSync(join(tmpdir(), 'wireroom-history-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const dataDir = join(folder, 'data');
  say(`Filling a room with ${options.entries.toLocaleString('en')} entries …`);
  await fillRoom(dataDir, { entries: options.entries });
  const received = mkdtempSync(join(existsSync(MEMORY_DISK) ? MEMORY_DISK : folder, 'wireroom-received-'));
  process.on('exit', () => rmSync(received, { recursive: true, force: true }));
  const measured: Measured[] = [];
  for (const way of WAYS) {
    say(`The history over ${way === 'HTTP' ? way : `the ${way}`} while ${options.people} chat …`);
    measured.push(await measure(way, { ...options, dataDir, file: join(received, 'history.jsonl') }));
  }
  say('The server is killed in the middle of a download …');
  const resumed = await cutAndResumed({ dataDir, file: join(received, 'resumed.jsonl') });
  const results = measured.map(resultOf);
  const { entries, people, rate } = options;
  const title = `${entries.toLocaleString('en')} entries downloaded while ${people} people chat, ${rate} messages a second`;
  const about = {
    machine: machineOf(),
    node: process.versions.node,
    commit: commitOf(root),
    entries,
    people,
    rate,
  };
  const picture = pictureOf(results, title);
  const at = new Date().toISOString().slice(0, 16).replaceAll(/[-:]/g, '').replace('T', '-');
  mkdirSync(options.out, { recursive: true });
  const base = join(options.out, `${at}-${about.commit.replace('+', '-changed')}`);
  writeFileSync(`${base}.json`, `${JSON.stringify({ about, results, resumed }, null, 1)}\n`);
  writeFileSync(`${base}.svg`, picture);
  if (options.picture !== undefined) writeFileSync(options.picture, picture);
  const text = `${title}. ${about.machine}, Node ${about.node}, commit ${about.commit}.\n\n${tableOf(results)}\n\n${resumed.sentence}\n`;
  writeFileSync(`${base}.md`, `# A whole history, three ways\n\n${text}`);
  say(`\n${text}\n${base}.svg`);
}

interface Measuring extends HistoryBenchOptions {
  readonly dataDir: string;
  readonly file: string;
}

/** Quiet, the download, quiet again. */
async function measure(
  way: Way,
  { dataDir, file, people, rate, quietSeconds }: Measuring,
): Promise<Measured> {
  const environment = { DATA_DIR: dataDir };
  const server = way === 'chat socket' ? await startNaive(environment) : await startWireroom(environment);
  try {
    const chatters = await Chatters.enter(server, people);
    await wait(WARM_MS);
    chatters.start(rate);
    await wait(quietSeconds * 1000);
    const memory = watchMemory(server);
    const { bytes, ms } = await download(way, { server, chatters, file });
    const toMs = chatters.nowMs;
    // As the download's own process has it: its start is no part of it.
    const fromMs = toMs - ms;
    const memoryGrowth = memory();
    await wait(quietSeconds * 1000);
    await chatters.stop();
    const { others, downloader } = chatters;
    return { way, others, downloader, download: { fromMs, toMs }, bytes, memory: memoryGrowth };
  } finally {
    await server.end();
  }
}

async function download(
  way: Way,
  { server, chatters, file }: { readonly server: Server; readonly chatters: Chatters; readonly file: string },
): Promise<{ readonly bytes: number; readonly ms: number }> {
  if (way === 'chat socket') {
    const fromMs = chatters.nowMs;
    await chatters.askForHistory();
    return { bytes: chatters.historyBytes, ms: chatters.nowMs - fromMs };
  }
  const told = await startDownload({ via: way === 'HTTP' ? 'http' : 'websocket', port: server.port, file })
    .told;
  if (!told.isFinished) throw new Error(`The download over ${way} broke: ${told.problem}`);
  return told;
}

/** The returned function ends it and tells how much more than before it was at most. */
function watchMemory(server: Server): () => MemoryGrowth {
  const before = server.residentBytes();
  const growth = [0];
  const timer = setInterval(() => growth.push(server.residentBytes() - before), MEMORY_EVERY_MS);
  return () => {
    clearInterval(timer);
    const middle = Math.ceil(growth.length / 2);
    return {
      firstHalf: Math.max(...growth.slice(0, middle)),
      secondHalf: Math.max(...growth.slice(middle), growth.at(-1) ?? 0),
    };
  };
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

const options = readOptions(process.argv.slice(2));
if (options.isHelp) say(HELP);
else await main(options);
process.exit(0);
