// The class WebSocket as websockets.spec.whatwg.org has it, on a Connection of the engine: states, attributes and events.
// How a connection comes about is net/client.ts; what is sent goes through outgoing.ts.
import { CLOSE_CODE, CLOSE_REASON_BYTES_MAX } from '../core/close-code.ts';
import type { CloseEvent as EngineCloseEvent } from '../core/connection-state.ts';
import type { DeflateAgreement } from '../core/deflate-offer.ts';
import { type ExtensionParameter, writeExtension } from '../core/extension-header.ts';
import type { Message } from '../core/message.ts';
import { WireError } from '../core/wire-error.ts';
import { type ConnectOptions, connect } from '../net/client.ts';
import type { Connection } from '../net/connection.ts';
import { type Address, readAddress, readProtocols, syntaxError } from './address.ts';
import { CloseEvent } from './close-event.ts';
import { type HandlerAttribute, HandlerAttributes } from './handler-attributes.ts';
import { Outgoing, type SendData, toSendData } from './outgoing.ts';
import { CLOSED, CLOSING, CONNECTING, describeAsBrowsersDo, OPEN, type ReadyState } from './ready-state.ts';

/** As what binary messages come. */
export type BinaryType = 'blob' | 'arraybuffer';

/** The events by name. */
export interface WebSocketEventMap {
  open: Event;
  message: MessageEvent;
  error: Event;
  close: CloseEvent;
}

/** What Node programs may say beyond the standard: a third argument of the constructor. */
export type WebSocketOptions = Omit<ConnectOptions, 'subprotocols' | 'signal'>;

/** What an EventTarget has, and before it the events that are known. */
type Typed<Listen> = (<Type extends keyof WebSocketEventMap>(
  type: Type,
  listener: (this: WebSocket, event: WebSocketEventMap[Type]) => unknown,
  options?: boolean | { readonly capture?: boolean; readonly once?: boolean; readonly signal?: AbortSignal },
) => void) &
  Listen;

// A program written for browsers knows no limits: it cannot learn that there is room again, and expects large messages.
const LIMITS = { messageBytesMax: 128 * 1024 * 1024, bufferedBytesMax: 256 * 1024 * 1024 };

/**
 * Why a WebSocket failed; undefined while it has not. Events do not tell, by the standard: pages must not learn about
 * other people's networks. For programs, there is this.
 */
export let failureOf: (websocket: WebSocket) => Error | undefined;

/** The class `WebSocket` of websockets.spec.whatwg.org, for programs that also run in browsers. */
export class WebSocket extends EventTarget {
  declare static readonly CONNECTING: typeof CONNECTING;
  declare static readonly OPEN: typeof OPEN;
  declare static readonly CLOSING: typeof CLOSING;
  declare static readonly CLOSED: typeof CLOSED;
  declare readonly CONNECTING: typeof CONNECTING;
  declare readonly OPEN: typeof OPEN;
  declare readonly CLOSING: typeof CLOSING;
  declare readonly CLOSED: typeof CLOSED;
  /** Adds a listener, as every EventTarget does. */
  declare addEventListener: Typed<EventTarget['addEventListener']>;
  /** Removes it again. */
  declare removeEventListener: Typed<EventTarget['removeEventListener']>;

  readonly #address: Address;
  readonly #protocols: readonly string[];
  readonly #attempt = new AbortController();
  readonly #attributes = new HandlerAttributes(this);
  readonly #outgoing = new Outgoing((cause) => this.#blobFailed(cause));
  #readyState: ReadyState = CONNECTING;
  #binaryType: BinaryType = 'blob';
  #connection: Connection | undefined;
  #failure: Error | undefined;

  static {
    failureOf = (websocket) => websocket.#failure;
    describeAsBrowsersDo(WebSocket);
  }

  /** Connects at once. Throws a DOMException for a URL or a subprotocol that cannot be. */
  constructor(url: string | URL, protocols: string | readonly string[] = [], options: WebSocketOptions = {}) {
    super();
    // biome-ignore lint/complexity/noArguments: a missing argument and an undefined one differ in Web IDL
    if (arguments.length === 0) throw new TypeError('WebSocket needs a URL');
    this.#address = readAddress(`${url}`);
    this.#protocols = readProtocols(protocols);
    connect(this.#address.target, this.#connectOptions(options)).then(
      (connection) => this.#connected(connection),
      (error: unknown) => this.#neverOpened(error),
    );
  }

  /** The URL as it was understood, serialised. */
  get url(): string {
    return this.#address.href;
  }

  /** Where the connection stands. */
  get readyState(): ReadyState {
    const hasLeftOpen = this.#readyState === OPEN && this.#connection?.state !== 'open';
    return hasLeftOpen ? CLOSING : this.#readyState;
  }

  /** Bytes given to `send` that have not left; also those that never will. */
  get bufferedAmount(): number {
    return this.#outgoing.bufferedBytes;
  }

  /** The extension in use with the parameters that hold; '' for none. */
  get extensions(): string {
    const agreement = this.#connection?.compression;
    return agreement === undefined ? '' : describe(agreement);
  }

  /** The subprotocol that was agreed on, '' for none. */
  get protocol(): string {
    return this.#connection?.subprotocol ?? '';
  }

  /** As what binary messages come; a Blob unless set otherwise. */
  get binaryType(): BinaryType {
    return this.#binaryType;
  }

  /** Anything else is passed over, as for every enumeration of Web IDL. */
  set binaryType(type: BinaryType) {
    if (type === 'blob' || type === 'arraybuffer') this.#binaryType = type;
  }

  /** Sends a message: strings as text, everything else as binary. Once closing, it is dropped without a word. */
  send(data: SendData): void {
    // biome-ignore lint/complexity/noArguments: a missing argument and an undefined one differ in Web IDL
    if (arguments.length === 0) throw new TypeError('send needs an argument');
    const content = toSendData(data);
    const { readyState } = this;
    if (readyState === CONNECTING) throw new DOMException('not yet connected', 'InvalidStateError');
    this.#outgoing.send(content, readyState !== OPEN);
  }

  /** Starts the closing handshake; while connecting, gives the attempt up. */
  close(...[code, reason]: [code?: number, reason?: string]): void {
    const status = code === undefined ? undefined : toUnsignedShort(code);
    const text = reason === undefined ? '' : `${reason}`;
    if (status !== undefined && status !== 1000 && !(status >= 3000 && status <= 4999))
      throw new DOMException(`close code ${status} may not be chosen`, 'InvalidAccessError');
    if (Buffer.byteLength(text) > CLOSE_REASON_BYTES_MAX)
      throw syntaxError(`a close reason has ${CLOSE_REASON_BYTES_MAX} bytes at most`);
    const { readyState } = this;
    if (readyState === CLOSING || readyState === CLOSED) return;
    this.#readyState = CLOSING;
    if (readyState === CONNECTING) this.#attempt.abort();
    else this.#outgoing.close(status ?? (text === '' ? 'none' : CLOSE_CODE.normal), text);
  }

  /** The listener in this attribute, or null. The handshake is through. */
  get onopen(): HandlerAttribute<WebSocket, Event> {
    return this.#attributes.get('open') as HandlerAttribute<WebSocket, Event>;
  }

  /** `null` removes the listener. */
  set onopen(handler: HandlerAttribute<WebSocket, Event>) {
    this.#attributes.set('open', handler);
  }

  /** The listener in this attribute, or null. It failed; `close` follows. `failureOf` tells why. */
  get onerror(): HandlerAttribute<WebSocket, Event> {
    return this.#attributes.get('error') as HandlerAttribute<WebSocket, Event>;
  }

  /** `null` removes the listener. */
  set onerror(handler: HandlerAttribute<WebSocket, Event>) {
    this.#attributes.set('error', handler);
  }

  /** The listener in this attribute, or null. It is over. */
  get onclose(): HandlerAttribute<WebSocket, CloseEvent> {
    return this.#attributes.get('close') as HandlerAttribute<WebSocket, CloseEvent>;
  }

  /** `null` removes the listener. */
  set onclose(handler: HandlerAttribute<WebSocket, CloseEvent>) {
    this.#attributes.set('close', handler);
  }

  /** The listener in this attribute, or null. A message came. */
  get onmessage(): HandlerAttribute<WebSocket, MessageEvent> {
    return this.#attributes.get('message') as HandlerAttribute<WebSocket, MessageEvent>;
  }

  /** `null` removes the listener. */
  set onmessage(handler: HandlerAttribute<WebSocket, MessageEvent>) {
    this.#attributes.set('message', handler);
  }

  /** Compression is offered as browsers do, unless the options say otherwise. */
  #connectOptions(options: WebSocketOptions): ConnectOptions {
    const { authorization } = this.#address;
    const { headers = {}, limits } = options;
    const isSaid = Object.keys(headers).some((name) => name.toLowerCase() === 'authorization');
    return {
      perMessageDeflate: true,
      ...options,
      limits: { ...LIMITS, ...limits },
      headers: authorization === undefined || isSaid ? headers : { ...headers, Authorization: authorization },
      subprotocols: this.#protocols,
      signal: this.#attempt.signal,
    };
  }

  #connected(connection: Connection): void {
    // Closed by the program between the handshake's end and this call.
    if (this.#readyState !== CONNECTING) {
      connection.terminate();
      this.#neverOpened(new WireError('connect-aborted'));
      return;
    }
    // The standard, in "establish a WebSocket connection", is stricter here than RFC 6455.
    if (this.#protocols.length > 0 && connection.subprotocol === '') {
      connection.terminate();
      this.#neverOpened(new WireError('response-invalid', 'The server chose none of the subprotocols.'));
      return;
    }
    this.#connection = connection;
    this.#outgoing.open(connection);
    connection.handle({
      message: (message) => this.#received(message),
      close: (event) => this.#closed(event),
    });
    this.#readyState = OPEN;
    this.dispatchEvent(new Event('open'));
  }

  #neverOpened(error: unknown): void {
    const failure = error instanceof Error ? error : new Error(String(error));
    this.#end({ wasClean: false, code: CLOSE_CODE.lost, reason: '' }, failure);
    // What is wrong with the options is a mistake of the program, and no news of the network.
    if (!(failure instanceof WireError)) throw failure;
  }

  #received(message: Message): void {
    if (this.readyState !== OPEN) return;
    const { origin } = this.#address;
    this.dispatchEvent(new MessageEvent('message', { data: this.#dataOf(message), origin }));
  }

  #dataOf(message: Message): string | Blob | ArrayBuffer {
    if (message.kind === 'text') return message.text();
    const buffer = arrayBufferOf(message.data);
    return this.#binaryType === 'blob' ? new Blob([buffer]) : buffer;
  }

  /** The code of our own Close frame is for the other side; without one of theirs it is 1006 here. */
  #closed({ code, reason, wasClean, error }: EngineCloseEvent): void {
    if (wasClean) this.#end({ wasClean, code, reason }, undefined);
    else this.#end({ wasClean, code: CLOSE_CODE.lost, reason: '' }, error);
  }

  #end(how: { wasClean: boolean; code: number; reason: string }, failure: Error | undefined): void {
    this.#readyState = CLOSED;
    this.#failure ??= failure;
    if (this.#failure !== undefined) this.dispatchEvent(new Event('error'));
    this.dispatchEvent(new CloseEvent('close', how));
  }

  #blobFailed(cause: unknown): void {
    this.#failure = new Error('A Blob could not be read.', { cause });
    this.#connection?.terminate();
  }
}

function describe(agreement: DeflateAgreement): string {
  const parameters: ExtensionParameter[] = [];
  const add = (name: string, value?: number): number =>
    parameters.push({ name, value: value === undefined ? undefined : String(value) });
  if (agreement.serverNoContextTakeover) add('server_no_context_takeover');
  if (agreement.clientNoContextTakeover) add('client_no_context_takeover');
  if (agreement.serverMaxWindowBits < 15) add('server_max_window_bits', agreement.serverMaxWindowBits);
  if (agreement.clientMaxWindowBits < 15) add('client_max_window_bits', agreement.clientMaxWindowBits);
  return writeExtension({ name: 'permessage-deflate', parameters });
}

/** Without a copy where the message is alone in its memory. */
function arrayBufferOf(data: Buffer): ArrayBuffer {
  const { buffer } = data;
  const isAlone = buffer instanceof ArrayBuffer && buffer.byteLength === data.byteLength;
  return isAlone ? buffer : new Uint8Array(data).buffer;
}

/** `[Clamp] unsigned short` of Web IDL: halves go to the even neighbour. */
function toUnsignedShort(value: unknown): number {
  const number = Math.min(Math.max(Number(value), 0), 0xffff);
  if (Number.isNaN(number)) return 0;
  const floor = Math.floor(number);
  const rest = number - floor;
  if (rest !== 0.5) return Math.round(number);
  return floor % 2 === 0 ? floor : floor + 1;
}
