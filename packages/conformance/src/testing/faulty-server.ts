// A server that makes mistakes on purpose, to see that the cases notice: it takes whatever comes, checks nothing, and may
// be told to do more harm. For tests only.
import net from 'node:net';
import { type Agreement, DeflateReader, DeflateWriter, type Direction } from '../wire/deflate.ts';
import { CLOSE, encode, type Frame, masked, PING, PONG } from '../wire/frame.ts';
import { writeAnswer } from '../wire/http.ts';

export interface Faults {
  /** The answer to a handshake. Default: 101 for everything. */
  answer?(key: string): string;
  /** What becomes of a frame that it is about to send. */
  send?(frame: Frame): readonly Frame[];
  /** What is agreed on, and how the server's own direction is carried out. Needs an `answer` that says so. */
  readonly deflate?: { readonly agreement: Agreement; readonly really: Direction };
  /** Does not end TCP after the closing handshake. */
  readonly staysOpen?: boolean;
}

export class FaultyServer {
  readonly #faults: Faults;
  readonly #sockets = new Set<net.Socket>();
  readonly #server = net.createServer({ allowHalfOpen: true }, (socket) => this.#accept(socket));

  constructor(faults: Faults = {}) {
    this.#faults = faults;
  }

  /** Resolves with its address. */
  listen(): Promise<string> {
    return new Promise((resolve) => {
      this.#server.listen(0, '127.0.0.1', () => {
        const address = this.#server.address();
        if (typeof address === 'object' && address !== null) resolve(`ws://127.0.0.1:${address.port}/`);
      });
    });
  }

  close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #accept(socket: net.Socket): void {
    this.#sockets.add(socket);
    let received = Buffer.alloc(0);
    let echo: LooseEcho | undefined;
    socket.on('error', () => undefined);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('end', () => {
      if (this.#faults.staysOpen !== true) socket.end();
    });
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (echo === undefined) {
        const end = received.indexOf('\r\n\r\n');
        if (end === -1) return;
        const [, key = ''] =
          /^sec-websocket-key: *(.*?)\r$/im.exec(received.toString('latin1', 0, end + 2)) ?? [];
        socket.write(this.#faults.answer?.(key) ?? writeAnswer(key));
        received = received.subarray(end + 4);
        echo = new LooseEcho(socket, this.#faults);
      }
      received = Buffer.from(received.subarray(echo.take(received)));
    });
  }
}

/** Reads frames without a care, and echoes. */
class LooseEcho {
  readonly #socket: net.Socket;
  readonly #faults: Faults;
  readonly #inflate: DeflateReader | undefined;
  readonly #deflate: DeflateWriter | undefined;
  #opcode = 0;
  #isCompressed = false;
  #parts: Buffer[] = [];

  constructor(socket: net.Socket, faults: Faults) {
    this.#socket = socket;
    this.#faults = faults;
    this.#inflate = faults.deflate && new DeflateReader(faults.deflate.agreement.client);
    this.#deflate = faults.deflate && new DeflateWriter(faults.deflate.really);
  }

  /** Returns how many bytes were used. */
  take(bytes: Buffer): number {
    let at = 0;
    for (;;) {
      const end = this.#frame(bytes.subarray(at));
      if (end === 0) return at;
      at += end;
    }
  }

  #frame(bytes: Buffer): number {
    if (bytes.length < 2) return 0;
    const [first = 0, second = 0] = bytes;
    const short = second & 127;
    const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
    const maskBytes = second >= 128 ? 4 : 0;
    const head = 2 + extended + maskBytes;
    if (bytes.length < head) return 0;
    const claimed =
      extended === 0 ? short : extended === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
    if (bytes.length < head + claimed) return 0;
    const raw = bytes.subarray(head, head + claimed);
    const payload = maskBytes === 0 ? Buffer.from(raw) : masked(raw, bytes.subarray(head - 4, head));
    this.#react(first, payload);
    return head + claimed;
  }

  #react(first: number, payload: Buffer): void {
    const opcode = first & 15;
    if (opcode === PONG) return;
    if (opcode === PING) this.#send({ opcode: PONG, payload });
    else if (opcode === CLOSE) {
      this.#send({ opcode: CLOSE, payload });
      if (this.#faults.staysOpen !== true) this.#socket.end();
    } else this.#data(first, payload);
  }

  #data(first: number, payload: Buffer): void {
    if ((first & 15) !== 0) {
      this.#opcode = first & 15;
      this.#isCompressed = (first & 0x40) !== 0;
    }
    this.#parts.push(payload);
    if ((first & 0x80) === 0) return;
    const joined = Buffer.concat(this.#parts);
    this.#parts = [];
    const isDeflated = this.#isCompressed && this.#inflate !== undefined && this.#deflate !== undefined;
    const opcode = this.#opcode === 2 ? 2 : 1;
    if (!isDeflated) this.#send({ opcode, payload: joined });
    else
      this.#send({
        opcode,
        rsv: 4,
        payload: this.#deflate?.deflate(this.#inflate?.inflate(joined) ?? joined) ?? joined,
      });
  }

  #send(frame: Frame): void {
    const frames = this.#faults.send?.(frame) ?? [frame];
    if (this.#socket.writable) for (const one of frames) this.#socket.write(encode(one, false));
  }
}
