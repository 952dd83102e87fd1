// One connection of the load: a TCP or TLS socket that has said the handshake, sends masked text frames and finds the frames in what
// comes. It decodes no text; whoever made it does. Fast rather than complete: it meets servers that send what it can read.
import { randomBytes } from 'node:crypto';
import net from 'node:net';
import tls from 'node:tls';

const READ_BYTES = 256 * 1024;
const CONNECT_TIMEOUT_MS = 20_000;
const ANSWER_CHARS_SHOWN = 300;
const TEXT = 1;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

/** Where a server is, as the load needs it. */
export interface Place {
  readonly host: string;
  readonly port: number;
  readonly isSecure: boolean;
  readonly path: string;
}

export interface WireEvents {
  /** The text of a frame lies at `bytes[from..to)`, until this returns. `readAt`: when it was read, by `performance.now()`. */
  text(bytes: Buffer, from: number, to: number, readAt: number): void;
  /** It was closed by a Close frame, or cut, and not by `end`. With words that say why, as far as that is known. */
  lost(reason: string, how: 'closed' | 'cut'): void;
}

// Every socket reads into the same memory: what lies there is dealt with before the next read.
const reading = Buffer.allocUnsafe(READ_BYTES);

export class Wire {
  /** Rejects with a sentence if the handshake fails. */
  readonly opened: Promise<void>;
  readonly closed: Promise<void>;
  readonly #socket: net.Socket;
  readonly #events: WireEvents;
  #rest: Buffer | undefined;
  #state: 'opening' | 'open' | 'ended' = 'opening';
  #onOpened: () => void = () => {};
  #onFailed: (error: Error) => void = () => {};

  constructor(place: Place, events: WireEvents) {
    this.#events = events;
    this.opened = new Promise((resolve, reject) => {
      this.#onOpened = resolve;
      this.#onFailed = reject;
    });
    // Whoever does not wait for it hears of it by `lost`.
    this.opened.catch(() => undefined);
    const { host, port, isSecure } = place;
    const onread = {
      buffer: reading,
      callback: (count: number): boolean => {
        this.#read(reading, count);
        return true;
      },
    };
    // A load is no browser: whoever measures a server with a certificate of its own making knows it.
    this.#socket = isSecure
      ? tls.connect({ host, port, servername: net.isIP(host) ? '' : host, rejectUnauthorized: false })
      : net.connect({ host, port, onread });
    if (isSecure) this.#socket.on('data', (chunk: Buffer) => this.#read(chunk, chunk.length));
    this.#socket.setNoDelay(true);
    this.#socket.setTimeout(CONNECT_TIMEOUT_MS, () =>
      this.#lose(`nothing was heard for ${CONNECT_TIMEOUT_MS / 1000} s`),
    );
    this.closed = new Promise((resolve) => {
      this.#socket.once('close', () => {
        this.#lose('the server cut the connection');
        resolve();
      });
    });
    this.#socket.on('error', (error) => this.#lose(error.message));
    this.#socket.write(requestOf(place));
  }

  /** Bytes that the peer has not taken yet. */
  get waitingBytes(): number {
    return this.#socket.writableLength;
  }

  send(text: string): void {
    this.#socket.write(maskedFrame(TEXT, Buffer.from(text)));
  }

  /** From here on nothing is read: the peer's bytes pile up. */
  stopReading(): void {
    this.#socket.pause();
  }

  end(): void {
    this.#state = 'ended';
    this.#socket.destroy();
  }

  #lose(reason: string, how: 'closed' | 'cut' = 'cut'): void {
    if (this.#state === 'ended') return;
    const isOpening = this.#state === 'opening';
    this.end();
    if (isOpening) this.#onFailed(new Error(`The handshake failed: ${reason}`));
    else this.#events.lost(reason, how);
  }

  /** What was read is `chunk[0..count)`. It mostly is whole frames, and then nothing is made of it but what it says. */
  #read(chunk: Buffer, count: number): void {
    const readAt = performance.now();
    const rest = this.#rest;
    const bytes = rest === undefined ? chunk : Buffer.concat([rest, chunk.subarray(0, count)]);
    const end = rest === undefined ? count : bytes.length;
    const start = this.#state === 'opening' ? this.#open(bytes.subarray(0, end)) : 0;
    const read = start === undefined ? 0 : this.#frames(bytes, { start, end }, readAt);
    this.#rest = read < end ? Buffer.from(bytes.subarray(read, end)) : undefined;
  }

  /** Where frames begin; undefined while the answer to the handshake is not whole, or if it is none. */
  #open(bytes: Buffer): number | undefined {
    const end = bytes.indexOf('\r\n\r\n');
    if (end < 0) return undefined;
    if (bytes.toString('latin1', 9, 12) !== '101') {
      const answer = bytes.toString('utf8', 0, Math.min(bytes.length, ANSWER_CHARS_SHOWN));
      this.#lose(`the server answered ${toldAnswer(answer)}`);
      return undefined;
    }
    this.#state = 'open';
    // Idle connections are what some loads consist of.
    this.#socket.setTimeout(0);
    this.#onOpened();
    return end + 4;
  }

  /** Deals with whole frames; returns where the first that is not whole begins. */
  #frames(bytes: Buffer, { start, end: whole }: Stretch, readAt: number): number {
    let at = start;
    for (;;) {
      const size = frameAt(bytes, at, whole);
      if (size === undefined || this.#state === 'ended') return at;
      const opcode = (bytes[at] ?? 0) & 15;
      const end = at + size.head + size.length;
      const from = at + size.head;
      if (opcode === TEXT) this.#events.text(bytes, from, end, readAt);
      else if (opcode === PING) this.#socket.write(maskedFrame(PONG, bytes.subarray(from, end)));
      else if (opcode === CLOSE)
        this.#lose(`the server closed it: ${toldClose(bytes.subarray(from, end))}`, 'closed');
      at = end;
    }
  }
}

interface Stretch {
  readonly start: number;
  readonly end: number;
}

function requestOf({ host, port, path }: Place): string {
  return (
    `GET ${path} HTTP/1.1\r\nHost: ${host.includes(':') ? `[${host}]` : host}:${port}\r\nUpgrade: websocket\r\n` +
    `Connection: Upgrade\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\nSec-WebSocket-Version: 13\r\n\r\n`
  );
}

/** The status, and the body if it is a sentence. */
function toldAnswer(answer: string): string {
  const [status = ''] = answer.split('\r\n', 1);
  const body = answer.slice(answer.indexOf('\r\n\r\n') + 4).trim();
  return body === '' || body.includes('<') ? status : `${status}: ${body}`;
}

function toldClose(payload: Buffer): string {
  if (payload.length < 2) return 'without a code';
  return `${payload.readUInt16BE(0)} ${payload.toString('utf8', 2)}`.trim();
}

const size = { head: 0, length: 0 };

/** Of the frame that begins here, if all of it is here, before `end`. Valid until the next call. */
export function frameAt(
  bytes: Buffer,
  at: number,
  end = bytes.length,
): { readonly head: number; readonly length: number } | undefined {
  const left = end - at;
  if (left < 2) return undefined;
  const short = (bytes[at + 1] ?? 0) & 127;
  size.head = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (left < size.head) return undefined;
  if (short < 126) size.length = short;
  else size.length = short === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
  return left < size.head + size.length ? undefined : size;
}

/** As a client sends it, at most 65,535 bytes long. */
export function maskedFrame(opcode: number, payload: Buffer): Buffer {
  const head =
    payload.length < 126
      ? [0x80 | opcode, 0x80 | payload.length]
      : [0x80 | opcode, 0x80 | 126, payload.length >> 8, payload.length & 255];
  const key = randomBytes(4);
  const masked = Buffer.allocUnsafe(payload.length);
  for (let index = 0; index < payload.length; index += 1)
    masked[index] = (payload[index] ?? 0) ^ (key[index & 3] ?? 0);
  return Buffer.concat([Buffer.from(head), key, masked]);
}
