// The other side of a socket as bytes: sends what a test writes, keeps what comes. For tests only.
import { once } from 'node:events';
import net from 'node:net';
import { FrameParser } from '../core/frame-parser.ts';
import { encodeFrame, type FrameParts } from '../core/frame-writer.ts';
import { OPCODE, type Role } from '../core/opcode.ts';

export const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
export const ACCEPT = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=';
const MASK_KEY = 0x37fa213d;

export function upgradeRequest(extra: readonly string[] = [], path = '/'): string {
  const lines = [
    `GET ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Key: ${KEY}`,
    'Sec-WebSocket-Version: 13',
    ...extra,
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** A frame as a client sends it. */
export function maskedFrame(parts: FrameParts): Buffer {
  return encodeFrame({ maskKey: MASK_KEY, ...parts });
}

export function text(payload: string): Buffer {
  return maskedFrame({ opcode: OPCODE.text, payload: Buffer.from(payload) });
}

export function close(code?: number): Buffer {
  const payload = Buffer.alloc(code === undefined ? 0 : 2);
  if (code !== undefined) payload.writeUInt16BE(code);
  return maskedFrame({ opcode: OPCODE.close, payload });
}

export class RawPeer {
  readonly socket: net.Socket;
  #received = Buffer.alloc(0);
  #hasEnded = false;
  #isClosed = false;
  #wakers: (() => void)[] = [];

  constructor(socket: net.Socket) {
    this.socket = socket;
    socket.on('data', (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#wake();
    });
    socket.on('end', () => {
      this.#hasEnded = true;
      this.#wake();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#isClosed = true;
      this.#wake();
    });
  }

  /** A TCP connection to a local port, nothing sent. */
  static async dial(port: number): Promise<RawPeer> {
    const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    const peer = new RawPeer(socket);
    await once(socket, 'connect');
    return peer;
  }

  /** The same with the handshake done and its answer taken out of `received`. */
  static async upgrade(port: number, extra: readonly string[] = []): Promise<RawPeer> {
    const peer = await RawPeer.dial(port);
    peer.socket.write(upgradeRequest(extra));
    await peer.takeHead();
    return peer;
  }

  get received(): Buffer {
    return this.#received;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  async until(condition: (peer: RawPeer) => boolean): Promise<void> {
    while (!condition(this)) {
      if (this.#isClosed) throw new Error(`closed; received ${this.#received.toString('latin1')}`);
      await new Promise<void>((resolve) => this.#wakers.push(resolve));
    }
  }

  /** Everything up to the other side's FIN, or to the end of the socket. */
  async untilEnd(): Promise<Buffer> {
    while (!this.#hasEnded && !this.#isClosed) {
      await new Promise<void>((resolve) => this.#wakers.push(resolve));
    }
    return this.#received;
  }

  /** Takes the head of an HTTP answer out of what came. */
  async takeHead(): Promise<string> {
    await this.until(({ received }) => received.includes('\r\n\r\n'));
    const end = this.#received.indexOf('\r\n\r\n') + 4;
    const head = this.#received.toString('latin1', 0, end);
    this.#received = this.#received.subarray(end);
    return head;
  }

  /** One write per byte, each in its own turn. */
  async writeBytewise(bytes: string | Buffer): Promise<void> {
    for (const byte of Buffer.from(bytes)) {
      this.socket.write(Uint8Array.of(byte));
      await new Promise(setImmediate);
    }
  }

  /** The frames that came so far, as `opcode:payload`; Close frames with their code. */
  frames(role: Role = 'client'): string[] {
    const parser = new FrameParser(role);
    parser.push(Buffer.from(this.#received));
    const frames: string[] = [];
    let payload = Buffer.alloc(0);
    for (let part = parser.next(); part !== undefined; part = parser.next()) {
      payload = Buffer.concat([payload, part.payload]);
      if (!part.isLast) continue;
      const isClose = part.opcode === OPCODE.close && payload.length >= 2;
      frames.push(`${part.opcode}:${isClose ? payload.readUInt16BE() : payload.toString()}`);
      payload = Buffer.alloc(0);
    }
    return frames;
  }

  #wake(): void {
    const wakers = this.#wakers;
    this.#wakers = [];
    for (const wake of wakers) wake();
  }
}

/** What a server answers to a request, up to the end. */
export async function ask(port: number, request: string): Promise<string> {
  const peer = await RawPeer.dial(port);
  peer.socket.write(request);
  const answer = (await peer.untilEnd()).toString();
  peer.socket.destroy();
  return answer;
}
