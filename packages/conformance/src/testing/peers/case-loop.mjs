// What a client under test does: asks how many cases there are, then comes once for each, several at a time.
// Plain JavaScript, so that any Node can run it without a build. How it connects and echoes is each client's own file.

const CONCURRENCY = 16;

/**
 * @param {string} url of the tester
 * @param {object} client
 * @param {(url: string) => Promise<string>} client.readOne resolves with the first text message
 * @param {(url: string) => Promise<void>} client.echo echoes until the connection has ended, however that was
 */
export async function playAll(url, { readOne, echo }) {
  const count = Number(await readOne(`${url}/count`));
  let next = 1;
  const worker = async () => {
    while (next <= count) {
      const number = next;
      next += 1;
      await echo(`${url}/case?n=${number}`);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
}

/** The tester's address, from the command line. */
export function testerUrl() {
  const [, , url] = process.argv;
  if (url === undefined) throw new Error('the address of the tester is missing');
  return url;
}
