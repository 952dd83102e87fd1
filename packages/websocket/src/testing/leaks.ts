// Opens, uses and cuts many connections at random points and tells what is left of them: memory, timers, handles, entries
// in sets. A program of its own, since memory is the process's: `npm run leaks` runs 100,000, a test runs fewer.
// NODE_PATHS=documented: without what Node does not document.
//   node --expose-gc --conditions=@wireroom/source --import tsx leaks.ts [connections] [seed]
import { once } from 'node:events';
import net from 'node:net';
import { connect, type DeflateOptions, WebSocketServer } from '../index.ts';
import { WebSocketServer as SkinServer, WebSocket } from '../ws/ws.ts';
import { answer, beginAt, pick, roll, visit } from './cut-peer.ts';
import { heldBytes } from './garbage.ts';

interface LeakReport {
  readonly connections: number;
  readonly seed: number;
  readonly seconds: number;
  /** Of heap and buffers, per connection, since a warm-up of the same kind. */
  readonly grownBytes: number;
  readonly bytesPerConnection: number;
  readonly opened: number;
  /** Close handlers called; must be as many. */
  readonly closed: number;
  readonly hung: number;
  readonly inSets: number;
  /** Ours, the unref'ed ones included. */
  readonly timers: number;
  /** Sockets, servers, streams that are still there after all was closed. */
  readonly handles: readonly string[];
}

const AT_ONCE = 64;
const PORTS = 8;
const HANG_MS = 20_000;
const DEFLATE: DeflateOptions = { thresholdBytes: 0 };
const counts = { opened: 0, closed: 0, hung: 0 };

// Timers of ours by the functions that make them: those that are unref'ed are in no list of Node's.
const timers = new Set<unknown>();
function watchTimers(): void {
  const { setTimeout: set, clearTimeout: clear, setInterval: every, clearInterval: stop } = globalThis;
  const replaced = {
    setTimeout: (act: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) => {
      const timer = set(() => {
        timers.delete(timer);
        act(...args);
      }, ms);
      timers.add(timer);
      return timer;
    },
    setInterval: (act: () => void, ms?: number) => {
      const timer = every(act, ms);
      timers.add(timer);
      return timer;
    },
    clearTimeout: (timer: NodeJS.Timeout | undefined) => {
      timers.delete(timer);
      clear(timer);
    },
    clearInterval: (timer: NodeJS.Timeout | undefined) => {
      timers.delete(timer);
      stop(timer);
    },
  };
  Object.assign(globalThis, replaced);
}

async function asOurClient(port: number): Promise<void> {
  const abort = new AbortController();
  const isAborted = roll(8) === 0;
  if (isAborted) setImmediate(() => abort.abort());
  try {
    const connection = await connect(`ws://127.0.0.1:${port}/`, {
      signal: abort.signal,
      ...(roll(2) === 0 && { perMessageDeflate: DEFLATE }),
    });
    counts.opened += 1;
    await new Promise<void>((resolve) => {
      connection.handle({
        message: (message) => connection.send(message.data),
        close: () => {
          counts.closed += 1;
          resolve();
        },
      });
      connection.send('from the client '.repeat(20));
      if (roll(4) === 0) connection.close();
      else if (roll(8) === 0) connection.terminate();
    });
  } catch {
    // That it rejects is one of the ways in which it may end.
  }
}

function asSkinClient(port: number): Promise<void> {
  const client = new WebSocket(`ws://127.0.0.1:${port}/`);
  let isOpen = false;
  client.on('error', () => undefined);
  client.on('open', () => {
    isOpen = true;
    counts.opened += 1;
    client.send('from the client');
    if (roll(4) === 0) client.close();
  });
  if (roll(16) === 0) setImmediate(() => client.terminate());
  return new Promise((resolve) => {
    client.on('close', () => {
      if (isOpen) counts.closed += 1;
      resolve();
    });
  });
}

/** Everything that connections are made to. */
class Places {
  readonly engine = new WebSocketServer({
    perMessageDeflate: DEFLATE,
    onError: () => undefined,
    decide: ({ path }) =>
      path === '/' && roll(4) > 0 ? { accept: true } : Promise.resolve({ accept: true }),
    onConnection: (connection) => {
      counts.opened += 1;
      connection.handle({
        message: ({ kind, data }) => void connection.send(kind === 'text' ? data.toString() : data),
        close: () => {
          counts.closed += 1;
        },
      });
    },
  });
  readonly skins: SkinServer[] = [];
  readonly raw = Array.from({ length: PORTS }, () => net.createServer({ allowHalfOpen: true }, answer));
  readonly enginePorts: number[] = [];

  async open(): Promise<void> {
    for (let i = 0; i < PORTS; i++) {
      this.enginePorts.push((await this.engine.listen({ port: 0, host: '127.0.0.1' })).port);
      const skin = new SkinServer({ port: 0, host: '127.0.0.1' });
      skin.on('connection', (socket) => {
        counts.opened += 1;
        socket.on('error', () => undefined);
        socket.on('message', (data, binary) => socket.send(data, { binary }));
        socket.on('close', () => {
          counts.closed += 1;
        });
      });
      this.skins.push(skin);
      await once(skin, 'listening');
    }
    for (const server of this.raw) {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
    }
  }

  get inSets(): number {
    return (
      this.engine.connections.size + this.skins.reduce((sum, { clients }) => sum + (clients?.size ?? 0), 0)
    );
  }

  /** One connection of a random kind. */
  one(): Promise<void> {
    const portOf = (server: SkinServer | net.Server): number => {
      const address = server.address();
      return typeof address === 'object' && address !== null ? address.port : 0;
    };
    const place = roll(PORTS);
    const kind = roll(6);
    if (kind < 2) return visit(pick(this.enginePorts));
    if (kind < 4) return asOurClient(portOf(pick(this.raw)));
    return kind === 4
      ? visit(portOf(this.skins[place] ?? pick(this.skins)))
      : asSkinClient(portOf(pick(this.raw)));
  }

  async close(): Promise<void> {
    const closing = this.skins.map((skin) => new Promise((resolve) => skin.close(resolve)));
    for (const server of this.raw) server.close();
    await Promise.all([this.engine.close({ timeoutMs: HANG_MS }), ...closing]);
  }
}

/** As many connections, so many at once; those that take too long count as hung. */
async function run(places: Places, connections: number): Promise<void> {
  let left = connections;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      let late: NodeJS.Timeout | undefined;
      const tooLate = new Promise<void>((resolve) => {
        late = setTimeout(() => {
          counts.hung += 1;
          resolve();
        }, HANG_MS);
      });
      await Promise.race([places.one(), tooLate]);
      clearTimeout(late);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  // The last ends are told in turns to come.
  const untilMs = performance.now() + HANG_MS;
  while ((places.inSets > 0 || counts.opened !== counts.closed) && performance.now() < untilMs) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** What is there that was not before. Sockets close in turns to come: what stays longer than that is left over. */
async function handlesBeside(before: readonly string[]): Promise<string[]> {
  const untilMs = performance.now() + HANG_MS;
  for (;;) {
    await new Promise((resolve) => setImmediate(resolve));
    const handles = process.getActiveResourcesInfo();
    for (const known of before) {
      const at = handles.indexOf(known);
      if (at >= 0) handles.splice(at, 1);
    }
    if (handles.length === 0 || performance.now() > untilMs) return handles;
  }
}

async function measure(connections: number, seed: number): Promise<LeakReport> {
  beginAt(seed);
  watchTimers();
  const handlesBefore = process.getActiveResourcesInfo();
  const places = new Places();
  await places.open();
  await run(places, Math.max(1000, connections / 10));
  const before = await heldBytes();
  const beganMs = performance.now();
  await run(places, connections);
  const seconds = (performance.now() - beganMs) / 1000;
  const grownBytes = (await heldBytes()) - before;
  const { inSets } = places;
  await places.close();
  const handles = await handlesBeside(handlesBefore);
  return {
    connections,
    seed,
    seconds: Math.round(seconds * 10) / 10,
    grownBytes,
    bytesPerConnection: Math.round((grownBytes / connections) * 10) / 10,
    ...counts,
    inSets,
    timers: timers.size,
    handles,
  };
}

// A connection is some 5 kB: this much is left if one in a hundred stays of 100,000, or a few hundred of 3,000 do.
const GROWN_BYTES_MAX = 2 * 1024 * 1024;
const GROWN_BYTES_PER_CONNECTION_MAX = 50;

/** What is left that must not be. */
function problemsOf(report: LeakReport): string[] {
  const grownMax = Math.max(GROWN_BYTES_MAX, report.connections * GROWN_BYTES_PER_CONNECTION_MAX);
  const problems: string[] = [];
  if (report.grownBytes > grownMax) problems.push(`${report.grownBytes} bytes stay`);
  if (report.closed !== report.opened)
    problems.push(`${report.opened - report.closed} were never told of their end`);
  if (report.hung > 0) problems.push(`${report.hung} hang`);
  if (report.inSets > 0) problems.push(`${report.inSets} are still in a server's set`);
  if (report.timers > 0) problems.push(`${report.timers} timers run`);
  if (report.handles.length > 0) problems.push(`handles stay: ${report.handles.slice(0, 5).join(', ')}`);
  return problems;
}

if (process.env.NODE_PATHS === 'documented') await import('./documented-paths.ts');
const [, , connections = '100000', seed = String(Date.now() % 1_000_000)] = process.argv;
const report = await measure(Number(connections), Number(seed));
const problems = problemsOf(report);
process.stdout.write(`${JSON.stringify({ ...report, problems }, undefined, 2)}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;
