// A TCP proxy on the loopback that sees every byte of a client and when it passed. It can make the way longer, hold its
// breath, or cut everything. Knows nothing of what passes.
import net from 'node:net';
import type { Traffic } from './figures.ts';
import { COMPARE_LIMITS } from './limits.ts';

export interface SeenChunk {
  readonly atMs: number;
  /** Counted from 1, in the order in which they were opened. */
  readonly connection: number;
  readonly direction: 'up' | 'down';
  readonly bytes: Buffer;
}

interface Pair {
  readonly client: net.Socket;
  readonly server: net.Socket;
}

type Pass = (act: () => void) => void;

interface PipeWay {
  readonly direction: 'up' | 'down';
  readonly connection: number;
  readonly pass: Pass;
}

export class RecordingProxy {
  readonly #server: net.Server;
  readonly #targetPort: number;
  readonly #pairs = new Set<Pair>();
  readonly #chunks: SeenChunk[] = [];
  #bytesKept = 0;
  #connections = 0;
  #isCut = false;
  #held: (() => void)[] | undefined;
  /** Added to each direction. What opens a connection takes a round trip before it carries anything, as TCP does. */
  latencyMs = 0;

  private constructor(targetPort: number) {
    this.#targetPort = targetPort;
    this.#server = net.createServer({ allowHalfOpen: true }, (socket) => this.#accept(socket));
  }

  static async open(targetPort: number): Promise<RecordingProxy> {
    const proxy = new RecordingProxy(targetPort);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  get chunks(): readonly SeenChunk[] {
    return this.#chunks;
  }

  get connections(): number {
    return this.#connections;
  }

  /** All bytes so far; what a step adds is the difference. */
  traffic(): Traffic {
    const sum = (direction: 'up' | 'down'): number =>
      this.#chunks.reduce(
        (bytes, chunk) => bytes + (chunk.direction === direction ? chunk.bytes.length : 0),
        0,
      );
    return { up: sum('up'), down: sum('down') };
  }

  /** Every TCP connection is reset, and new ones are, until `mend`. */
  cut(): void {
    this.#isCut = true;
    for (const { client, server } of this.#pairs) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
  }

  mend(): void {
    this.#isCut = false;
  }

  /** Nothing passes and nothing is lost until `release`: as when a cable is out for a moment and TCP sends again. */
  hold(): void {
    this.#held ??= [];
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const pass of held) pass();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #accept(client: net.Socket): void {
    client.on('error', () => {});
    if (this.#isCut) {
      client.resetAndDestroy();
      return;
    }
    this.#connections += 1;
    const server = net.connect({ port: this.#targetPort, host: '127.0.0.1', allowHalfOpen: true });
    const pair = { client, server };
    this.#pairs.add(pair);
    for (const socket of [client, server]) socket.setNoDelay(true);
    const openAt = performance.now() + 2 * this.latencyMs;
    const pass: Pass = (act) => this.#pass(act, openAt);
    this.#pipe(client, server, { direction: 'up', connection: this.#connections, pass });
    this.#pipe(server, client, { direction: 'down', connection: this.#connections, pass });
    // One end that is gone takes the other along.
    server.on('error', () => client.resetAndDestroy());
    client.on('close', () => pass(() => server.destroy()));
    server.on('close', () => {
      this.#pairs.delete(pair);
      pass(() => client.destroy());
    });
  }

  #pipe(from: net.Socket, to: net.Socket, way: PipeWay): void {
    const { direction, connection, pass } = way;
    from.on('data', (bytes) => {
      this.#bytesKept += bytes.length;
      if (this.#bytesKept > COMPARE_LIMITS.recordedBytesMax) throw new RangeError('more passed than is kept');
      this.#chunks.push({ atMs: performance.now(), connection, direction, bytes });
      pass(() => void to.write(bytes));
    });
    from.on('end', () => pass(() => void to.end()));
  }

  #pass(act: () => void, openAt: number): void {
    const orHold = (): void => {
      if (this.#held === undefined) act();
      else this.#held.push(act);
    };
    const waitMs = this.latencyMs + Math.max(0, openAt - performance.now());
    if (waitMs === 0) orHold();
    else setTimeout(orHold, waitMs);
  }
}
