// Measures what docs/permessage-deflate.md states: time per message by zlib's handle, by its documented functions and by
// its threads, what the levels give, and memory. Not a test: run it by hand, on a quiet machine.
//   node --expose-gc --import tsx packages/websocket/src/testing/measure-deflate.ts
import zlib from 'node:zlib';
import { InflationMeter } from '../core/inflation-meter.ts';
import { type DeflaterSettings, makeDeflater, makeInflater, rawDeflate } from '../net/raw-deflate.ts';

const BUDGET_BYTES = 6_000_000;
const MESSAGES_MAX = 4000;
const WORDS = 'lorem ipsum dolor sit amet room message author entry hello world and so on'.split(' ');
const SETTINGS: DeflaterSettings = { windowBits: 15, level: 3, memLevel: 8 };

let state = 1;
function roll(): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state >>> 8;
}

/** Chat as JSON: an id that is noise, the rest words. */
function json(bytes: number): Buffer {
  let text = '';
  while (text.length < bytes) {
    const words = Array.from({ length: 12 }, () => WORDS[roll() % WORDS.length]).join(' ');
    text += JSON.stringify({ v: 1, type: 'message', seq: roll(), author: roll().toString(36), text: words });
  }
  return Buffer.from(text.slice(0, bytes));
}

/** Microseconds of processor time for each of the messages; threads count too. */
async function cpuMicros(
  messages: readonly Buffer[],
  act: (message: Buffer) => void | Promise<void>,
): Promise<string> {
  for (const message of messages.slice(0, messages.length / 4)) await act(message);
  const before = process.cpuUsage();
  for (const message of messages) {
    const done = act(message);
    if (done !== undefined) await done;
  }
  const { user, system } = process.cpuUsage(before);
  return ((user + system) / messages.length).toFixed(1);
}

async function row(bytes: number, level: number): Promise<string> {
  const count = Math.min(MESSAGES_MAX, Math.ceil(BUDGET_BYTES / bytes));
  const messages = Array.from({ length: count }, () => json(bytes));
  const cells: string[] = [];
  for (const usesHandle of [true, false]) {
    rawDeflate.usesHandle = usesHandle;
    const deflater = makeDeflater({ ...SETTINGS, level });
    const deflate = await cpuMicros(messages, (message) => void deflater.deflate(message));
    deflater.reset();
    const deflated = messages.map((message) => deflater.deflate(message));
    if (usesHandle) {
      const sum = deflated.reduce((total, { length }) => total + length, 0);
      cells.push(((count * bytes) / sum).toFixed(1));
    }
    const meter = new InflationMeter(0);
    const inflater = makeInflater(15);
    const inflate = await cpuMicros(deflated, (message) => {
      meter.begin(bytes);
      inflater.inflate(message, true, meter, () => undefined);
    });
    cells.push(deflate, inflate);
  }
  const threaded = zlib.createDeflateRaw({ level });
  threaded.resume();
  const threads = await cpuMicros(
    messages.slice(0, 1000),
    (message) =>
      new Promise((resolve) => {
        threaded.write(message);
        threaded.flush(zlib.constants.Z_SYNC_FLUSH, () => resolve());
      }),
  );
  threaded.close();
  return `| ${bytes} | ${level} | ${cells.join(' | ')} | ${threads} |`;
}

/** Whatever was measured stays alive, so that nothing is built from memory that was given back. */
const alive: object[] = [];

/** Resident memory of one more of these, after use. */
function residentKiB(make: () => object, count = 500): string {
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  for (let i = 0; i < count; i++) {
    alive.push(make());
    // Else what the messages left behind would be counted.
    if (i % 10 === 0) globalThis.gc?.();
  }
  globalThis.gc?.();
  const each = (process.memoryUsage().rss - before) / count / 1024;
  return each.toFixed(1);
}

console.log(`Node ${process.version}, zlib ${process.versions.zlib}, ${process.arch}`);
rawDeflate.usesHandle = true;
for (const [windowBits, memLevel] of [
  [15, 8],
  [13, 6],
  [11, 4],
] as const) {
  const message = json(4000);
  const deflater = (): object => {
    const made = makeDeflater({ windowBits, level: 3, memLevel });
    for (let i = 0; i < 20; i++) made.deflate(message);
    return made;
  };
  const deflated = makeDeflater({ windowBits, level: 3, memLevel }).deflate(message);
  const meter = new InflationMeter(0);
  const inflater = (): object => {
    const made = makeInflater(windowBits);
    for (let i = 0; i < 20; i++) {
      meter.begin(1_000_000);
      made.inflate(deflated, true, meter, () => undefined);
    }
    return made;
  };
  console.log(
    `window ${windowBits}, memLevel ${memLevel}: deflater ${residentKiB(deflater)} KiB, inflater ${residentKiB(inflater)} KiB`,
  );
}
console.log(
  '| bytes | level | smaller by | handle: deflate | inflate | documented: deflate | inflate | threads: deflate |',
);
console.log('|---|---|---|---|---|---|---|---|');
for (const bytes of [300, 1024, 4096, 16_384, 262_144]) {
  for (const level of [1, 3, 6]) console.log(await row(bytes, level));
}
