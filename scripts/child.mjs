// Runs one program of ours to its end: a bounded time, its output kept or shown, signals passed on to it.
// Not for servers: those are dev.mjs's. Used by install.mjs, build.mjs, debian-program.mjs, chromium.mjs and test.mjs.
import { spawn } from 'node:child_process';

/** So much of a program's output is kept for the report of a failure, in characters. */
const outputCharsMax = 200_000;
/** A program that was told to end has so long to do it. */
const killAfterMs = 5_000;

/** Signals that end us, and the exit codes a shell gives them. */
const signals = /** @type {const} */ ({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 });

/**
 * @typedef {object} Ended
 * @property {number} code 0 for success; 127 when the program could not be started; 124 when its time was up
 * @property {string} output what it wrote on both streams, the latest `outputCharsMax` of it; empty when shown
 * @property {number} tookMs
 *
 * @typedef {object} RunOptions
 * @property {string} cwd
 * @property {Record<string, string | undefined>} [env] on top of our own; undefined takes a variable away
 * @property {boolean} [isShown] its output goes to ours as it comes, instead of being kept
 * @property {number} [timeoutMs]
 * @property {(elapsedMs: number) => void} [onTick] called every second
 */

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @param {RunOptions} options
 * @returns {Promise<Ended>}
 */
export function run(program, args, options) {
  const startedAt = performance.now();
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: options.isShown ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
  });

  let output = '';
  /** @param {Buffer} chunk */
  const keep = (chunk) => {
    output = (output + chunk.toString()).slice(-outputCharsMax);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);

  let isLate = false;
  const end = () => {
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), killAfterMs).unref();
  };
  const deadline = setTimeout(
    () => {
      isLate = true;
      end();
    },
    options.timeoutMs ?? 2 ** 30,
  );
  const ticker = setInterval(() => options.onTick?.(performance.now() - startedAt), 1_000);
  const stopPassing = passSignals(child);

  return new Promise((resolve) => {
    /** @param {number} code */
    const finish = (code) => {
      clearTimeout(deadline);
      clearInterval(ticker);
      const signal = stopPassing();
      if (signal) process.exit(signals[signal]);
      resolve({ code: isLate ? 124 : code, output, tookMs: performance.now() - startedAt });
    };
    child.once('error', (error) => {
      output += `${error.message}\n`;
      finish(127);
    });
    child.once('close', (code) => finish(code ?? 1));
  });
}

/**
 * While a child runs, a signal that would end us ends it first, and us once it is gone.
 * @param {import('node:child_process').ChildProcess} child
 * @returns {() => keyof typeof signals | undefined} stops passing, and tells which signal came
 */
function passSignals(child) {
  /** @type {keyof typeof signals | undefined} */
  let received;
  const listeners = /** @type {(keyof typeof signals)[]} */ (Object.keys(signals)).map((signal) => {
    const listener = () => {
      received = signal;
      child.kill(signal);
    };
    process.on(signal, listener);
    return /** @type {const} */ ([signal, listener]);
  });
  return () => {
    for (const [signal, listener] of listeners) process.off(signal, listener);
    return received;
  };
}
