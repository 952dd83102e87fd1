// Servers that a run starts for itself, each a process on the loopback with cores of its own where there are enough: a Wireroom, durable
// as always and without the bounds that protect it from people; and a plain Socket.IO room. They end with the run.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CapacityError } from '../plan.ts';
import { pinned, programFolder, socketioRoomCommand } from '../process/program.ts';
import { openFilesMax, ProcessUsage } from './process-usage.ts';
import type { RunningTarget } from './target.ts';

const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 5_000;
const SAID_CHARS_MAX = 4_000;

export interface StartOptions {
  /** Where a folder for the data is made; the system's folder for what is temporary if not given. */
  readonly dataDir?: string | undefined;
  readonly cores: readonly number[] | undefined;
  readonly coresInAll: number;
}

/** Rejects with CapacityError. */
export async function startWireroom(
  launcher: readonly string[],
  { dataDir: parent = tmpdir(), cores, coresInAll }: StartOptions,
): Promise<RunningTarget> {
  const dataDir = mkdtempSync(join(parent, 'wireroom-capacity-'));
  const child = start(launcher, cores, {
    env: {
      ...{ HOST: '127.0.0.1', PORT: '0', SOCKET_PORT: 'off', DATA_DIR: dataDir, DATABASE_URL: '' },
      ...{ RATE_LIMIT: 'off', MAX_SOCKETS_PER_ADDRESS: '1000000', LEAVE_GRACE: '86400' },
      ...{ LOG_LEVEL: 'silent', TRACE: 'off', TLS: 'off', TLS_CERT: '', TLS_KEY: '', TRUST_PROXY: 'off' },
      ...{ ALLOWED_HOSTS: '', PUBLIC_URL: '' },
    },
  });
  const ending = endingOf(child, () => rmSync(dataDir, { recursive: true, force: true }));
  const port = await portOf(child, 'Wireroom', ending.end);
  return {
    about: {
      ...{ kind: 'own', url: `ws://127.0.0.1:${port}/ws`, name: 'Wireroom', isDurable: true },
    },
    door: {
      ...{ kind: 'wireroom', room: 'lobby', event: '' },
      place: { host: '127.0.0.1', port, isSecure: false, path: '/ws' },
    },
    ...machineParts(child, cores, coresInAll),
    dataDir,
    dataBytes: () => bytesIn(dataDir),
    ...ending,
  };
}

/** Rejects with CapacityError. */
export async function startSocketioRoom(event: string, options: StartOptions): Promise<RunningTarget> {
  const child = start(socketioRoomCommand(event), options.cores, { cwd: programFolder });
  const ending = endingOf(child, () => undefined);
  const port = await portOf(child, 'Socket.IO', ending.end);
  return {
    about: {
      kind: 'socketio',
      url: `ws://127.0.0.1:${port}/socket.io/`,
      name: 'Socket.IO, a plain room',
      isDurable: false,
    },
    door: {
      ...{ kind: 'socketio', room: '', event },
      place: { host: '127.0.0.1', port, isSecure: false, path: '/socket.io/?EIO=4&transport=websocket' },
    },
    ...machineParts(child, options.cores, options.coresInAll),
    dataDir: undefined,
    dataBytes: () => 0,
    ...ending,
  };
}

function machineParts(
  { pid = 0 }: ChildProcess,
  cores: readonly number[] | undefined,
  coresInAll: number,
): Pick<RunningTarget, 'usage' | 'cores' | 'openFilesMax'> {
  return {
    usage: new ProcessUsage(pid, cores),
    cores: cores?.length ?? coresInAll,
    openFilesMax: openFilesMax(pid),
  };
}

function start(
  command: readonly string[],
  cores: readonly number[] | undefined,
  { env, cwd }: { readonly env?: Readonly<Record<string, string>>; readonly cwd?: string },
): ChildProcess {
  const [program = '', ...args] = pinned(command, cores);
  return spawn(program, args, {
    cwd,
    env: { ...process.env, NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // In a group of its own: Ctrl-C in the terminal is for the run, which ends the server when it has its last figures.
    detached: true,
  });
}

interface Ending {
  readonly stop: () => Promise<void>;
  readonly end: () => Promise<void>;
}

function endingOf(child: ChildProcess, whenGone: () => void): Ending {
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  // Whatever ends the run: no server stays behind.
  const onExit = (): void => {
    child.kill('SIGKILL');
    whenGone();
  };
  process.on('exit', onExit);
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await gone;
    clearTimeout(timer);
  };
  return {
    stop,
    end: async () => {
      await stop();
      process.off('exit', onExit);
      whenGone();
    },
  };
}

/**
 * 0 where a file comes or goes meanwhile, as those of SQLite do. Without its write-ahead log, which is as large as the busiest moment
 * was, however little is stored.
 */
export function bytesIn(folder: string): number {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((file) => file.isFile() && !/-(wal|shm)$/.test(file.name))
      .reduce((sum, file) => sum + statSync(join(file.parentPath, file.name)).size, 0);
  } catch {
    return 0;
  }
}

function portOf(child: ChildProcess, what: string, end: () => Promise<void>): Promise<number> {
  return new Promise((resolve, reject) => {
    let said = '';
    let isSettled = false;
    const settle = (act: () => void): void => {
      if (isSettled) return;
      isSettled = true;
      clearTimeout(timer);
      act();
    };
    const fail = (why: string): void =>
      settle(() => {
        const words = said.trim() === '' ? '' : ` It said: ${said.trim()}`;
        const error = new CapacityError(`The ${what} server did not start: ${why}.${words}`);
        void end().then(() => reject(error));
      });
    const hear = (text: string): void => {
      said = (said + text).slice(-SAID_CHARS_MAX);
      const port = /listening on \S+:(\d+)/.exec(said)?.[1];
      if (port !== undefined) settle(() => resolve(Number(port)));
    };
    const late = `nothing listened within ${START_TIMEOUT_MS / 1000} s`;
    const timer = setTimeout(() => fail(late), START_TIMEOUT_MS);
    child.stdout?.setEncoding('utf8').on('data', hear);
    child.stderr?.setEncoding('utf8').on('data', hear);
    child.once('error', (error) => fail(error.message));
    child.once('exit', (code) => fail(`it ended with code ${code}`));
  });
}
