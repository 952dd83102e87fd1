// A terminal or a pipe for tests: what is typed goes in, what is printed is kept, and of a terminal the screen as well.
import { PassThrough, Writable } from 'node:stream';
import type { Io } from './io.ts';
import { Screen } from './screen.fixture.ts';

export interface FakeIoOptions {
  readonly isTerminal?: boolean;
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string>>;
}

export class FakeIo implements Io {
  readonly input: PassThrough & { isTTY?: boolean };
  readonly output: Writable & { isTTY?: boolean; columns?: number };
  readonly errors: Writable;
  readonly env: Readonly<Record<string, string>>;
  readonly screen: Screen;
  printed = '';
  complained = '';
  readonly #interrupts = new Set<() => void>();
  readonly #waiters = new Set<() => void>();

  constructor({ isTerminal = false, columns = 80, env = {} }: FakeIoOptions = {}) {
    this.screen = new Screen(columns);
    this.env = { TERM: 'xterm', ...env };
    this.input = new PassThrough();
    this.output = this.#sink((text) => {
      this.printed += text;
      this.screen.write(text);
    });
    this.errors = this.#sink((text) => {
      this.complained += text;
    });
    if (!isTerminal) return;
    this.input.isTTY = true;
    Object.assign(this.input, { setRawMode: () => this.input });
    this.output.isTTY = true;
    this.output.columns = columns;
  }

  readonly onInterrupt = (listener: () => void): (() => void) => {
    this.#interrupts.add(listener);
    return () => void this.#interrupts.delete(listener);
  };

  interrupt(): void {
    for (const listener of [...this.#interrupts]) listener();
  }

  /** Keys as a terminal sends them; `\r` is Enter. */
  type(keys: string): void {
    this.input.write(keys);
  }

  /** Resolves once it has been printed or complained. */
  until(text: string | RegExp): Promise<void> {
    const isThere = (): boolean => {
      const all = this.printed + this.complained;
      return typeof text === 'string' ? all.includes(text) : text.test(all);
    };
    return this.untilSo(isThere);
  }

  /** Looked at after everything that is printed. */
  untilSo(isSo: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!isSo()) return;
        this.#waiters.delete(look);
        resolve();
      };
      this.#waiters.add(look);
      look();
    });
  }

  #sink(take: (text: string) => void): Writable {
    return new Writable({
      decodeStrings: false,
      write: (chunk, _encoding, done) => {
        take(String(chunk));
        for (const waiter of [...this.#waiters]) waiter();
        done();
      },
    });
  }
}
