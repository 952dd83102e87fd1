// A server under test as a process: started, killed, asked to stop; and what its processor time was. Knows programs by their
// arguments only; which they are is in peers.ts.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { JITTER_LIMITS } from './limits.ts';
import type { ServerProgram } from './peers.ts';

export class ServerProcess {
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;

  private constructor(child: ChildProcess, ended: Promise<void>, port: number) {
    this.#child = child;
    this.#ended = ended;
    this.port = port;
  }

  /** Resolves once it listens. `heard` gets each line that it prints. */
  static async start({ args, env }: ServerProgram, heard: (line: string) => void): Promise<ServerProcess> {
    // Its input stays open as long as we are there, and it may watch that.
    const child = spawn(process.execPath, args, {
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const killWithUs = (): void => void child.kill('SIGKILL');
    process.on('exit', killWithUs);
    let output = '';
    const keep = (text: string): void => {
      output = (output + text).slice(-JITTER_LIMITS.outputCharsMax);
    };
    const ended = new Promise<void>((resolve) => {
      child.once('exit', () => {
        process.off('exit', killWithUs);
        resolve();
      });
    });
    createInterface({ input: child.stdout }).on('line', heard);
    const port = await new Promise<number>((resolve, reject) => {
      const late = setTimeout(() => {
        child.kill('SIGKILL');
        reject(new Error(`The server did not listen in time. ${output}`));
      }, JITTER_LIMITS.startMs);
      child.stderr.setEncoding('utf8').on('data', keep);
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        keep(text);
        const found = /listening on \w+:\/\/[^\s]*:(\d+)/.exec(output)?.[1];
        if (found === undefined) return;
        clearTimeout(late);
        resolve(Number(found));
      });
      void ended.then(() => {
        clearTimeout(late);
        reject(new Error(`The server ended before it listened. ${output}`));
      });
    });
    return new ServerProcess(child, ended, port);
  }

  /** Resolves when it has ended; one that does not end by itself is killed. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    this.#child.kill(signal);
    const late = setTimeout(() => this.#child.kill('SIGKILL'), JITTER_LIMITS.stopMs);
    await this.#ended;
    clearTimeout(late);
  }

  /** Seconds of processor time, of all its threads; 0 where the system does not tell. */
  get cpuSeconds(): number {
    try {
      const stat = readFileSync(`/proc/${this.#child.pid}/stat`, 'utf8');
      // After the name, which may hold anything: state is the first field, utime and stime the 12th and 13th.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return (Number(fields[11]) + Number(fields[12])) / 100;
    } catch {
      return 0;
    }
  }
}
