// A running Wireroom for tests: in this process on free ports with a data folder of its own, or as a process of its own
// that can be killed.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Config, readConfig, startApp } from '@wireroom/server';
import { pino } from 'pino';
import { commandLine } from './command-line.ts';

export interface TestServer {
  readonly port: number;
  readonly socketPort: number;
  /** http://localhost:port */
  readonly url: string;
  readonly dataDir: string;
  readonly printed: readonly string[];
  stop(): Promise<void>;
}

export const temporaryDir = (): string => mkdtempSync(join(tmpdir(), 'wireroom-test-'));

/** Settings by their environment names. The rate limit is off unless given; a given DATA_DIR is kept at the end. */
export async function startTestServer(settings: Readonly<Record<string, string>> = {}): Promise<TestServer> {
  const dataDir = settings.DATA_DIR ?? temporaryDir();
  const config: Config = readConfig([], {
    PORT: '0',
    SOCKET_PORT: '0',
    RATE_LIMIT: 'off',
    LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'silent',
    ...settings,
    DATA_DIR: dataDir,
  });
  const printed: string[] = [];
  const app = await startApp(config, {
    logger: pino({ level: config.logLevel }, pino.destination({ fd: 2, sync: true })),
    print: (line) => printed.push(line),
    onFatal: (error) => {
      throw error;
    },
  });
  return {
    port: app.port,
    socketPort: app.socketPort ?? 0,
    url: `${app.isEncrypted ? 'https' : 'http'}://localhost:${app.port}`,
    dataDir,
    printed,
    stop: async () => {
      await app.stop();
      if (settings.DATA_DIR === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export interface SpawnedServer {
  readonly port: number;
  readonly socketPort: number;
  readonly process: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Sends the signal and waits for the end; resolves to the exit code, or null after a fatal signal. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** `wireroom serve`, as a process. Resolves at its listening line; rejects with what it said if it ends before. */
export async function spawnServer(settings: Readonly<Record<string, string>>): Promise<SpawnedServer> {
  const child = spawn(process.execPath, commandLine('serve'), {
    env: { ...process.env, PORT: '0', SOCKET_PORT: '0', RATE_LIMIT: 'off', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<number | null>((resolve) => {
    child.on('exit', (code) => resolve(code));
  });
  const ports = new Promise<readonly [number, number]>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      const port = /listening on \w+:\/\/[^\s]*:(\d+)/.exec(stdout)?.[1];
      const socketPort = /For programs: \w+:\/\/[^\s]*:(\d+)/.exec(stdout)?.[1];
      const isComplete = port !== undefined && (socketPort !== undefined || settings.SOCKET_PORT === 'off');
      if (isComplete) resolve([Number(port), Number(socketPort ?? 0)]);
    });
    void ended.then((code) =>
      reject(new Error(`the server ended with code ${code} before it listened: ${stderr}${stdout}`)),
    );
  });
  const [port, socketPort] = await ports;
  return {
    port,
    socketPort,
    process: child,
    stdout: () => stdout,
    stderr: () => stderr,
    end: (signal) => {
      child.kill(signal);
      return ended;
    },
  };
}
