// Listeners as a browser has them, on an emitter: addEventListener, removeEventListener and the on… properties. The events
// are plain values; nothing bubbles and nothing can be cancelled.
import type { EventEmitter } from 'node:events';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { type RawData, textOf } from './payload.ts';
import type { WebSocket } from './websocket.ts';

/** What a WebSocket emits, with the arguments of its listeners. */
export interface WebSocketEvents {
  open: [];
  message: [data: RawData, isBinary: boolean];
  close: [code: number, reason: Buffer];
  error: [error: Error];
  ping: [data: Buffer];
  pong: [data: Buffer];
  upgrade: [response: IncomingMessage];
  redirect: [url: string, request: ClientRequest];
  'unexpected-response': [request: ClientRequest, response: IncomingMessage];
}

/** What listeners added as in a browser get; nothing bubbles and nothing can be cancelled. */
export class Event<Type extends string = string> {
  readonly type: Type;
  readonly target: WebSocket;

  constructor(type: Type, target: WebSocket) {
    this.type = type;
    this.target = target;
  }
}

/** The event of a message. */
export class MessageEvent extends Event<'message'> {
  /** Text as a string; bytes in the form that `binaryType` names. */
  readonly data: string | RawData;

  constructor(target: WebSocket, data: string | RawData) {
    super('message', target);
    this.data = data;
  }
}

/** The event of the end: the other side's code and reason. */
export class CloseEvent extends Event<'close'> {
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;

  constructor(target: WebSocket, end: Pick<CloseEvent, 'code' | 'reason' | 'wasClean'>) {
    super('close', target);
    this.code = end.code;
    this.reason = end.reason;
    this.wasClean = end.wasClean;
  }
}

/** The event of a failure; `close` follows. */
export class ErrorEvent extends Event<'error'> {
  readonly error: Error;
  readonly message: string;

  constructor(target: WebSocket, error: Error) {
    super('error', target);
    this.error = error;
    this.message = error.message;
  }
}

/** The events of listeners added as in a browser, by name. */
export interface WebSocketEventMap {
  open: Event<'open'>;
  message: MessageEvent;
  close: CloseEvent;
  error: ErrorEvent;
}

export type EventType = keyof WebSocketEventMap;
type AnyEvent = WebSocketEventMap[EventType];

/** A listener as a browser takes it: a function, or an object with `handleEvent`. */
export type Listener<E> = { call(event: E): void }['call'] | { handleEvent(event: E): void };

type Attached = (...args: unknown[]) => void;

interface Registered {
  readonly listener: Listener<AnyEvent>;
  /** What the emitter calls; it may have been taken from there by `removeAllListeners`. */
  readonly attached: Attached;
}

/** What the socket tells about its end beyond what the `close` event of an emitter says. */
export interface EndInfo {
  readonly wasClean: boolean;
}

export class EventListeners {
  readonly #target: WebSocket;
  readonly #end: EndInfo;
  readonly #listeners: Record<EventType, Registered[]> = { open: [], message: [], close: [], error: [] };
  readonly #properties: Partial<Record<EventType, Registered>> = {};

  constructor(target: WebSocket, end: EndInfo) {
    this.#target = target;
    this.#end = end;
  }

  /** Adds a listener, unless it is there already. Types that a WebSocket does not have are left alone. */
  add(type: string, listener: Listener<AnyEvent>, isOnce: boolean): void {
    if (!isEventType(type)) return;
    const listeners = this.#listeners[type].filter((registered) => this.#isThere(type, registered));
    this.#listeners[type] = listeners;
    if (listeners.some((registered) => registered.listener === listener)) return;
    const attached = this.#attach(type, (event) => {
      if (isOnce) this.remove(type, listener);
      callListener(listener, this.#target, event);
    });
    listeners.push({ listener, attached });
  }

  remove(type: string, listener: Listener<AnyEvent>): void {
    if (!isEventType(type)) return;
    const listeners = this.#listeners[type];
    const index = listeners.findIndex((registered) => registered.listener === listener);
    for (const { attached } of index < 0 ? [] : listeners.splice(index, 1)) off(this.#target, type, attached);
  }

  /** The listener of `onopen` and its kind. */
  property(type: EventType): Listener<AnyEvent> | null {
    const registered = this.#properties[type];
    return registered !== undefined && this.#isThere(type, registered) ? registered.listener : null;
  }

  setProperty(type: EventType, listener: unknown): void {
    const before = this.#properties[type];
    if (before !== undefined) off(this.#target, type, before.attached);
    delete this.#properties[type];
    if (!isListener(listener)) return;
    const attached = this.#attach(type, (event) => callListener(listener, this.#target, event));
    this.#properties[type] = { listener, attached };
  }

  #isThere(type: EventType, { attached }: Registered): boolean {
    const listeners: readonly unknown[] = this.#target.listeners(type);
    return listeners.includes(attached);
  }

  #attach(type: EventType, call: (event: AnyEvent) => void): Attached {
    const target = this.#target;
    switch (type) {
      case 'open':
        return on(target, 'open', () => call(new Event('open', target)));
      case 'message':
        return on(target, 'message', (data, isBinary) =>
          call(new MessageEvent(target, isBinary ? data : textOf(data))),
        );
      case 'close':
        return on(target, 'close', (code, reason) =>
          call(new CloseEvent(target, { code, reason: reason.toString(), wasClean: this.#end.wasClean })),
        );
      case 'error':
        return on(target, 'error', (error) => call(new ErrorEvent(target, error)));
    }
  }
}

function on<K extends keyof WebSocketEvents>(
  target: EventEmitter<WebSocketEvents>,
  type: K,
  listener: (...args: WebSocketEvents[K]) => void,
): Attached {
  const emitter: EventEmitter = target as EventEmitter;
  const attached = listener as Attached;
  emitter.on(type, attached);
  return attached;
}

function off(target: EventEmitter<WebSocketEvents>, type: EventType, attached: Attached): void {
  const emitter: EventEmitter = target as EventEmitter;
  emitter.off(type, attached);
}

function isEventType(type: string): type is EventType {
  return type === 'open' || type === 'message' || type === 'close' || type === 'error';
}

function isListener(value: unknown): value is Listener<AnyEvent> {
  return (
    typeof value === 'function' || (typeof value === 'object' && value !== null && 'handleEvent' in value)
  );
}

function callListener(listener: Listener<AnyEvent>, target: WebSocket, event: AnyEvent): void {
  if (typeof listener === 'function') listener.call(target as never, event as never);
  else listener.handleEvent(event);
}
