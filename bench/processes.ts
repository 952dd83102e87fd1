// Starts the servers and the load generator, each pinned to a core of its own, and ends them. Ends nothing that it has not
// started. What is measured, and how often, is session.ts's affair.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import type { Place } from './installation.ts';
import type { Peer } from './peer.ts';
import { type Round, readRound } from './run-record.ts';
import { type Scenario, serverModeOf } from './scenarios.ts';

const SERVER_CORE = '0';
const GENERATOR_CORE = '1';
const START_TRIES_MAX = 400;
const TRY_EVERY_MS = 50;
/** A run takes seconds; the rest is for servers that fall behind. */
const LOAD_TIMEOUT_MS = 120_000;
const LOG_CHARS_SHOWN = 300;

export interface StartedServer {
  readonly peer: Peer;
  readonly port: number;
  readonly child: ChildProcess;
}

export interface Timing {
  readonly seconds: number;
  readonly warmSeconds: number;
}

export const isPinned = spawnSync('taskset', ['--version']).status === 0;

export const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export class Processes {
  readonly #place: Place;
  readonly #running = new Set<ChildProcess>();
  #lastPort = 20_000 + (process.pid % 5_000);

  constructor(place: Place) {
    this.#place = place;
    // Whatever ends us, no server stays behind on a core that somebody will measure on.
    process.on('exit', () => this.#killAll());
    for (const [signal, code] of [['SIGINT', 130] as const, ['SIGTERM', 143] as const])
      process.on(signal, () => process.exit(code));
  }

  /** The server once its port is open; or, as a sentence, why it is not. */
  async start(peer: Peer, scenario: Scenario): Promise<StartedServer | string> {
    this.#lastPort += 1;
    const port = this.#lastPort;
    const command = peer.command({ port, mode: serverModeOf(scenario), deflate: scenario.deflate });
    const log = join(this.#place.log, `${peer.name.replaceAll('/', '-')}.log`);
    const file = openSync(log, 'w');
    const child = this.#spawn(SERVER_CORE, command, ['ignore', file, file], peer.environment);
    closeSync(file);
    for (let tries = 0; tries < START_TRIES_MAX && this.#running.has(child); tries += 1) {
      if (await isOpen(port)) return { peer, port, child };
      await wait(TRY_EVERY_MS);
    }
    await this.#end(child);
    return `did not start: ${readFileSync(log, 'utf8').trim().slice(0, LOG_CHARS_SHOWN)}`;
  }

  stop(server: StartedServer): Promise<void> {
    return this.#end(server.child);
  }

  /** One round. */
  load({ peer, port, child }: StartedServer, scenario: Scenario, timing: Timing): Promise<Round> {
    const command = [
      ...[this.#place.load, ...scenario.load, '-p', String(port), '--proto', peer.protocol],
      ...['-t', String(timing.seconds), '-w', String(timing.warmSeconds), '--pid', String(child.pid)],
    ];
    const generator = this.#spawn(GENERATOR_CORE, command, ['ignore', 'pipe', 'ignore']);
    let output = '';
    generator.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    const timer = setTimeout(() => generator.kill('SIGKILL'), LOAD_TIMEOUT_MS);
    return new Promise((resolve) => {
      generator.once('close', () => {
        clearTimeout(timer);
        resolve(readRound(output));
      });
    });
  }

  #spawn(
    core: string,
    command: readonly string[],
    stdio: readonly ('ignore' | 'pipe' | number)[],
    environment: Readonly<Record<string, string>> = {},
  ): ChildProcess {
    // taskset becomes the program: one process, with the program's id.
    const [program = '', ...args] = isPinned ? ['taskset', '-c', core, ...command] : command;
    const env = { ...process.env, BENCH_PEERS: this.#place.peers, NODE_ENV: 'production', ...environment };
    const child = spawn(program, args, { stdio: [...stdio], env });
    this.#running.add(child);
    child.once('error', () => this.#running.delete(child));
    child.once('exit', () => this.#running.delete(child));
    return child;
  }

  #end(child: ChildProcess): Promise<void> {
    if (!this.#running.has(child)) return Promise.resolve();
    return new Promise((resolve) => {
      child.once('exit', () => resolve());
      child.kill('SIGKILL');
    });
  }

  #killAll(): void {
    for (const child of this.#running) child.kill('SIGKILL');
  }
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
