// One of our ends, a server's or a client's, with bytes put into it: over TCP or in memory, behind the handshake or in one
// piece with it. Tells everything that it did until its end. By the doors of the package only. For tests only.
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { type Duplex, duplexPair } from 'node:stream';
import { acceptSteps, type Role } from '../core/core.ts';
import { type CloseEvent, type Connection, connect, type DeflateOptions, WebSocketServer } from '../index.ts';
import type { WebSocketLimits } from '../limits.ts';
import { upgradeRequest } from './raw-peer.ts';
import { nameOf } from './wire-bytes.ts';
import { modelOutcome } from './wire-model.ts';

/** TCP: our own listener, which may do without sockets of node:net. A client has only one kind of TCP. */
export type Way = 'memory' | 'TCP' | 'a socket accepted elsewhere';

export interface EndOptions {
  readonly role: Role;
  readonly over: Way;
  readonly perMessageDeflate?: boolean | DeflateOptions;
  /** Names permessage-deflate in the handshake of the other side. */
  readonly extensions?: string;
  readonly limits?: Partial<WebSocketLimits>;
}

export interface EndOutcome {
  /** What the handlers were told, in the words of wire-model.ts. */
  readonly heard: readonly string[];
  /** What the end sent: every message echoed, pongs, the Close frame. */
  readonly sent: readonly string[];
  readonly closed: CloseEvent;
}

// Far above what any of it takes; what is not over by then hangs.
const HANG_MS = 10_000;
const WIDE = { messageBytesMax: 2 ** 40, fragmentsPerMessageMax: 2 ** 30 };

export class WireEnd {
  readonly #options: EndOptions;
  readonly #server: WebSocketServer;
  readonly #tcp = net.createServer({ allowHalfOpen: true });
  #ownPort: number | undefined;
  #heard: string[] = [];
  #closed: CloseEvent | undefined;

  private constructor(options: EndOptions) {
    this.#options = options;
    this.#server = new WebSocketServer({
      onConnection: (connection) => this.#listenTo(connection),
      onError: () => undefined,
      limits: this.#limits,
      perMessageDeflate: options.perMessageDeflate ?? false,
    });
    this.#tcp.on('connection', (socket) => {
      if (options.role === 'server') this.#server.handleSocket(socket);
    });
  }

  static async open(options: EndOptions): Promise<WireEnd> {
    const end = new WireEnd(options);
    end.#tcp.listen(0, '127.0.0.1');
    await once(end.#tcp, 'listening');
    const isOurs = options.role === 'server' && options.over === 'TCP';
    if (isOurs) end.#ownPort = (await end.#server.listen({ port: 0, host: '127.0.0.1' })).port;
    return end;
  }

  async stop(): Promise<void> {
    this.#tcp.close();
    await this.#server.close({ timeoutMs: 0 });
  }

  /** Puts the chunks in, one write each and the first together with the handshake if wished, then FIN. */
  async take(chunks: readonly Buffer[], isFirstInHandshake = false): Promise<EndOutcome> {
    this.#heard = [];
    this.#closed = undefined;
    const [first = Buffer.alloc(0), ...rest] = isFirstInHandshake ? chunks : [Buffer.alloc(0), ...chunks];
    const peer = this.#options.role === 'server' ? await this.#asClient(first) : await this.#asServer(first);
    const received: Buffer[] = [];
    peer.on('error', () => undefined);
    peer.on('data', (bytes: Buffer) => received.push(bytes));
    for (const chunk of rest) {
      if (peer.writable) peer.write(chunk);
      await turn();
    }
    peer.end();
    const untilMs = performance.now() + HANG_MS;
    while (this.#closed === undefined || !peer.readableEnded) {
      if (performance.now() > untilMs) throw new Error(`it hangs, after ${this.#heard.join(' ')}`);
      if (peer.destroyed && this.#closed !== undefined) break;
      await turn();
    }
    const sent = Buffer.concat(received);
    const frames = this.#options.role === 'server' ? sent.subarray(sent.indexOf('\r\n\r\n') + 4) : sent;
    return {
      heard: this.#heard,
      sent: modelOutcome(this.#options.role === 'server' ? 'client' : 'server', frames, WIDE),
      closed: this.#closed,
    };
  }

  get #limits(): Partial<WebSocketLimits> {
    return { controlFramesPerSecondMax: 1_000_000, ...this.#options.limits };
  }

  get #port(): number {
    if (this.#ownPort !== undefined) return this.#ownPort;
    const address = this.#tcp.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  #listenTo(connection: Connection): void {
    connection.handle({
      message: ({ kind, data }) => {
        this.#heard.push(`${kind}:${nameOf(data)}`);
        const isText = kind === 'text';
        connection.send(isText ? data.toString() : data, { compress: false });
      },
      ping: (payload) => this.#heard.push(`ping:${nameOf(payload)}`),
      pong: (payload) => this.#heard.push(`pong:${nameOf(payload)}`),
      close: (event) => {
        this.#closed = event;
      },
    });
  }

  async #asClient(first: Buffer): Promise<Duplex> {
    const { over, extensions } = this.#options;
    const headers = extensions === undefined ? [] : [`Sec-WebSocket-Extensions: ${extensions}`];
    const request = upgradeRequest(headers);
    if (over === 'memory') {
      const [ours, theirs] = duplexPair();
      this.#server.handleUpgrade(asIncoming(request), ours, first);
      return theirs;
    }
    const socket = net.connect({ port: this.#port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    await once(socket, 'connect');
    socket.write(Buffer.concat([Buffer.from(request), first]));
    return socket;
  }

  async #asServer(first: Buffer): Promise<Duplex> {
    const { over, extensions, perMessageDeflate = false } = this.#options;
    const [ours, theirs] = duplexPair();
    const accepted = over === 'memory' ? Promise.resolve([theirs]) : once(this.#tcp, 'connection');
    const connecting = connect(`ws://127.0.0.1:${this.#port}/`, {
      limits: this.#limits,
      perMessageDeflate,
      ...(over === 'memory' && { connector: () => ours }),
    });
    const connected = connecting.then((connection) => this.#listenTo(connection));
    const [peer] = await accepted;
    peer.write(Buffer.concat([acceptance(await headOf(peer), extensions), first]));
    await connected;
    return peer;
  }
}

/** The 101 that belongs to a request. */
export function acceptance(request: string, extensions?: string): Buffer {
  const key = /^sec-websocket-key: (.*?)\r$/im.exec(request)?.[1] ?? '';
  const lines = [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${acceptSteps(key).accept}`,
    ...(extensions === undefined ? [] : [`Sec-WebSocket-Extensions: ${extensions}`]),
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`);
}

/** Everything up to the empty line; nothing may follow it yet. */
export async function headOf(stream: Duplex): Promise<string> {
  let head = '';
  while (!head.endsWith('\r\n\r\n')) {
    const chunk: Buffer | null = stream.read();
    if (chunk === null) await once(stream, 'readable');
    else head += chunk.toString('latin1');
  }
  return head;
}

/** The request as node:http would hand it on. */
function asIncoming(request: string): http.IncomingMessage {
  const message = new http.IncomingMessage(new net.Socket());
  const [line = '', ...fields] = request.trimEnd().split('\r\n');
  const [method, url] = line.split(' ');
  Object.assign(message, { method, url, httpVersion: '1.1' });
  message.rawHeaders = fields.flatMap((field) => field.split(/: (.*)/, 2));
  return message;
}

/** Without the sentences that come with errors: they are for people. */
export function withoutSentences({ heard, sent, closed }: EndOutcome): EndOutcome {
  const { code, reason, wasClean, error } = closed;
  const hasSentence = error !== undefined && error.closeCode !== undefined;
  return {
    heard,
    sent: sent.map((one) => (hasSentence ? one.replace(/^(close:\d+):.*$/s, '$1:*') : one)),
    closed: { code, wasClean, reason: hasSentence ? '*' : reason },
  };
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
