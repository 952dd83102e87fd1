// The engine's own part of `tap-cost.ts`, without kernel and sockets, where a difference of one percent can be seen on a busy machine: two builds
// of the engine in one process, in short turns, echoing what streams in memory bring. Each build
// is loaded by itself, so that neither has seen what the other has. node bench/tap-path.mjs BEFORE_DIR AFTER_DIR [TURNS]
import { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { pathToFileURL } from 'node:url';

const [beforeDir = '.', afterDir = '.', turns = '3000', isSwapped] = process.argv.slice(2);
const CONNECTIONS = 100;
const HEAD = { host: 'a', upgrade: 'websocket', connection: 'Upgrade', 'sec-websocket-version': '13' };
const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
/** A masked text of 20 bytes. */
const FRAME = Buffer.from([
  0x81,
  0x94,
  1,
  2,
  3,
  4,
  ...Array.from({ length: 20 }, (_, i) => 97 ^ ((i % 4) + 1)),
]);

class Pipe extends Duplex {
  written = 0;
  /** @override */
  _read() {}
  /** @override @type {Duplex['_write']} */
  _write(chunk, _encoding, done) {
    this.written += chunk.length;
    done();
  }
}

/** @param {string} dir @param {'echo' | 'bcast'} mode */
async function contestant(dir, mode) {
  /** @type {typeof import('@wireroom/websocket')} */
  const engine = await import(pathToFileURL(join(dir, 'packages/websocket/dist/index.js')).href);
  const server = new engine.WebSocketServer({
    limits: { pingIntervalMs: 0, pongTimeoutMs: 0, partialFrameTimeoutMs: 0 },
    onConnection: (connection) =>
      connection.handle({
        message: (message) => {
          if (mode === 'echo') connection.send(message);
          else {
            const prepared = engine.prepare(message.text());
            for (const other of server.connections) other.send(prepared);
          }
        },
      }),
  });
  const pipes = Array.from({ length: CONNECTIONS }, () => {
    const pipe = new Pipe();
    const request = Object.assign(new IncomingMessage(/** @type {never} */ (pipe)), {
      method: 'GET',
      url: '/',
      httpVersion: '1.1',
    });
    for (const [name, value] of Object.entries({ ...HEAD, 'sec-websocket-key': KEY }))
      request.rawHeaders.push(name, value);
    server.handleUpgrade(request, pipe, Buffer.alloc(0));
    return pipe;
  });
  await new Promise((resolve) => setImmediate(resolve));
  const rounds = mode === 'echo' ? 10 : 1;
  return async () => {
    const from = performance.now();
    for (let round = 0; round < rounds; round += 1) {
      if (mode === 'echo') for (const pipe of pipes) pipe.push(Buffer.from(FRAME));
      else for (let i = 0; i < 10; i += 1) pipes[i]?.push(Buffer.from(FRAME));
      await new Promise((resolve) => setImmediate(resolve));
    }
    return (
      ((performance.now() - from) * 1000) / (rounds * (mode === 'echo' ? CONNECTIONS : 10 * CONNECTIONS))
    );
  };
}

/** @param {number[]} values @param {number} part */
const quantile = (values, part) =>
  [...values].sort((a, b) => a - b)[Math.floor(part * values.length)] ?? Number.NaN;

for (const mode of /** @type {const} */ (['echo', 'bcast'])) {
  const [one, other] = isSwapped === undefined ? [beforeDir, afterDir] : [afterDir, beforeDir];
  const first = await contestant(one, mode);
  const second = await contestant(other, mode);
  const [before, after] = isSwapped === undefined ? [first, second] : [second, first];
  /** @type {number[]} */
  const befores = [];
  /** @type {number[]} */
  const afters = [];
  for (let turn = -300; turn < Number(turns); turn += 1) {
    // By chance: in strict turns the collection of garbage falls into step with them.
    const isFirst = Math.random() < 0.5;
    const early = isFirst ? await before() : await after();
    const late = isFirst ? await after() : await before();
    if (turn < 0) continue;
    befores.push(isFirst ? early : late);
    afters.push(isFirst ? late : early);
  }
  const held = [0.25, 0.5].map((part) =>
    ((quantile(afters, part) / quantile(befores, part) - 1) * 100).toFixed(1),
  );
  console.log(
    `${mode}: ${quantile(befores, 0.5).toFixed(3)} → ${quantile(afters, 0.5).toFixed(3)} µs; ${held[1]} % (median), ${held[0]} % (lower quarter)`,
  );
}
process.exit(0);
