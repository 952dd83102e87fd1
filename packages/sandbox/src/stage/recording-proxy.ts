// A TCP proxy of a scene: passes bytes on between a client and a server, may record them on the way, and may treat them
// as the boxes between people and servers do: end what is idle, swallow everything, lose one answer.
import net from 'node:net';
import type { CloseRecord, Direction } from '@wireroom/capture';
import type { Recording } from './recording.ts';
import { OP, readFrames } from './wire-frame.ts';

export interface ProxyOptions {
  readonly targetPort: number;
  /** Ends connections on which no byte went by for so long, as load balancers do. Default: never. */
  readonly idleTimeoutMs?: number;
  /** Sees and may change each chunk; undefined swallows it. Default: passes it on. */
  onChunk?(direction: Direction, chunk: Buffer, link: ProxyLink): Buffer | undefined;
}

export interface ProxyHost {
  /** Makes the recording of a connection, or leaves it alone. */
  open(client: net.Socket, targetPort: number): Recording | undefined;
  /** Has a socket counted and cut at the end of the scene. */
  keep(socket: net.Socket): void;
}

export interface ProxyLink {
  /** Cuts both sides at once. */
  cut(): void;
}

export class RecordingProxy {
  readonly #options: ProxyOptions;
  readonly #host: ProxyHost;
  /** Accepts; who made the proxy has it listen and closes it. */
  readonly server: net.Server;
  #isSwallowing = false;
  #ended: (() => void)[] = [];

  constructor(options: ProxyOptions, host: ProxyHost) {
    this.#options = options;
    this.#host = host;
    this.server = net.createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#accept(client));
  }

  /** While it swallows, nothing passes in either direction, not even the end of TCP. */
  swallow(): void {
    this.#isSwallowing = true;
  }

  /** Passes on again, and what ended meanwhile ends on the other side too. */
  release(): void {
    this.#isSwallowing = false;
    for (const end of this.#ended.splice(0)) end();
  }

  #accept(client: net.Socket): void {
    const { targetPort, idleTimeoutMs = 0 } = this.#options;
    const server = net.connect({ port: targetPort, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    this.#host.keep(client);
    this.#host.keep(server);
    const recording = this.#host.open(client, targetPort);
    const idle = idleTimer(idleTimeoutMs, () => {
      recording?.close({ code: 1006, reason: '', wasClean: false });
      client.destroy();
      server.destroy();
    });
    const link: ProxyLink = {
      cut: () => {
        client.resetAndDestroy();
        server.resetAndDestroy();
      },
    };
    this.#pipe(client, server, (chunk) => {
      idle.restart();
      recording?.bytes('in', chunk);
      return this.#options.onChunk === undefined ? chunk : this.#options.onChunk('in', chunk, link);
    });
    this.#pipe(server, client, (chunk) => {
      idle.restart();
      recording?.bytes('out', chunk);
      return this.#options.onChunk === undefined ? chunk : this.#options.onChunk('out', chunk, link);
    });
    let open = 2;
    for (const socket of [client, server]) {
      socket.on('close', () => {
        idle.stop();
        open -= 1;
        if (open === 0) recording?.close(endOf(recording));
      });
    }
  }

  #pipe(from: net.Socket, to: net.Socket, pass: (chunk: Buffer) => Buffer | undefined): void {
    from.on('data', (chunk: Buffer) => {
      const passed = pass(chunk);
      if (this.#isSwallowing || passed === undefined || !to.writable) return;
      if (!to.write(passed)) from.pause();
    });
    to.on('drain', () => from.resume());
    from.on('end', () => this.#orLater(() => to.end()));
    from.on('error', () => undefined);
    from.on('close', (hadError) => this.#orLater(() => (hadError ? to.resetAndDestroy() : to.end())));
  }

  #orLater(end: () => void): void {
    if (this.#isSwallowing) this.#ended.push(end);
    else end();
  }
}

interface IdleTimer {
  restart(): void;
  stop(): void;
}

function idleTimer(timeoutMs: number, expired: () => void): IdleTimer {
  if (timeoutMs === 0) return { restart: () => undefined, stop: () => undefined };
  const timer = setTimeout(expired, timeoutMs);
  return { restart: () => timer.refresh(), stop: () => clearTimeout(timer) };
}

/** How a connection that was watched from in between has ended for the program at its client. */
function endOf(recording: Recording): Omit<CloseRecord, 'kind' | 'at'> {
  const [asked, answered] = [closeIn(recording, 'in'), closeIn(recording, 'out')];
  if (answered === undefined) return { code: 1006, reason: '', wasClean: false };
  const hasCode = answered.length >= 2;
  return {
    code: hasCode ? answered.readUInt16BE(0) : 1005,
    reason: hasCode ? answered.toString('utf8', 2) : '',
    wasClean: asked !== undefined,
  };
}

function closeIn(recording: Recording, direction: Direction): Buffer | undefined {
  const chunks = recording.capture.records.flatMap((record) =>
    record.kind === 'bytes' && record.direction === direction ? [record.bytes] : [],
  );
  const stream = Buffer.concat(chunks);
  const head = stream.indexOf('\r\n\r\n');
  if (head < 0) return undefined;
  return readFrames(stream.subarray(head + 4)).frames.find(({ opcode }) => opcode === OP.close)?.payload;
}
