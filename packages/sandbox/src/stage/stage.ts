// What a scene is played on: it opens servers, proxies and clients on the loopback, records their connections, and lets
// nothing of it outlive the scene. The scripts in ../scripts tell it what to open; ../play.ts opens and closes it.
import net from 'node:net';
import type { Capture, OpenRecord } from '@wireroom/capture';
import {
  type Connection,
  type ConnectionHandlers,
  type SocketInfo,
  WebSocketServer,
  type WebSocketServerOptions,
} from '@wireroom/websocket';
import { CONNECTIONS_MAX, GOODBYE_MS_MAX, RECORDINGS_MAX } from '../limits.ts';
import type { PlayOptions, Scene } from '../scene.ts';
import { type NoteId, noteText } from '../scene-texts.ts';
import { RawClient } from './raw-client.ts';
import { Recording, startClock } from './recording.ts';
import { type ProxyOptions, RecordingProxy } from './recording-proxy.ts';
import { recordingTap } from './recording-tap.ts';

export interface ServeOptions
  extends Pick<WebSocketServerOptions, 'limits' | 'perMessageDeflate' | 'decide'> {
  /** What it does with a connection. Default: echoes. */
  handlers?(connection: Connection): ConnectionHandlers;
  /** `first`: only its first connection is recorded. `none`: somebody in between records. Default: all. */
  readonly records?: Recorded;
}

/** Which connections of an end are recorded. */
export type Recorded = 'all' | 'first' | 'none';

interface Place {
  readonly clientPort: number;
  readonly serverPort: number;
  readonly gateway: OpenRecord['gateway'];
  readonly tls?: OpenRecord['tls'];
}

export interface SceneServer {
  readonly server: WebSocketServer;
  readonly port: number;
  /** Of its connections, in the order in which they came. */
  readonly recordings: readonly Recording[];
}

export class Stage {
  readonly scene: Scene;
  readonly signal: AbortSignal;
  readonly options: PlayOptions;
  readonly #now = startClock();
  readonly #recordings: Recording[] = [];
  readonly #sockets = new Set<net.Socket>();
  readonly #endings: (() => Promise<void> | void)[] = [];
  readonly #notes: { readonly id: NoteId; readonly text: string }[] = [];
  #connections = 0;
  #clients = 0;
  readonly #waits = new Set<() => void>();
  readonly #wakers: (() => void)[] = [];

  constructor(scene: Scene, options: PlayOptions, signal: AbortSignal) {
    this.scene = scene;
    this.options = options;
    this.signal = signal;
  }

  get captures(): readonly Capture[] {
    return this.#recordings.map(({ capture }) => capture);
  }

  /** What a scene that waits waits for: as the caller said, or as people are told. */
  get pauseMs(): number {
    return this.options.pauseMs ?? this.scene.pauseMs ?? 0;
  }

  /** A WebSocket server on a free port of the loopback, for as long as the scene lasts. */
  async serve(options: ServeOptions = {}): Promise<SceneServer> {
    const { handlers = echo, records = 'all', ...rest } = options;
    const recordings: Recording[] = [];
    let count = 0;
    const { tap, onError } = recordingTap((info) => {
      count += 1;
      const recording = isRecorded(records, count) ? this.#record(placeOf(info), 'server') : undefined;
      if (recording !== undefined) recordings.push(recording);
      return recording;
    });
    const server = new WebSocketServer({
      ...rest,
      limits: { closeTimeoutMs: GOODBYE_MS_MAX, ...rest.limits },
      tap,
      onError,
      onConnection: (connection) => connection.handle(handlers(connection)),
    });
    this.#endings.push(() => server.close({ timeoutMs: GOODBYE_MS_MAX }));
    const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
    return { server, port, recordings };
  }

  /** A proxy. Where it records, the server behind it does not. */
  async proxy(
    options: ProxyOptions,
    records: Recorded = 'all',
  ): Promise<{ proxy: RecordingProxy; port: number }> {
    let count = 0;
    const proxy = new RecordingProxy(options, {
      keep: (socket) => this.keep(socket),
      open: ({ remotePort = 0 }, serverPort) => {
        count += 1;
        if (!isRecorded(records, count)) return undefined;
        return this.#record({ clientPort: remotePort, serverPort, gateway: 'sandbox' }, 'between');
      },
    });
    return { proxy, port: await this.listen(proxy.server) };
  }

  /** A TCP connection to a port of this scene, nothing sent; its recording has begun, where there is one. */
  async dial(port: number, { isRecorded = true } = {}): Promise<RawClient> {
    return this.clientOn(await this.#connect(port), isRecorded);
  }

  /** A client on a socket that is connected already. */
  async clientOn(socket: net.Socket, isRecorded = true): Promise<RawClient> {
    const { localPort } = socket;
    const find = (): Recording | undefined =>
      this.#recordings.findLast(({ clientPort }) => clientPort === localPort);
    return this.#client(socket, isRecorded ? await this.#recorded(find) : undefined);
  }

  /** The same, and the opening handshake. */
  async connect(port: number, options: { readonly isRecorded?: boolean } = {}): Promise<RawClient> {
    const client = await this.dial(port, options);
    await client.upgrade();
    return client;
  }

  /** The same through a proxy that does not record: the server behind it does, and the newest recording is this client's. */
  async connectBehind(port: number): Promise<RawClient> {
    const known = this.#recordings.length;
    const socket = await this.#connect(port);
    const client = this.#client(socket, await this.#recorded(() => this.#recordings[known]));
    await client.upgrade();
    return client;
  }

  /** A remark in the capture of this client's connection, or, without one, in that of the next connection. */
  note(id: NoteId, client?: RawClient, values: Readonly<Record<string, string | number>> = {}): void {
    if (this.signal.aborted) return;
    const text = noteText(id, 'en', values);
    if (client?.recording === undefined) this.#notes.push({ id, text });
    else client.recording.note(id, text);
  }

  /** The same in a recording that is filled by hand. */
  noteIn(recording: Recording, id: NoteId, values: Readonly<Record<string, string | number>> = {}): void {
    recording.note(id, noteText(id, 'en', values));
  }

  /** A recording that is filled by the script itself. */
  recordByHand(place: Place): Recording {
    const recording = this.#record(place, 'between');
    if (recording === undefined) throw new Error(`the scene ${this.scene.name} records too many connections`);
    return recording;
  }

  /** Resolves after so long; rejects when the scene is ended. */
  wait(ms: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.signal.throwIfAborted();
      const timer = setTimeout(() => {
        this.#waits.delete(end);
        resolve();
      }, ms);
      const end = (): void => {
        clearTimeout(timer);
        reject(new Error('The scene is over.'));
      };
      this.#waits.add(end);
    });
  }

  /** Counts a socket, and cuts it at the end of the scene. */
  keep(socket: net.Socket): void {
    this.#connections += 1;
    if (this.#connections > CONNECTIONS_MAX) {
      socket.destroy();
      throw new Error(`the scene ${this.scene.name} opens more than ${CONNECTIONS_MAX} connections`);
    }
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
  }

  /** Has a listener of the script's own closed with the scene, and resolves with its port on the loopback. */
  listen(server: net.Server): Promise<number> {
    this.#endings.push(() => new Promise((resolve) => server.close(() => resolve())));
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  }

  /** Ends everything; resolves when nothing is left. */
  async close(): Promise<void> {
    for (const wake of this.#wakers.splice(0)) wake();
    for (const end of this.#waits) end();
    // Clients and proxies first: a server would otherwise wait for their goodbye.
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(this.#endings.map((end) => end()));
    for (const recording of this.#recordings) recording.close({ code: 1006, reason: '', wasClean: false });
  }

  #record(place: Place, recordedBy: 'server' | 'between'): Recording | undefined {
    if (this.#recordings.length >= RECORDINGS_MAX) return undefined;
    const recording = new Recording(
      {
        connectionId: `${this.options.idPrefix ?? ''}${this.scene.name}-${this.#recordings.length + 1}`,
        recordedBy,
        gateway: place.gateway,
        ...(place.tls !== undefined && { tls: place.tls }),
        client: { address: '127.0.0.1', port: place.clientPort },
        server: { address: '127.0.0.1', port: place.serverPort },
      },
      this.#now,
      this.options.sink,
    );
    this.#recordings.push(recording);
    for (const { id, text } of this.#notes.splice(0)) recording.note(id, text);
    for (const wake of this.#wakers.splice(0)) wake();
    return recording;
  }

  async #connect(port: number): Promise<net.Socket> {
    this.signal.throwIfAborted();
    const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    this.keep(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return socket;
  }

  #client(socket: net.Socket, recording: Recording | undefined): RawClient {
    this.#clients += 1;
    return new RawClient({ socket, recording, seed: `${this.scene.name} ${this.#clients}` });
  }

  async #recorded(find: () => Recording | undefined): Promise<Recording> {
    for (;;) {
      this.signal.throwIfAborted();
      const found = find();
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.#wakers.push(resolve));
    }
  }
}

const isRecorded = (records: Recorded, count: number): boolean =>
  records === 'all' || (records === 'first' && count === 1);

const placeOf = ({ remotePort, localPort }: SocketInfo): Place => ({
  clientPort: remotePort,
  serverPort: localPort,
  gateway: 'sandbox',
});

/** What a server does to whom nobody said anything else. */
export function echo(connection: Connection): ConnectionHandlers {
  return {
    message: (message) => connection.send(message.kind === 'text' ? message.text() : message.data),
  };
}
