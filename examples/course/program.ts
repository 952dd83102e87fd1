// A learner's file, running. Knows where it listens and what it said last; what it is worth is told by the grade.
import { type ChildProcess, spawn } from 'node:child_process';

/** A file that has not opened its port by then is given up. */
const startMsMax = 20_000;
/** So much of what the file prints is kept, and shown if it ends early. */
const outputCharsMax = 100_000;
const outputLinesMax = 12;
const foreignLine = /^\s+at .*(node:|node_modules)|^Node\.js v/;

/** The learner's file as a process of its own, so that whatever it does stays in there. */
export class Program {
  readonly #child: ChildProcess;
  #output = '';
  #wake: () => void = () => undefined;
  hasEnded = false;
  /** It was given up before it opened its port. */
  isSilent = false;

  /** `flags`: for Node, before the file. */
  constructor(file: string, flags: readonly string[] = ['--import', 'tsx']) {
    this.#child = spawn(process.execPath, [...flags, file], {
      env: { ...process.env, PORT: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const keep = (chunk: Buffer): void => {
      this.#output = (this.#output + chunk.toString()).slice(-outputCharsMax);
      this.#wake();
    };
    this.#child.stdout?.on('data', keep);
    this.#child.stderr?.on('data', keep);
    this.#child.on('close', () => {
      this.hasEnded = true;
      this.#wake();
    });
  }

  /** Where it listens; undefined if it ended, or its time is up. */
  async url(): Promise<string | undefined> {
    const timer = setTimeout(() => {
      this.isSilent = true;
      this.stop();
    }, startMsMax);
    try {
      for (;;) {
        const found = /^listening on (ws:\/\/\S+)$/m.exec(this.#output)?.[1];
        if (found !== undefined || this.hasEnded) return found;
        await new Promise<void>((resume) => {
          this.#wake = resume;
        });
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** The last that it said, without the lines of a stack that are not the learner's. */
  lastLines(): string[] {
    const lines = this.#output.split('\n').filter((line) => line.trim() !== '' && !foreignLine.test(line));
    return lines.slice(-outputLinesMax).map((line) => `    ${line}`);
  }

  stop(): void {
    this.#child.kill();
  }
}
