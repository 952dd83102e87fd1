// `--trace`: prints what a connection consists of while it happens. TCP reads are numbered and shown as bytes, the frames
// found in them apart from that, since one read is not one frame. Looks on only: nothing here changes what happens.
import type { Socket } from 'node:net';
import type { ConnectionTap, SocketInfo, Tap } from '@wireroom/websocket';
import type { AcceptSteps, CloseEvent } from '@wireroom/websocket/core';
import { describeCloseCode } from '@wireroom/websocket/core';
import { acceptLines, frameLines, headLines, hexLines, type TracedFrame } from './trace-text.ts';

export type Print = (line: string) => void;

/** Reads that are held back until it is known whether they ask for WebSocket at all. */
const HELD_READS_MAX = 64;

export class ConsoleTrace implements Tap {
  readonly #print: Print;
  readonly #handedOn = new Map<string, ConnectionTrace>();
  #count = 0;

  constructor(print: Print) {
    this.#print = print;
  }

  open(info: SocketInfo): ConnectionTap {
    // An upgrade to Socket.IO: the same socket, at its second station.
    const handedOn = this.#handedOn.get(keyOf(info));
    if (handedOn !== undefined) {
      this.#handedOn.delete(keyOf(info));
      return handedOn;
    }
    const trace = new ConnectionTrace(info, {
      print: this.#print,
      nextNumber: () => {
        this.#count += 1;
        return this.#count;
      },
      onHandedOn: () => this.#handedOn.set(keyOf(info), trace),
      onEnd: () => this.#handedOn.delete(keyOf(info)),
    });
    return trace;
  }

  /**
   * A connection that the engine handed on: if it asks for Socket.IO over WebSocket, it comes back by `open`, or somebody
   * in between refuses it. Call it after the socket was given to its HTTP server.
   */
  follow(socket: Socket): void {
    const key = keyOf({ remoteAddress: socket.remoteAddress ?? '', remotePort: socket.remotePort ?? 0 });
    const trace = this.#handedOn.get(key);
    if (trace?.asksForWebSocket() !== true) {
      this.#handedOn.delete(key);
      return;
    }
    showRefusal(socket, trace);
    socket.on('close', () => trace.close());
  }
}

/** Shows the first thing that is written, should it refuse the handshake before the engine has seen it. */
function showRefusal(socket: Socket, trace: ConnectionTrace): void {
  const { write } = socket;
  socket.write = function (this: Socket, ...args: Parameters<Socket['write']>): boolean {
    socket.write = write;
    const [data] = args;
    const answer = typeof data === 'string' ? Buffer.from(data) : Buffer.from(data);
    if (/^HTTP\/1\.1 [45]/.test(answer.toString('latin1'))) trace.refused(answer);
    return write.apply(this, args);
  } as Socket['write'];
}

const keyOf = (info: Pick<SocketInfo, 'remoteAddress' | 'remotePort'>): string =>
  `${info.remoteAddress.replace(/^::ffff:/, '')}|${info.remotePort}`;

interface TraceParts {
  readonly print: Print;
  readonly nextNumber: () => number;
  readonly onHandedOn: () => void;
  readonly onEnd: () => void;
}

/** One connection's trace. Silent until it is known to be WebSocket: a page's own HTTP is not what is observed here. */
export class ConnectionTrace implements ConnectionTap {
  readonly #info: SocketInfo;
  readonly #parts: TraceParts;
  #held: Buffer[] = [];
  #number: number | undefined;
  #reads = 0;
  #writes = 0;
  #isOver = false;

  constructor(info: SocketInfo, parts: TraceParts) {
    this.#info = info;
    this.#parts = parts;
  }

  read(chunk: Buffer): void {
    if (this.#number === undefined) {
      if (this.#held.length < HELD_READS_MAX) this.#held.push(Buffer.from(chunk));
      return;
    }
    this.#showRead(chunk);
  }

  wrote(chunk: Buffer): void {
    if (this.#number === undefined) return;
    this.#writes += 1;
    this.#say(`→ write ${this.#writes}, ${bytes(chunk.length)}`, hexLines(chunk));
  }

  request(_request: unknown, rawHead: Buffer): void {
    this.#begin();
    this.#say('← handshake: request', headLines(rawHead));
  }

  response(rawHead: Buffer, steps: AcceptSteps | undefined): void {
    this.#begin();
    if (steps !== undefined) this.#say('= accept value', acceptLines(steps));
    const what = steps === undefined ? 'refused' : 'the protocol is WebSocket from here on';
    this.#say(`→ handshake: answer (${what})`, headLines(rawHead));
  }

  frame(direction: 'in' | 'out', frame: TracedFrame): void {
    const [first = '', ...rest] = frameLines(frame);
    this.#say(`${direction === 'in' ? '←' : '→'} frame  ${first}`, rest);
  }

  handedOn(): void {
    this.#parts.onHandedOn();
  }

  close(event?: CloseEvent): void {
    this.#parts.onEnd();
    if (this.#number === undefined || this.#isOver) return;
    this.#isOver = true;
    const { code, reason, wasClean, error } = event ?? { code: 1006, reason: '', wasClean: false };
    const how = wasClean ? 'both sides said Close' : 'without a closing handshake';
    const why = error === undefined ? '' : `; ${error.code}: ${error.message}`;
    this.#say(
      `× closed ${code} ${describeCloseCode(code)}${reason === '' ? '' : ` "${reason}"`} (${how})${why}`,
      [],
    );
  }

  /** Somebody has refused what was read so far. */
  refused(answer: Buffer): void {
    const read = Buffer.concat(this.#held);
    const end = read.indexOf('\r\n\r\n');
    this.request(undefined, end < 0 ? read : read.subarray(0, end + 4));
    this.wrote(answer);
    this.response(answer, undefined);
  }

  /** Judged by the bytes read so far: the head of an upgrade request. */
  asksForWebSocket(): boolean {
    return /^upgrade:[^\r\n]*websocket/im.test(Buffer.concat(this.#held).toString('latin1'));
  }

  #begin(): void {
    if (this.#number !== undefined) return;
    this.#number = this.#parts.nextNumber();
    const { remoteAddress, remotePort, localPort, encrypted } = this.#info;
    this.#say(
      `a connection from ${remoteAddress}:${remotePort} to port ${localPort}${encrypted ? ' inside TLS' : ''}`,
      [],
    );
    for (const chunk of this.#held) this.#showRead(chunk);
    this.#held = [];
  }

  #showRead(chunk: Buffer): void {
    this.#reads += 1;
    this.#say(`← read ${this.#reads}, ${bytes(chunk.length)}`, hexLines(chunk));
  }

  #say(title: string, details: readonly string[]): void {
    this.#parts.print(`[${this.#number ?? '?'}] ${title}`);
    for (const line of details) this.#parts.print(`      ${line}`);
  }
}

const bytes = (count: number): string => (count === 1 ? '1 byte' : `${count} bytes`);
