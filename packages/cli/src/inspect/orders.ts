// Where orders come from when nobody types them: -x, a file, or the lines of a pipe. Ends when there are no more.
import readline from 'node:readline';
import type { Readable } from 'node:stream';
import type { InspectOptions } from './arguments.ts';
import { INSPECT_LIMITS } from './limits.ts';
import { type Order, orderOf } from './order.ts';

export async function* ordersWithoutPerson(options: InspectOptions, input: Readable): AsyncIterable<Order> {
  const { execute, file, isBinary, hasSlashCommands } = options;
  for (const text of execute) yield orderOf(text, hasSlashCommands);
  if (file !== undefined) yield { do: 'send-file', path: file };
  // Whoever says what to send does not mean the input, which may be a pipe that nobody ever ends.
  if (execute.length > 0 || file !== undefined) return;
  if (isBinary) {
    yield* wholeInput(input);
    return;
  }
  for await (const line of readline.createInterface({ input, terminal: false })) {
    yield orderOf(line, hasSlashCommands);
  }
}

async function* wholeInput(input: Readable): AsyncIterable<Order> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of input) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > INSPECT_LIMITS.fileBytesMax) {
      yield {
        do: 'refuse',
        why: `The input is larger than ${INSPECT_LIMITS.fileBytesMax} bytes; nothing of it was sent.`,
      };
      return;
    }
    chunks.push(bytes);
  }
  if (length > 0) yield { do: 'send-bytes', bytes: Buffer.concat(chunks) };
}
