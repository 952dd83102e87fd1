// The client of a scene: a TCP socket and whatever bytes the script wants on it. Answers pings and Close frames as a
// browser would, unless the script says otherwise. Keys come from a seed, so that a scene sends the same bytes each time.
import { createHash } from 'node:crypto';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import { HEARD_FRAMES_MAX } from '../limits.ts';
import type { Recording } from './recording.ts';
import { closePayload, type FrameShape, frameBytes, OP, type ReadFrame, readFrames } from './wire-frame.ts';

export interface ClientParts {
  readonly socket: Duplex;
  /** What shows that bytes have arrived; undefined where nobody records this connection. */
  readonly recording: Recording | undefined;
  readonly seed: string;
}

export interface RequestShape {
  /** Default: `/`. */
  readonly target?: string;
  readonly version?: string;
  /** Leaves the key out. */
  readonly isKeyless?: boolean;
  readonly headers?: readonly string[];
}

export class RawClient {
  readonly socket: Duplex;
  readonly recording: Recording | undefined;
  answersPings = true;
  answersClose = true;
  readonly #seed: string;
  #keys = 0;
  #sentBytes = 0;
  #received: Buffer = Buffer.alloc(0);
  #isUpgraded = false;
  #frames: ReadFrame[] = [];
  #hasSentClose = false;
  #hasEnded = false;
  #isClosed = false;
  #wakers: (() => void)[] = [];

  constructor({ socket, recording, seed }: ClientParts) {
    this.socket = socket;
    this.recording = recording;
    this.#seed = seed;
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('end', () => {
      this.#hasEnded = true;
      this.#wake();
    });
    // A reset is one of the things that scenes are about; what it means is in the recording.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#isClosed = true;
      this.#wake();
    });
  }

  /** Frames that came after the handshake. */
  get frames(): readonly ReadFrame[] {
    return this.#frames;
  }

  get hasEnded(): boolean {
    return this.#hasEnded || this.#isClosed;
  }

  /** The request of a handshake, as bytes. */
  request({ target = '/', version = '13', isKeyless = false, headers = [] }: RequestShape = {}): string {
    const key = createHash('sha256').update(this.#seed).digest().subarray(0, 16).toString('base64');
    const lines = [
      `GET ${target} HTTP/1.1`,
      'Host: 127.0.0.1',
      'Upgrade: websocket',
      'Connection: Upgrade',
      ...(isKeyless ? [] : [`Sec-WebSocket-Key: ${key}`]),
      `Sec-WebSocket-Version: ${version}`,
      ...headers,
    ];
    return `${lines.join('\r\n')}\r\n\r\n`;
  }

  /** Does the opening handshake and resolves with the head of the answer. */
  async upgrade(shape: RequestShape = {}): Promise<string> {
    await this.send(this.request(shape));
    return this.head();
  }

  /** Resolves with the head of an HTTP answer. After a 101 what comes is frames. */
  async head(): Promise<string> {
    await this.until(() => this.#received.includes('\r\n\r\n'));
    const end = this.#received.indexOf('\r\n\r\n') + 4;
    const head = this.#received.toString('latin1', 0, end);
    this.#received = this.#received.subarray(end);
    this.#isUpgraded = head.startsWith('HTTP/1.1 101 ');
    this.#parse();
    return head;
  }

  /** Writes in one go; resolves when the other end has read it, so that what is sent next is a read of its own. */
  async send(bytes: string | Uint8Array): Promise<void> {
    const data = Buffer.from(bytes);
    this.#sentBytes += data.length;
    this.socket.write(data);
    const target = this.#sentBytes;
    await this.recording?.until((recording) => recording.seen('in') >= target);
  }

  /** Sends a frame, masked with a key of its own. */
  sendFrame(shape: FrameShape): Promise<void> {
    return this.send(this.frame(shape));
  }

  frame(shape: FrameShape): Buffer {
    if (shape.opcode === OP.close) this.#hasSentClose = true;
    return frameBytes(shape, this.#nextKey());
  }

  text(text: string): Promise<void> {
    return this.sendFrame({ opcode: OP.text, payload: text });
  }

  /** One JSON object as a text message. */
  say(message: object): Promise<void> {
    return this.text(JSON.stringify(message));
  }

  /** The texts that came, those of whole messages in one frame. */
  get texts(): readonly string[] {
    return this.#frames.filter(({ opcode }) => opcode === OP.text).map(({ payload }) => payload.toString());
  }

  /** Waits until so many text messages have come, or the connection is over. */
  async heard(count: number): Promise<readonly string[]> {
    await this.until(() => this.texts.length >= count);
    return this.texts;
  }

  /** Waits for a frame with this opcode, or for the end. */
  async frameOf(opcode: number): Promise<ReadFrame | undefined> {
    const found = (): ReadFrame | undefined => this.#frames.find((frame) => frame.opcode === opcode);
    await this.until(() => found() !== undefined);
    return found();
  }

  /** Says goodbye and waits until the connection is over at both ends. */
  async close(code = 1000, reason = ''): Promise<void> {
    await this.sendFrame({ opcode: OP.close, payload: closePayload(code, reason) });
    await this.ended();
  }

  /** Waits until the server has ended TCP and the recording is closed; our side ends as well. */
  async ended(): Promise<void> {
    await this.until(() => this.#hasEnded);
    this.socket.end();
    await this.recording?.until(() => false);
  }

  /** Lets go of the connection without a word: TCP's FIN where it is whole. */
  async hangUp(): Promise<void> {
    this.socket.end();
    await this.recording?.until(() => false);
  }

  /** Cuts TCP with a reset: nothing is said, and nothing that waits arrives. */
  reset(): void {
    if (this.socket instanceof net.Socket) this.socket.resetAndDestroy();
    else this.socket.destroy();
  }

  /** Resolves when the condition holds, or when the socket is over. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition() && !this.#isClosed && !this.#hasEnded) {
      await new Promise<void>((resolve) => this.#wakers.push(resolve));
    }
  }

  #nextKey(): Buffer {
    this.#keys += 1;
    return createHash('sha256').update(`${this.#seed} frame ${this.#keys}`).digest().subarray(0, 4);
  }

  #read(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    this.#parse();
    this.#wake();
  }

  #parse(): void {
    if (!this.#isUpgraded) return;
    const { frames, rest } = readFrames(this.#received);
    this.#received = rest;
    for (const frame of frames) this.#take(frame);
  }

  #take(frame: ReadFrame): void {
    this.#frames.push(frame);
    if (this.#frames.length > HEARD_FRAMES_MAX) this.#frames.shift();
    if (frame.opcode === OP.ping && this.answersPings)
      this.#answer({ opcode: OP.pong, payload: frame.payload });
    if (frame.opcode === OP.close && this.answersClose && !this.#hasSentClose)
      this.#answer({ opcode: OP.close, payload: frame.payload.subarray(0, 2) });
  }

  #answer(shape: FrameShape): void {
    if (!this.socket.writable) return;
    const bytes = this.frame(shape);
    this.#sentBytes += bytes.length;
    this.socket.write(bytes);
  }

  #wake(): void {
    const wakers = this.#wakers;
    this.#wakers = [];
    for (const wake of wakers) wake();
  }
}
