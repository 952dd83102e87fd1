// Where a command reads and writes: the process's streams, or a test's. Nothing else in a command knows `process`.
import type { Readable, Writable } from 'node:stream';

export interface Io {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  /** For people, also where the output goes to a program. */
  readonly errors: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Calls the listener at Ctrl-C and at SIGTERM, until the function that it returns is called. */
  readonly onInterrupt: (listener: () => void) => () => void;
}

export const processIo: Io = {
  input: process.stdin,
  output: process.stdout,
  errors: process.stderr,
  env: process.env,
  onInterrupt(listener) {
    const signals = ['SIGINT', 'SIGTERM'] as const;
    for (const signal of signals) process.on(signal, listener);
    return () => {
      for (const signal of signals) process.off(signal, listener);
    };
  },
};

/** Does the output take colours? NO_COLOR and FORCE_COLOR are asked before the terminal is. */
export function hasColor({ output, env }: Pick<Io, 'output' | 'env'>): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '0') return true;
  return output.isTTY === true && env.TERM !== 'dumb';
}
