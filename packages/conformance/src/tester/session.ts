// One connection after its handshake, from the tester's end: writes frames cut as told, keeps what comes in order, and
// wakes whoever waits. Answers pings and closes as an honest end would, so that a case need not. Judges nothing.
import type net from 'node:net';
import type { Agreement } from '../wire/deflate.ts';
import { DeflateReader, DeflateWriter } from '../wire/deflate.ts';
import { CLOSE, close, encode, type Frame, pong } from '../wire/frame.ts';
import { FrameReader, type WireEvent } from '../wire/frame-reader.ts';

/** The role of the end that is tested. */
export type PeerRole = 'server' | 'client';

/** How the bytes are cut into writes: all at once, one for each frame, for each byte, or pieces of so many bytes. */
export type Cut = 'whole' | 'frames' | 'bytes' | number;

export interface SessionParts {
  readonly socket: net.Socket;
  readonly peer: PeerRole;
  /** What came behind the head of the handshake. */
  readonly unread: Buffer;
  readonly agreement?: Agreement | undefined;
  /** What is odd about the handshake and does not end it. */
  readonly remarks?: readonly string[];
}

export class Session {
  readonly peer: PeerRole;
  readonly agreement: Agreement | undefined;
  readonly remarks: readonly string[];
  /** Compresses as was agreed on. */
  readonly deflate: DeflateWriter | undefined;
  readonly #socket: net.Socket;
  readonly #reader: FrameReader;
  readonly #events: WireEvent[] = [];
  #wake: (() => void) | undefined;
  #taken = 0;
  #hasSentClose = false;
  #hasGotClose = false;
  #hasEnded = false;
  #answersClose = true;

  constructor({ socket, peer, unread, agreement, remarks = [] }: SessionParts) {
    this.peer = peer;
    this.agreement = agreement;
    this.remarks = remarks;
    this.#socket = socket;
    const inflate = agreement && new DeflateReader(peer === 'server' ? agreement.server : agreement.client);
    this.deflate = agreement && new DeflateWriter(peer === 'server' ? agreement.client : agreement.server);
    this.#reader = new FrameReader({ isMasking: peer === 'client', inflate });
    if (unread.length > 0) this.#read(unread);
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('end', () => this.#end(false));
    socket.on('error', () => this.#end(true));
    socket.on('close', () => this.#end(true));
    socket.resume();
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  get hasGotClose(): boolean {
    return this.#hasGotClose;
  }

  /** From now on a Close frame of the other side stays without an answer. */
  leaveCloseUnanswered(): void {
    this.#answersClose = false;
  }

  /** Writes frames. Resolves when they are written; early when the connection has ended. */
  async send(frames: readonly Frame[], cut: Cut = 'whole'): Promise<void> {
    const encoded = frames.map((frame) => encode(frame, this.peer === 'server'));
    if (frames.some(({ opcode }) => opcode === CLOSE)) this.#hasSentClose = true;
    for (const piece of pieces(encoded, cut)) {
      if (this.#hasEnded || !this.#socket.writable) return;
      const isTaken = this.#socket.write(piece);
      // A turn of the event loop between two writes lets the other side see them apart.
      if (cut !== 'whole') await new Promise(setImmediate);
      if (!isTaken) await this.#drained();
    }
  }

  /** Writes bytes as they are. */
  async sendBytes(bytes: Buffer): Promise<void> {
    if (!this.#socket.writable) return;
    this.#socket.write(bytes);
    await new Promise(setImmediate);
  }

  /** FIN, without a Close frame unless one was sent. */
  endWriting(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** The next thing that came; undefined after this time. After the end: undefined at once. */
  async next(timeoutMs: number): Promise<WireEvent | undefined> {
    const deadline = performance.now() + timeoutMs;
    while (this.#taken === this.#events.length) {
      const leftMs = deadline - performance.now();
      if (this.#hasEnded || leftMs <= 0) return undefined;
      await this.#woken(leftMs);
    }
    this.#taken += 1;
    return this.#events[this.#taken - 1];
  }

  #woken(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(done, timeoutMs);
      this.#wake = done;
    });
  }

  #drained(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#socket.off('drain', done).off('close', done);
        resolve();
      };
      this.#socket.on('drain', done).on('close', done);
      if (this.#socket.destroyed) done();
    });
  }

  #read(chunk: Buffer): void {
    for (const event of this.#reader.push(chunk)) {
      if (event.type === 'ping') void this.#answer(pong(event.data));
      else this.#keep(event);
      if (event.type === 'close') this.#closed(event.code);
    }
  }

  #closed(code: number | undefined): void {
    this.#hasGotClose = true;
    if (!this.#answersClose) return;
    if (!this.#hasSentClose) void this.#answer(close(code));
    // Section 7.1.1: the server ends TCP. As a client the tester waits for that.
    if (this.peer === 'client') this.#socket.end();
  }

  #answer(frame: Frame): Promise<void> {
    if (this.#hasSentClose) return Promise.resolve();
    return this.send([frame]);
  }

  #keep(event: WireEvent): void {
    this.#events.push(event);
    this.#wake?.();
  }

  #end(isReset: boolean): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#keep({ type: 'end', isReset });
    this.#socket.end();
  }
}

function* pieces(encoded: readonly Buffer[], cut: Cut): Iterable<Buffer> {
  if (cut === 'frames') yield* encoded;
  else {
    const all = Buffer.concat(encoded);
    const size = cut === 'whole' ? Math.max(1, all.length) : cut === 'bytes' ? 1 : cut;
    for (let at = 0; at < all.length; at += size) yield all.subarray(at, at + size);
  }
}
