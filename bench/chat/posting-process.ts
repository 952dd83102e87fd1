// Starts posting.ts and speaks with it: twenty who post while the generator does something else.
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const FROM_SOURCE = ['--import', 'tsx', '--conditions', '@wireroom/source'];

export type ToPosting =
  | { readonly act: 'enter'; readonly port: number }
  | { readonly act: 'fill'; readonly entries: number }
  | { readonly act: 'begin'; readonly perSecond: number }
  | { readonly act: 'end' };

export interface FromPosting {
  /** The newest entry when all had entered. */
  readonly seq?: number;
  /** How long each answer took. */
  readonly tookMs?: readonly number[];
}

export class PostingProcess {
  readonly #child: ChildProcess;

  constructor() {
    this.#child = fork(fileURLToPath(new URL('./posting.ts', import.meta.url)), { execArgv: FROM_SOURCE });
    process.on('exit', () => this.end());
  }

  async enter(port: number): Promise<number> {
    const { seq = 0 } = await this.#ask({ act: 'enter', port });
    return seq;
  }

  async fill(entries: number): Promise<void> {
    await this.#ask({ act: 'fill', entries });
  }

  /** Posts while something runs. */
  async during(perSecond: number, run: () => Promise<void>): Promise<readonly number[]> {
    this.#child.send({ act: 'begin', perSecond } satisfies ToPosting);
    await run();
    const { tookMs = [] } = await this.#ask({ act: 'end' });
    return tookMs;
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }

  #ask(message: ToPosting): Promise<FromPosting> {
    return new Promise((resolve, reject) => {
      const onExit = (): void => reject(new Error('The process that posts has ended.'));
      this.#child.once('exit', onExit);
      this.#child.once('message', (answer: FromPosting) => {
        this.#child.off('exit', onExit);
        resolve(answer);
      });
      this.#child.send(message);
    });
  }
}
