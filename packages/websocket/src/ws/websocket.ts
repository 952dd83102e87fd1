// The WebSocket of the ws API: an emitter with a browser's face, on a Connection of the engine. Made by the program (then
// client-handshake.ts brings the connection) or by the server (which brings it by `adopt`).
import { EventEmitter } from 'node:events';
import type { ClientRequest } from 'node:http';
import type { Duplex, DuplexOptions } from 'node:stream';
import { CLOSE_CODE, CLOSE_REASON_BYTES_MAX, isSendableCloseCode } from '../core/close-code.ts';
import type { CloseEvent as EngineCloseEvent } from '../core/connection-state.ts';
import { DEFLATE_NAME } from '../core/deflate-offer.ts';
import { beginReading, type Connection, type ConnectionHandlers } from '../net/connection.ts';
import type { SocketPump } from '../net/socket-pump.ts';
import { ClientHandshake, type HandshakeOutcome } from './client-handshake.ts';
import { ProtocolError } from './errors.ts';
import {
  EventListeners,
  type EventType,
  type Listener,
  type WebSocketEventMap,
  type WebSocketEvents,
} from './events.ts';
import type { Adoption } from './handshake-socket.ts';
import { type ClientOptions, PONGS_PENDING_MAX, readArguments, type SocketOptions } from './options.ts';
import { Outgoing, type SendCallback, type SendOptions } from './outgoing.ts';
import {
  BINARY_TYPES,
  type BinaryType,
  byteLength,
  type Data,
  EMPTY,
  toPayload,
  toRawData,
} from './payload.ts';
import {
  CLOSED,
  CLOSING,
  CONNECTING,
  describeAsBrowsersDo,
  OPEN,
  type ReadyState,
  STATE_NAMES,
} from './ready-state.ts';
import { Sender } from './sender.ts';
import { passPausingOn } from './socket-pausing.ts';

const CONTROL_BYTES_MAX = 125;

/** Gives a socket its connection. For the server and the client's handshake only. */
export let adopt: (websocket: WebSocket, adoption: Adoption) => void;

/** The `WebSocket` of the package `ws`: its methods are those of its documentation. */
export class WebSocket extends EventEmitter<WebSocketEvents> {
  static readonly CONNECTING = CONNECTING;
  static readonly OPEN = OPEN;
  static readonly CLOSING = CLOSING;
  static readonly CLOSED = CLOSED;
  // These are set by ws.ts, which knows them all.
  declare static WebSocket: typeof WebSocket;
  declare static Server: typeof import('./websocket-server.ts').WebSocketServer;
  declare static WebSocketServer: typeof import('./websocket-server.ts').WebSocketServer;
  declare static Sender: typeof Sender;
  declare static createWebSocketStream: (websocket: WebSocket, options?: DuplexOptions) => Duplex;

  declare readonly CONNECTING: typeof CONNECTING;
  declare readonly OPEN: typeof OPEN;
  declare readonly CLOSING: typeof CLOSING;
  declare readonly CLOSED: typeof CLOSED;

  /** The stream underneath, as programs written for ws expect to find it. */
  _socket: Duplex | null = null;

  readonly #options: SocketOptions;
  #connection: Connection | undefined;
  #outgoing: Outgoing | undefined;
  #pump: SocketPump | undefined;
  #handshake: ClientHandshake | undefined;
  /** Counts while there is no connection, and once its end has been told. */
  #readyState: ReadyState = CONNECTING;
  #binaryType: BinaryType = 'nodebuffer';
  #isPaused = false;
  #hasFailed = false;
  #pendingPongs = 0;
  #unsentBytes = 0;
  #sender: Sender | undefined;
  #listeners: EventListeners | undefined;
  readonly #end = { wasClean: false };

  static {
    adopt = (websocket, adoption) => websocket.#adopt(adoption);
    describeAsBrowsersDo(WebSocket);
  }

  /** Connects to a ws:, wss:, http:, https: or ws+unix: address; `null` makes a socket for a server. */
  constructor(
    address: string | URL | null,
    protocols?: string | readonly string[] | ClientOptions,
    options?: ClientOptions,
  ) {
    super();
    const { names, given } = readArguments(protocols, options);
    this.#options = given;
    if (address === null) return;
    this.#handshake = new ClientHandshake(this, address, names, given);
    this.#handshake.start((outcome) => this.#handshakeEnded(outcome));
  }

  get readyState(): ReadyState {
    const connection = this.#connection;
    if (connection === undefined || this.#readyState === CLOSED) return this.#readyState;
    return connection.state === 'open' ? OPEN : CLOSING;
  }

  /** Bytes given to `send` that are not yet with the kernel. */
  get bufferedAmount(): number {
    return (this.#outgoing?.bufferedBytes ?? 0) + this.#unsentBytes;
  }

  get extensions(): string {
    return this.#connection?.compression === undefined ? '' : DEFLATE_NAME;
  }

  /** The request of a client whose handshake is under way; programs written for ws look for it under this name. */
  get _req(): ClientRequest | null {
    return this.#handshake?.request ?? null;
  }

  get _redirects(): number {
    return this.#handshake?.redirects ?? 0;
  }

  /** Sends frames that were encoded elsewhere; Engine.IO looks for it under this name. */
  get _sender(): Sender {
    this.#sender ??= new Sender(() => this.#connection);
    return this.#sender;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  get protocol(): string {
    return this.#connection?.subprotocol ?? '';
  }

  /** Where a client connects to; '' on a server. */
  get url(): string {
    return this.#handshake?.url ?? '';
  }

  get binaryType(): BinaryType {
    return this.#binaryType;
  }

  set binaryType(type: BinaryType) {
    if (BINARY_TYPES.includes(type)) this.#binaryType = type;
  }

  /** Sends a message, or with `fin: false` a part of one. The callback comes when it is with the kernel. */
  send(data: Data, callback?: SendCallback): void;
  send(data: Data, options?: SendOptions, callback?: SendCallback): void;
  send(data: Data, options?: SendOptions | SendCallback, callback?: SendCallback): void {
    const done = typeof options === 'function' ? options : callback;
    const how = typeof options === 'function' ? undefined : options;
    if (this.#connection?.state !== 'open') this.#sendTooLate(data, done);
    else if (how === undefined && typeof data === 'string') this.#outgoing?.message(data, done);
    else if (data instanceof Blob) this.#outgoing?.send(data, how ?? {}, done);
    else if (how === undefined) this.#outgoing?.message(toPayload(data), done);
    else this.#outgoing?.send(toPayload(data), how, done);
  }

  ping(data?: Data, mask?: boolean | SendCallback, callback?: SendCallback): void;
  ping(callback: SendCallback): void;
  ping(data?: Data | SendCallback, mask?: boolean | SendCallback, callback?: SendCallback): void {
    this.#control('ping', data, typeof mask === 'function' ? mask : callback);
  }

  pong(data?: Data, mask?: boolean | SendCallback, callback?: SendCallback): void;
  pong(callback: SendCallback): void;
  pong(data?: Data | SendCallback, mask?: boolean | SendCallback, callback?: SendCallback): void {
    this.#control('pong', data, typeof mask === 'function' ? mask : callback);
  }

  /** Starts the closing handshake. Without a code the other side tells 1005. */
  close(code?: number, reason?: string | Buffer): void {
    if (this.readyState === CLOSED) return;
    if (this.#connection === undefined) {
      this.#giveUp();
      return;
    }
    const connection = this.#connection;
    if (connection.state !== 'open') return;
    if (code !== undefined && !isSendableCloseCode(code))
      throw new TypeError('First argument must be a valid error code number');
    const text = reason?.toString() ?? '';
    if (Buffer.byteLength(text) > CLOSE_REASON_BYTES_MAX) {
      throw new RangeError(`The message must not be greater than ${CLOSE_REASON_BYTES_MAX} bytes`);
    }
    this.#outgoing?.inTurn(() => {
      connection.close(code ?? 'none', text);
      // Nothing comes after it that it could leave together with.
      this.#pump?.flush();
    });
  }

  /** Cuts the connection at once; what was sent before may still arrive. */
  terminate(): void {
    if (this.readyState === CLOSED) return;
    if (this.#connection === undefined) {
      this.#giveUp();
      return;
    }
    this.#pump?.flush();
    this.#connection.terminate();
  }

  /** Delivers nothing more and lets TCP slow the other side down. */
  pause(): void {
    if (this.readyState === CONNECTING || this.readyState === CLOSED) return;
    this.#isPaused = true;
    this.#connection?.pause();
  }

  resume(): void {
    if (this.readyState === CONNECTING || this.readyState === CLOSED) return;
    this.#isPaused = false;
    this.#connection?.resume();
    this.#pump?.resume();
  }

  addEventListener<K extends EventType>(
    type: K,
    listener: Listener<WebSocketEventMap[K]>,
    options: { readonly once?: boolean | undefined } = {},
  ): void {
    this.#eventListeners().add(type, listener, options.once === true);
  }

  removeEventListener<K extends EventType>(type: K, listener: Listener<WebSocketEventMap[K]>): void {
    this.#listeners?.remove(type, listener);
  }

  get onopen(): Listener<WebSocketEventMap['open']> | null {
    return this.#listeners?.property('open') ?? null;
  }

  set onopen(listener: Listener<WebSocketEventMap['open']> | null) {
    this.#eventListeners().setProperty('open', listener);
  }

  get onmessage(): Listener<WebSocketEventMap['message']> | null {
    return this.#listeners?.property('message') ?? null;
  }

  set onmessage(listener: Listener<WebSocketEventMap['message']> | null) {
    this.#eventListeners().setProperty('message', listener);
  }

  get onclose(): Listener<WebSocketEventMap['close']> | null {
    return this.#listeners?.property('close') ?? null;
  }

  set onclose(listener: Listener<WebSocketEventMap['close']> | null) {
    this.#eventListeners().setProperty('close', listener);
  }

  get onerror(): Listener<WebSocketEventMap['error']> | null {
    return this.#listeners?.property('error') ?? null;
  }

  set onerror(listener: Listener<WebSocketEventMap['error']> | null) {
    this.#eventListeners().setProperty('error', listener);
  }

  #eventListeners(): EventListeners {
    this.#listeners ??= new EventListeners(this, this.#end);
    return this.#listeners;
  }

  #adopt({ connection, pump, socket }: Adoption): void {
    this.#connection = connection;
    this.#outgoing = new Outgoing(connection, (cause) => this.#blobFailed(cause));
    this.#pump = pump;
    this._socket = socket;
    passPausingOn(socket, this);
    connection.handle(this.#handlers());
    this.emit('open');
    // Listeners that are set a few promises later still get what has come along with the handshake.
    setImmediate(() => beginReading(connection));
  }

  #handlers(): ConnectionHandlers {
    return {
      message: (message) => {
        this.#oncePerTurn();
        this.emit('message', toRawData(message, this.#binaryType), message.kind === 'binary');
      },
      ping: (payload) => {
        this.#oncePerTurn();
        if (this.#options.autoPong !== false) this.#answerPing(payload);
        this.emit('ping', payload);
      },
      pong: (payload) => {
        this.#oncePerTurn();
        this.emit('pong', payload);
      },
      // A listener that threw is told of as an uncaught exception, like every listener's error.
      failed: (error) => error.code !== 'handler-failed' && this.#fail(new ProtocolError(error)),
      close: (event) => this.#closed(event),
    };
  }

  #closed({ code, reason, wasClean, error }: EngineCloseEvent): void {
    this.#readyState = CLOSED;
    this.#end.wasClean = wasClean;
    // The code of our own Close frame is for the other side; here `error` told of it, and 1006 is what came back.
    if (error === undefined) this.emit('close', code, reason === '' ? EMPTY : Buffer.from(reason));
    else this.emit('close', CLOSE_CODE.lost, EMPTY);
  }

  #fail(error: Error): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    this.emit('error', error);
  }

  /** Who pings faster than the pongs can leave is cut off. */
  #answerPing(payload: Buffer): void {
    const { maxPendingAutoPongs = PONGS_PENDING_MAX } = this.#options;
    if (maxPendingAutoPongs > 0 && this.#pendingPongs >= maxPendingAutoPongs) {
      this.terminate();
      return;
    }
    this.#pendingPongs += 1;
    this.#outgoing?.control('pong', payload, this.#pongSent);
  }

  readonly #pongSent = (): void => {
    this.#pendingPongs -= 1;
  };

  /** With `allowSynchronousEvents: false` the next event waits for the next turn of the event loop. */
  #oncePerTurn(): void {
    if (this.#options.allowSynchronousEvents !== false) return;
    this.#connection?.pause();
    setImmediate(() => {
      if (!this.#isPaused) this.#connection?.resume();
    });
  }

  #handshakeEnded(outcome: HandshakeOutcome): void {
    if (outcome.type === 'open') {
      this.#adopt(outcome.adoption);
      return;
    }
    this.#readyState = CLOSING;
    // Who has just learned of the answer, or has just given up, may still set listeners.
    process.nextTick(() => {
      try {
        this.emit('error', outcome.error);
      } finally {
        this.#readyState = CLOSED;
        this.emit('close', CLOSE_CODE.lost, EMPTY);
      }
    });
  }

  #giveUp(): void {
    this.#readyState = CLOSING;
    this.#handshake?.abort(new Error('WebSocket was closed before the connection was established'));
  }

  #sendTooLate(data: Data, done: SendCallback | undefined): void {
    const state = this.readyState;
    const error = new Error(`WebSocket is not open: readyState ${state} (${STATE_NAMES[state]})`);
    if (state === CONNECTING) throw error;
    this.#unsentBytes += byteLength(data instanceof Blob ? data : toPayload(data));
    if (done !== undefined) process.nextTick(done, error);
  }

  #control(type: 'ping' | 'pong', data: Data | SendCallback, callback: SendCallback | undefined): void {
    const done = typeof data === 'function' ? data : callback;
    const content = typeof data === 'function' ? '' : data;
    if (this.#connection?.state !== 'open') {
      this.#sendTooLate(content, done);
      return;
    }
    const payload = content instanceof Blob ? content : toPayload(content);
    if (byteLength(payload) > CONTROL_BYTES_MAX) {
      throw new RangeError(`The data size must not be greater than ${CONTROL_BYTES_MAX} bytes`);
    }
    this.#outgoing?.control(type, payload, done);
  }

  /** The rest can never come in order. */
  #blobFailed(cause: unknown): void {
    if (this.readyState === CLOSED) return;
    this.#fail(cause instanceof Error ? cause : new Error('The blob could not be read', { cause }));
    this.terminate();
  }
}
