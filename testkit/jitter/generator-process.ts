// The generator as the conductor has it in hand: a child process, orders and their answers.
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Answered, Answers, Asked, Order } from './orders.ts';

const PROGRAM = fileURLToPath(new URL('./generator.ts', import.meta.url));

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

export class GeneratorProcess {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;
  #hasEnded = false;

  constructor() {
    this.#child = fork(PROGRAM, [], {
      execArgv: ['--import', 'tsx', '--conditions', '@wireroom/source'],
      // Infinite times are figures here; JSON does not know them.
      serialization: 'advanced',
    });
    this.#child.on('message', ({ id, answer, error }: Answered) => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) waiting?.resolve(answer);
      else waiting?.reject(new Error(`The generator failed: ${error}`));
    });
    this.#child.on('exit', (code, signal) => {
      this.#hasEnded = true;
      const error = new Error(`The generator ended by itself (${signal ?? code}).`);
      for (const { reject } of this.#waiting.values()) reject(error);
      this.#waiting.clear();
    });
  }

  ask<Name extends Order['do']>(order: Extract<Order, { readonly do: Name }>): Promise<Answers[Name]> {
    return new Promise<unknown>((resolve, reject) => {
      if (this.#hasEnded) {
        reject(new Error('The generator has ended.'));
        return;
      }
      this.#asked += 1;
      this.#waiting.set(this.#asked, { resolve, reject });
      const asked: Asked = { id: this.#asked, order };
      this.#child.send(asked, (error) => error && reject(error));
    }).then((answer) => answer as Answers[Name]);
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }
}
