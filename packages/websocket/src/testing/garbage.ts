// Memory after a full collection of garbage, without a flag on the command line. For tests only.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collect: (() => void) | undefined;

function gc(): () => void {
  setFlagsFromString('--expose-gc');
  const exposed: unknown = globalThis.gc ?? runInNewContext('gc');
  if (typeof exposed !== 'function') throw new Error('this Node has no gc');
  return () => void exposed();
}

/** Bytes of the heap and of buffers outside it that are still held. */
export async function heldBytes(): Promise<number> {
  collect ??= gc();
  collect();
  // What is freed by callbacks of the first round goes in the second.
  await new Promise((resolve) => setImmediate(resolve));
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
