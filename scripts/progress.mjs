// One calm line for something that takes a while: on a terminal it counts the seconds in place, elsewhere it speaks rarely.
// Writes to stderr; stdout belongs to what is being started.

/** Where nobody watches a terminal, a sign of life this often. */
const remindEverySeconds = 30;

/**
 * @param {string} sentence
 * @param {NodeJS.WriteStream} [stream]
 */
export function startProgress(sentence, stream = process.stderr) {
  const startedAt = performance.now();
  const seconds = () => (performance.now() - startedAt) / 1_000;
  stream.write(`${sentence}\n`);
  const wipe = () => stream.isTTY && stream.write('\r\u001b[K');
  return {
    tick() {
      const elapsed = Math.round(seconds());
      if (stream.isTTY) stream.write(`\r\u001b[K  … ${elapsed} s`);
      else if (elapsed > 0 && elapsed % remindEverySeconds === 0) stream.write(`  … ${elapsed} s\n`);
    },
    /** @param {string} result */
    end(result) {
      wipe();
      stream.write(`${result} (${seconds().toFixed(1)} s)\n`);
    },
  };
}
