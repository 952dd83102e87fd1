// Recording a Socket.IO connection: it consists of HTTP requests as long as it polls, and of one WebSocket after its upgrade.
// This finds the recording that each of them belongs to. Looks on only; socketio-gateway.ts brings the requests.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { gunzipSync, inflateSync } from 'node:zlib';
import type { PollRecord } from '@wireroom/capture';
import { type ConnectionTap, type LineFacts, lineFacts } from '@wireroom/websocket';
import type { ConnectionRecording } from '../lib/stations.ts';
import { asksForRecording, explainExtensions } from './admission.ts';

/** What a gateway records of Socket.IO. */
export interface SocketIoRecorder extends ConnectionRecording, ConnectionTap {
  polled(poll: Omit<PollRecord, 'kind' | 'at'>): void;
  note(id: string, text: string): void;
}

export type BeginSocketIoRecording = (of: {
  readonly gateway: 'socketio';
  readonly line: LineFacts;
}) => SocketIoRecorder | undefined;

/** Text of a request's or an answer's body that is kept, in characters. What is secret in it the recorder hides. */
export const BODY_CHARACTERS_MAX = 32 * 1024;

export class SocketIoRecordings {
  readonly #begin: BeginSocketIoRecording;
  readonly #explain: (request: IncomingMessage, recording: ConnectionRecording) => void;
  /** Of connections that are there, by Engine.IO's session id. Each is taken out at the connection's end. */
  readonly #bySid = new Map<string, SocketIoRecorder>();
  readonly #connected = new WeakSet<SocketIoRecorder>();
  /** Of those, whose connection has moved to a WebSocket, or began on one. */
  readonly #upgraded = new WeakSet<SocketIoRecorder>();
  /** Those that a WebSocket has been opened for: a second one would mix its bytes with the first one's. */
  readonly #tapped = new WeakSet<SocketIoRecorder>();
  /** Of requests whose connection Engine.IO has not made yet. */
  readonly #byRequest = new WeakMap<IncomingMessage, SocketIoRecorder>();

  /** `explain` says which rules let the request in. */
  constructor(
    begin: BeginSocketIoRecording,
    explain: (request: IncomingMessage, recording: ConnectionRecording) => void,
  ) {
    this.#begin = begin;
    this.#explain = explain;
  }

  /** Engine.IO has made the connection of this request. */
  connected(sid: string, request: IncomingMessage): void {
    const recorder = this.#byRequest.get(request);
    if (recorder === undefined) return;
    this.#connected.add(recorder);
    this.#bySid.set(sid, recorder);
  }

  /** The connection polls no more. */
  upgraded(sid: string): void {
    const recorder = this.#bySid.get(sid);
    if (recorder !== undefined) this.#upgraded.add(recorder);
  }

  /** It is over. One that never got as far as a WebSocket has nobody else to say so. */
  closed(sid: string): void {
    const recorder = this.#bySid.get(sid);
    this.#bySid.delete(sid);
    recorder?.close?.(undefined);
  }

  of(sid: string): ConnectionRecording | undefined {
    return this.#bySid.get(sid);
  }

  /** A WebSocket is about to be accepted for this request. */
  tapFor(request: IncomingMessage, socket: Duplex): ConnectionTap | undefined {
    const recorder = this.#find(request, socket);
    if (recorder === undefined || this.#tapped.has(recorder)) return undefined;
    this.#tapped.add(recorder);
    if (this.#byRequest.has(request)) this.#upgraded.add(recorder);
    explainExtensions(undefinedOrOne(request.headers['sec-websocket-extensions']), recorder);
    return this.#tapOf(recorder);
  }

  /** A polling request has come, and its answer will go. */
  poll(request: IncomingMessage, response: ServerResponse): void {
    const recorder = this.#find(request, request.socket);
    if (recorder === undefined) return;
    const method = request.method === 'POST' ? 'POST' : 'GET';
    recordRequest(request, (body) =>
      recorder.polled({ direction: 'in', method, head: requestHead(request), body }),
    );
    recordAnswer(response, ({ status, head, body }) =>
      recorder.polled({ direction: 'out', method, status, head, body }),
    );
    // The first request of a connection that Engine.IO did not make: it was refused.
    if (this.#byRequest.has(request))
      response.once('close', () => {
        if (!this.#connected.has(recorder)) recorder.close?.(undefined);
      });
  }

  #find(request: IncomingMessage, socket: Duplex): SocketIoRecorder | undefined {
    if (!asksForRecording(request.url)) return undefined;
    const sid = /[?&]sid=([^&]*)/.exec(request.url ?? '')?.[1];
    if (sid !== undefined) return this.#bySid.get(sid);
    const recorder = this.#begin({ gateway: 'socketio', line: lineFacts(socket) });
    if (recorder === undefined) return undefined;
    this.#byRequest.set(request, recorder);
    this.#explain(request, recorder);
    return recorder;
  }

  /** The end of the WebSocket is the end of the connection, unless it was a probe, and the connection polls on. */
  #tapOf(recorder: SocketIoRecorder): ConnectionTap {
    return {
      read: (chunk) => recorder.read?.(chunk),
      wrote: (chunk) => recorder.wrote?.(chunk),
      opened: (line) => recorder.opened?.(line),
      closing: (begunBy) => {
        if (this.#upgraded.has(recorder)) recorder.closing?.(begunBy);
      },
      close: (event) => {
        if (this.#upgraded.has(recorder)) recorder.close?.(event);
        else
          recorder.note(
            'probe-failed',
            'The WebSocket ended before it took over; the connection goes on polling.',
          );
      },
    };
  }
}

const undefinedOrOne = (value: string | readonly string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.join(', ');

function requestHead({ method, url, httpVersion, rawHeaders }: IncomingMessage): string {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const [name = '', value = ''] = rawHeaders.slice(i, i + 2);
    lines.push(`${name}: ${value}`);
  }
  return `${lines.join('\r\n')}\r\n\r\n`;
}

function kept(text: string): string {
  return text.length > BODY_CHARACTERS_MAX ? `${text.slice(0, BODY_CHARACTERS_MAX)}…` : text;
}

function recordRequest(request: IncomingMessage, done: (body: string) => void): void {
  if (request.method !== 'POST') {
    done('');
    return;
  }
  let body = '';
  // A listener of ours would let the body flow before Engine.IO listens to it: what is emitted is looked at instead.
  const { emit } = request;
  request.emit = function (this: IncomingMessage, event: string | symbol, ...args: unknown[]): boolean {
    if (event === 'data' && body.length <= BODY_CHARACTERS_MAX) body += String(args[0]);
    if (event === 'end') {
      request.emit = emit;
      done(kept(body));
    }
    return Reflect.apply(emit, this, [event, ...args]);
  };
}

interface Answer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

function recordAnswer(response: ServerResponse, done: (answer: Answer) => void): void {
  const { end, writeHead } = response;
  let given: object = {};
  response.writeHead = function (this: ServerResponse, ...args: unknown[]): ServerResponse {
    const last = args.at(-1);
    if (typeof last === 'object' && last !== null && !Array.isArray(last)) given = last;
    return Reflect.apply(writeHead, this, args);
  } as ServerResponse['writeHead'];
  response.end = function (this: ServerResponse, ...args: unknown[]): ServerResponse {
    response.end = end;
    response.writeHead = writeHead;
    const [body] = args;
    const result = Reflect.apply(end, this, args);
    const fields: Record<string, unknown> = { ...response.getHeaders(), ...given };
    const lines = Object.entries(fields).map(([name, value]) => `${name}: ${String(value)}`);
    const { statusCode: status, statusMessage } = response;
    const head = `HTTP/1.1 ${status} ${statusMessage}\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`;
    done({ status, head, body: kept(textOf(body, String(fields['Content-Encoding'] ?? ''))) });
    return result;
  } as ServerResponse['end'];
}

function textOf(body: unknown, encoding: string): string {
  if (typeof body === 'string') return body;
  if (!(body instanceof Uint8Array)) return '';
  if (encoding === 'gzip') return gunzipSync(body).toString();
  return encoding === 'deflate' ? inflateSync(body).toString() : Buffer.from(body).toString();
}
