// Downloads as processes of their own, and what becomes of one whose server is killed: it goes on at the next, to the byte, and the
// file proves itself.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { historyVerifier } from '@wireroom/history';
import { startWireroom } from '../chat/servers.ts';
import { wait } from '../processes.ts';
import type { DownloadTold } from './downloader.ts';

const PROGRAM = fileURLToPath(new URL('./downloader.ts', import.meta.url));
const TSX = ['--import', 'tsx', '--conditions', '@wireroom/source'];
/** Looked at this often, so that a small file is caught in the middle as well. */
const LOOK_EVERY_MS = 5;

interface Asked {
  readonly via: 'http' | 'websocket';
  readonly port: number;
  readonly file: string;
  /** What the file has already: until, epoch, bytes and prefix, as a query has them. */
  readonly resumption?: Readonly<Record<string, string>>;
}

/** In the idle class whoever measures takes the core at once; a nice value alone lets a slice of the other end first. */
const BEHIND_OTHERS: readonly [string, ...string[]] =
  spawnSync('chrt', ['--version']).status === 0 ? ['chrt', '--idle', '0'] : ['nice', '-n', '19'];

export interface StartedDownload {
  readonly process: ChildProcess;
  readonly told: Promise<DownloadTold>;
}

/** On the generator's core, and behind whatever else runs there: the latency of the chat is what is measured. */
export function startDownload({ via, port, file, resumption }: Asked): StartedDownload {
  const last = resumption === undefined ? '' : JSON.stringify(resumption);
  const [program, ...behind] = BEHIND_OTHERS;
  const args = [...behind, process.execPath, ...TSX, PROGRAM, via, String(port), file, last];
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const told = new Promise<DownloadTold>((resolve, reject) => {
    child.once('close', () => {
      if (output === '') reject(new Error('The download ended without a word.'));
      else resolve(JSON.parse(output) as DownloadTold);
    });
  });
  return { process: child, told };
}

export interface Resumed {
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  readonly records: number;
  readonly isWhole: boolean;
  readonly sentence: string;
}

/** Throws where the file does not verify. */
export async function cutAndResumed(given: {
  readonly dataDir: string;
  readonly file: string;
}): Promise<Resumed> {
  const { dataDir, file } = given;
  const whole = statSync(file.replace('resumed', 'history')).size;
  const first = await startWireroom({ DATA_DIR: dataDir });
  const download = startDownload({ via: 'http', port: first.port, file });
  while (sizeOf(file) < whole / 2) await wait(LOOK_EVERY_MS);
  // kill -9.
  await first.end();
  const cut = await download.told;
  if (cut.isFinished)
    throw new Error('The download was through before the server was killed: take more entries.');
  const second = await startWireroom({ DATA_DIR: dataDir });
  try {
    const bytesBefore = sizeOf(file);
    const resumption = {
      ...{ epoch: cut.epoch, until: String(cut.until) },
      ...{ bytes: String(bytesBefore), prefix: await sha256Of(file) },
    };
    const rest = await startDownload({ via: 'http', port: second.port, file, resumption }).told;
    if (!rest.isFinished) throw new Error(`The download did not go on: ${rest.problem}`);
    const verdict = await verified(file);
    if (!verdict.isWhole) throw new Error(`The file is not whole: ${JSON.stringify(verdict.problems)}`);
    const { records } = verdict;
    const sentence = `Killed after ${mb(bytesBefore)} MB (kill -9), started again, gone on with for ${mb(rest.bytes)} MB: the file verifies, ${records.toLocaleString('en')} records.`;
    return { bytesBefore, bytesAfter: rest.bytes, records, isWhole: true, sentence };
  } finally {
    await second.end();
  }
}

const mb = (bytes: number): string => (bytes / 1e6).toFixed(1);

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(file)) hash.update(piece as Buffer);
  return hash.digest('hex');
}

async function verified(file: string) {
  const verifier = historyVerifier();
  for await (const piece of createReadStream(file)) verifier.push(piece as Buffer);
  return verifier.finish();
}
