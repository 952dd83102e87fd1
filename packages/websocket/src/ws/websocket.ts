// The WebSocket of the ws API: an emitter with a browser's face, on a Connection of the engine. Made by the program (then
// client-handshake.ts brings the connection) or by the server (which brings it by `adopt`).
import { EventEmitter } from 'node:events';
import type { Duplex, DuplexOptions } from 'node:stream';
import { CLOSE_CODE, CLOSE_REASON_BYTES_MAX, isSendableCloseCode } from '../core/close-code.ts';
import type { CloseEvent as EngineCloseEvent } from '../core/connection-state.ts';
import { beginReading, type Connection, type ConnectionHandlers } from '../net/connection.ts';
import { ClientHandshake, type HandshakeOutcome } from './client-handshake.ts';
import { ProtocolError } from './errors.ts';
import {
  EventListeners,
  type EventType,
  type Listener,
  type WebSocketEventMap,
  type WebSocketEvents,
} from './events.ts';
import type { ClientOptions, SocketOptions } from './options.ts';
import {
  BINARY_TYPES,
  type BinaryType,
  byteLength,
  type Data,
  type Payload,
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
import { SendQueue } from './send-queue.ts';
import { type SendCallback, Sender } from './sender.ts';

const CONNECTION_STATES = { open: OPEN, closing: CLOSING, closed: CLOSED } as const;

export interface SendOptions {
  /** Whether it travels as binary. Default: a string does not, everything else does. */
  readonly binary?: boolean | undefined;
  /** Whether it ends the message. Default: it does. */
  readonly fin?: boolean | undefined;
  /** Taken and ignored: no extension is agreed on. */
  readonly compress?: boolean | undefined;
  /** Taken and ignored: a client always masks, a server never does. */
  readonly mask?: boolean | undefined;
}

/** A handshake that is through, from either side. */
export interface Adoption {
  readonly connection: Connection;
  readonly socket: Duplex;
}

/** Gives a socket its connection. For the server and the client's handshake only. */
export let adopt: (websocket: WebSocket, adoption: Adoption) => void;

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
  #handshake: ClientHandshake | undefined;
  /** Counts while there is no connection. */
  #readyState: ReadyState = CONNECTING;
  #binaryType: BinaryType = 'nodebuffer';
  #isPaused = false;
  #isInsideSentMessage = false;
  #unsentBytes = 0;
  readonly #queue = new SendQueue();
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
    const isList = typeof protocols === 'string' || isStrings(protocols);
    const given = isList || protocols === undefined || protocols === null ? options : protocols;
    this.#options = given ?? {};
    if (address === null) return;
    const names = isList ? (typeof protocols === 'string' ? [protocols] : protocols) : [];
    this.#handshake = new ClientHandshake(this, address, names, given ?? {});
    this.#handshake.start((outcome) => this.#handshakeEnded(outcome));
  }

  get readyState(): ReadyState {
    return this.#connection === undefined ? this.#readyState : CONNECTION_STATES[this.#connection.state];
  }

  /** Bytes given to `send` that are not yet with the kernel. */
  get bufferedAmount(): number {
    return (this.#connection?.bufferedBytes ?? 0) + this.#unsentBytes;
  }

  /** No extension is ever agreed on. */
  get extensions(): string {
    return '';
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
    const how = typeof options === 'object' ? options : {};
    this.#assertBegun();
    const payload = data instanceof Blob ? data : toPayload(data);
    if (this.readyState !== OPEN) this.#sendTooLate(byteLength(payload), done);
    else if (payload instanceof Blob) this.#sendBlob(payload, how, done);
    else this.#queue.inTurn(() => this.#sendNow(payload, how, done));
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

  /** Starts the closing handshake. Without a code the Close frame is empty, and the other side tells 1005. */
  close(code?: number, reason?: string | Buffer): void {
    if (this.readyState === CLOSED) return;
    if (this.#connection === undefined) {
      this.#giveUp();
      return;
    }
    if (code !== undefined && !isSendableCloseCode(code))
      throw new TypeError(`${code} is no close code to send`);
    const text = reason?.toString() ?? '';
    if (Buffer.byteLength(text) > CLOSE_REASON_BYTES_MAX) {
      throw new RangeError(`a close reason has ${CLOSE_REASON_BYTES_MAX} bytes at most`);
    }
    const connection = this.#connection;
    this.#queue.inTurn(() => connection.close(code ?? 'none', text));
  }

  /** Cuts the connection at once. */
  terminate(): void {
    if (this.readyState === CLOSED) return;
    if (this.#connection === undefined) this.#giveUp();
    else this.#connection.terminate();
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

  #adopt({ connection, socket }: Adoption): void {
    this.#connection = connection;
    this._socket = socket;
    connection.handle(this.#handlers());
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
        this.emit('ping', payload);
      },
      pong: (payload) => {
        this.#oncePerTurn();
        this.emit('pong', payload);
      },
      // A listener that threw is told of as an uncaught exception, like every listener's error.
      failed: (error) => error.code !== 'handler-failed' && this.emit('error', new ProtocolError(error)),
      close: (event) => this.#closed(event),
    };
  }

  #closed({ code, reason, wasClean, error }: EngineCloseEvent): void {
    this.#isPaused = false;
    this.#end.wasClean = wasClean;
    // The code of our own Close frame is for the other side; here `error` told of it, and 1006 is what came back.
    if (error === undefined) this.emit('close', code, Buffer.from(reason));
    else this.emit('close', CLOSE_CODE.lost, Buffer.alloc(0));
  }

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
      this.emit('open');
      return;
    }
    this.#readyState = CLOSING;
    try {
      this.emit('error', outcome.error);
    } finally {
      this.#readyState = CLOSED;
      this.emit('close', CLOSE_CODE.lost, Buffer.alloc(0));
    }
  }

  #giveUp(): void {
    this.#readyState = CLOSING;
    this.#handshake?.abort(new Error('WebSocket was closed before the connection was established'));
  }

  #assertBegun(): void {
    if (this.readyState === CONNECTING) throw new Error('WebSocket is not open: readyState 0 (CONNECTING)');
  }

  #sendTooLate(size: number, done: SendCallback | undefined): void {
    this.#unsentBytes += size;
    if (done === undefined) return;
    const state = this.readyState;
    process.nextTick(done, new Error(`WebSocket is not open: readyState ${state} (${STATE_NAMES[state]})`));
  }

  #sendNow(payload: Payload, { binary, fin = true }: SendOptions, done: SendCallback | undefined): void {
    const connection = this.#connection;
    if (connection?.state !== 'open') {
      this.#sendTooLate(byteLength(payload), done);
      return;
    }
    const isBinary = typeof payload !== 'string';
    const isPlain = fin && !this.#isInsideSentMessage && (binary ?? isBinary) === isBinary;
    if (isPlain) connection.send(payload);
    else connection.sendPart(payload, { kind: (binary ?? isBinary) ? 'binary' : 'text', isLast: fin });
    this.#isInsideSentMessage = !fin;
    if (done !== undefined) connection.whenFlushed(done);
  }

  #control(type: 'ping' | 'pong', data: Data | SendCallback, callback: SendCallback | undefined): void {
    const done = typeof data === 'function' ? data : callback;
    const content = typeof data === 'function' || data instanceof Blob ? '' : data;
    this.#assertBegun();
    const payload = toPayload(content);
    if (this.readyState !== OPEN) {
      this.#sendTooLate(byteLength(payload), done);
      return;
    }
    if (byteLength(payload) > 125) throw new RangeError(`a ${type} carries 125 bytes at most`);
    this.#queue.inTurn(() => {
      this.#connection?.[type](payload);
      if (done !== undefined) this.#connection?.whenFlushed(done);
    });
  }

  #sendBlob(blob: Blob, options: SendOptions, done: SendCallback | undefined): void {
    this.#queue.read(
      blob,
      (bytes) => this.#sendNow(bytes, options, done),
      (cause) => this.#blobFailed(cause, done),
    );
  }

  #blobFailed(cause: unknown, done: SendCallback | undefined): void {
    const error = new Error('The blob could not be read.', { cause });
    done?.(error);
    this.emit('error', error);
    this.terminate();
  }
}

function isStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value);
}
