// The servers of the chat's bench: Wireroom as it is built, and a plain Socket.IO room. Each is one process on a core of its own;
// what it uses is read from the kernel. Ends only what it has started.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { socketioRoomCommand } from '@wireroom/capacity/load';
import { root } from '../../scripts/root.mjs';
import { isPinned, wait } from '../processes.ts';
import { type Dialect, socketio, wireroom } from './dialects.ts';

/** As they were before anything was pinned: what is asked later is told of one core only. */
const ALL_CORES = isPinned ? coresOf(process.pid) : '';
const SERVER_CORE = '0';
const GENERATOR_CORE = '1';
const START_TRIES_MAX = 400;
const TRY_EVERY_MS = 50;
const KIB = 1024;

export interface Server {
  readonly dialect: Dialect;
  readonly port: number;
  /** Time that all its threads have run so far, in milliseconds. */
  cpuMs(): number;
  residentBytes(): number;
  end(): Promise<void>;
}

let lastPort = 22_000 + (process.pid % 5_000);

/**
 * Built, every message on disk before it is shown, and without the bounds that protect it from people. With all cores, its threads
 * share them with the generator's.
 */
export function startWireroom(
  environment: Readonly<Record<string, string>> = {},
  cores: 'one' | 'all' = 'one',
): Promise<Server> {
  lastPort += 1;
  // A folder that is given is the caller's, and stays.
  const dataDir =
    environment.DATA_DIR === undefined ? mkdtempSync(join(tmpdir(), 'wireroom-bench-')) : undefined;
  const command = [process.execPath, join(root, 'packages/cli/bin/wireroom.mjs'), 'serve'];
  const child = (cores === 'one' ? start : startUnpinned)(command, {
    ...{ PORT: String(lastPort), SOCKET_PORT: 'off', LOG_LEVEL: 'warn' },
    ...(dataDir !== undefined && { DATA_DIR: dataDir }),
    // The database that posts are measured on beside this must not become the server's.
    ...{ RATE_LIMIT: 'off', MAX_SOCKETS_PER_ADDRESS: '100000', DATABASE_URL: '' },
    ...environment,
  });
  const server = new StartedServer(child, { port: lastPort, dialect: wireroom, dataDir });
  return server.started('/healthz');
}

/** The chat with the history on its own connection, see bench/history/naive-server.ts. From source: what runs is the same once it is loaded. */
export function startNaive(environment: Readonly<Record<string, string>>): Promise<Server> {
  lastPort += 1;
  const program = fileURLToPath(new URL('../history/naive-server.ts', import.meta.url));
  const flags = ['--import', 'tsx', '--conditions', '@wireroom/source'];
  const child = start([process.execPath, ...flags, program], { PORT: String(lastPort), ...environment });
  return new StartedServer(child, { port: lastPort, dialect: wireroom, dataDir: undefined }).started('/');
}

export function startSocketio(): Promise<Server> {
  lastPort += 1;
  const child = start(socketioRoomCommand('m', lastPort), {});
  const server = new StartedServer(child, { port: lastPort, dialect: socketio, dataDir: undefined });
  return server.started('/');
}

/** This process is the generator: it stays off the servers' core. */
export function pinGenerator(): void {
  pin(GENERATOR_CORE);
}

/** This process has all cores again: what it measures runs in it. */
export function unpinGenerator(): void {
  pin(ALL_CORES);
}

function pin(cores: string): void {
  if (isPinned) execFileSync('taskset', ['-apc', cores, String(process.pid)]);
}

/** As taskset takes them: `0-1`. */
function coresOf(pid: number): string {
  const told = execFileSync('taskset', ['-pc', String(pid)], { encoding: 'utf8' });
  return told.slice(told.lastIndexOf(':') + 1).trim();
}

function start(command: readonly string[], environment: Readonly<Record<string, string>>): ChildProcess {
  return startUnpinned(isPinned ? ['taskset', '-c', SERVER_CORE, ...command] : command, environment);
}

function startUnpinned(
  [program = '', ...args]: readonly string[],
  environment: Readonly<Record<string, string>>,
): ChildProcess {
  const env = { ...process.env, NODE_ENV: 'production', ...environment };
  return spawn(program, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
}

class StartedServer implements Server {
  readonly dialect: Dialect;
  readonly port: number;
  readonly #dataDir: string | undefined;
  readonly #child: ChildProcess;
  readonly #gone: Promise<void>;
  readonly #onExit = (): void => this.#kill();

  constructor(
    child: ChildProcess,
    parts: { readonly port: number; readonly dialect: Dialect; readonly dataDir: string | undefined },
  ) {
    this.#child = child;
    this.port = parts.port;
    this.dialect = parts.dialect;
    this.#dataDir = parts.dataDir;
    this.#gone = new Promise((resolve) => {
      child.once('exit', () => resolve());
    });
    process.on('exit', this.#onExit);
  }

  async started(path: string): Promise<this> {
    for (let tries = 0; tries < START_TRIES_MAX && this.#child.exitCode === null; tries += 1) {
      const answer = await fetch(`http://127.0.0.1:${this.port}${path}`).catch(() => undefined);
      if (answer !== undefined) return this;
      await wait(TRY_EVERY_MS);
    }
    await this.end();
    throw new Error(`No server answers on port ${this.port}.`);
  }

  cpuMs(): number {
    const threads = `/proc/${this.#child.pid}/task`;
    const nanoseconds = readdirSync(threads).map((id) =>
      Number(readFileSync(`${threads}/${id}/schedstat`, 'utf8').split(' ')[0]),
    );
    return nanoseconds.reduce((sum, each) => sum + each, 0) / 1e6;
  }

  residentBytes(): number {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * KIB;
  }

  async end(): Promise<void> {
    this.#kill();
    await this.#gone;
    process.off('exit', this.#onExit);
  }

  #kill(): void {
    this.#child.kill('SIGKILL');
    if (this.#dataDir !== undefined) rmSync(this.#dataDir, { recursive: true, force: true });
  }
}
