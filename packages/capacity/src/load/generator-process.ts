// A process that makes load, seen from the run: it is asked, and answers. It ends with the run, at the latest.
import { type ChildProcess, spawn } from 'node:child_process';
import { nodeFlags, pinned, programFile, programFolder } from '../process/program.ts';
import type { DoorPlan, GeneratorAnswer, GeneratorOrder, GeneratorOrderMessage } from './generator-port.ts';

export interface GeneratorPlan {
  readonly door: DoorPlan;
  readonly clockZero: number;
  readonly run: string;
  readonly cores: readonly number[] | undefined;
}

interface Waiting {
  readonly resolve: (answer: GeneratorAnswer) => void;
  readonly reject: (error: Error) => void;
}

export class GeneratorProcess {
  readonly #plan: GeneratorPlan;
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  readonly #gone: Promise<void>;
  #asked = 0;

  constructor(plan: GeneratorPlan) {
    this.#plan = plan;
    const command = [process.execPath, ...nodeFlags, programFile('load/generator')];
    const [program = '', ...args] = pinned(command, plan.cores);
    this.#child = spawn(program, args, {
      cwd: programFolder,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#child.on('message', (answer: GeneratorAnswer) => this.#hear(answer));
    this.#gone = new Promise((resolve) => {
      const end = (): void => {
        this.#failAll();
        resolve();
      };
      this.#child.once('exit', end);
      this.#child.once('error', end);
    });
  }

  /** Rejects with a sentence: what it could not do, or that it has ended. */
  ask(order: GeneratorOrder): Promise<GeneratorAnswer> {
    this.#asked += 1;
    const id = this.#asked;
    const { door, clockZero, run } = this.#plan;
    const message: GeneratorOrderMessage = { id, door, clockZero, run, order };
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      if (!this.#child.connected) return this.#failAll();
      this.#child.send(message, (error) => error !== null && this.#failAll());
    });
  }

  async end(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGKILL');
    await this.#gone;
  }

  #hear(answer: GeneratorAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (answer.error === undefined) waiting?.resolve(answer);
    else waiting?.reject(new Error(answer.error));
  }

  #failAll(): void {
    const lost = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of lost) reject(new Error('A process that makes load has ended.'));
  }
}
