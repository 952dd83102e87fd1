// A small WebSocket server by hand on node:net that makes no mistake: it echoes. Its methods are small so that a broken
// server is this one with one of them done wrong (the *-slips.ts files). Shares no code with the engine or the tester.
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import net from 'node:net';

export const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const HEAD_BYTES_MAX = 16 * 1024;
const MESSAGE_BYTES_MAX = 1024 * 1024;

export type Headers = Readonly<Record<string, string>>;

export interface Frame {
  readonly fin: boolean;
  readonly rsv: number;
  readonly opcode: number;
  readonly isMasked: boolean;
  readonly payload: Buffer;
  /** How many bytes it took. */
  readonly bytes: number;
}

export interface Settings {
  /** Until the request must be complete. */
  readonly handshakeMs: number;
}

/** One connection. All of them share the set, for servers that hand on what one says. */
export class Connection {
  protected readonly socket: net.Socket;
  protected readonly everybody: Set<Connection>;
  protected received: Buffer = Buffer.alloc(0);
  protected isOpen = false;
  protected isClosing = false;
  protected opcode = 0;
  protected rsv = 0;
  protected parts: Buffer[] = [];

  constructor(socket: net.Socket, everybody: Set<Connection>, { handshakeMs }: Settings) {
    this.socket = socket;
    this.everybody = everybody;
    everybody.add(this);
    const timer = setTimeout(() => this.tooSlow(), handshakeMs);
    socket.on('data', (chunk: Buffer) => this.read(chunk));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      clearTimeout(timer);
      everybody.delete(this);
    });
  }

  protected tooSlow(): void {
    if (!this.isOpen) this.socket.destroy();
  }

  protected read(chunk: Buffer): void {
    this.received = Buffer.concat([this.received, chunk]);
    if (!this.isOpen) this.handshake();
    if (this.isOpen) this.readFrames();
  }

  // The handshake.

  protected handshake(): void {
    const end = this.received.indexOf('\r\n\r\n');
    if (end === -1 && this.received.length > HEAD_BYTES_MAX) this.socket.destroy();
    if (end === -1) return;
    const [line = '', ...lines] = this.received.toString('latin1', 0, end).split('\r\n');
    this.received = this.received.subarray(end + 4);
    const headers = this.headersOf(lines);
    const refusal = this.refusal(line, headers);
    if (refusal !== undefined) {
      this.socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    this.socket.write(this.answer(headers));
    this.isOpen = true;
  }

  protected headersOf(lines: readonly string[]): Headers {
    return Object.fromEntries(
      lines.map((line) => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      }),
    );
  }

  /** Status and further fields of a refusal; undefined where all is well. */
  protected refusal(line: string, headers: Headers): string | undefined {
    return this.badRequest(line, headers) ?? this.badVersion(headers) ?? this.badOrigin(headers);
  }

  protected badRequest(line: string, headers: Headers): string | undefined {
    const isGet = /^GET \S+ HTTP\/1\.1$/.test(line) && headers.host !== undefined;
    const isUpgrade = headers.upgrade?.toLowerCase() === 'websocket' && this.wantsUpgrade(headers.connection);
    const isKey = /^[A-Za-z0-9+/]{22}==$/.test(headers['sec-websocket-key'] ?? '');
    return isGet && isUpgrade && isKey ? undefined : '400 Bad Request';
  }

  protected wantsUpgrade(connection = ''): boolean {
    return connection.toLowerCase().split(/ *, */).includes('upgrade');
  }

  protected badVersion(headers: Headers): string | undefined {
    return headers['sec-websocket-version'] === '13'
      ? undefined
      : '426 Upgrade Required\r\nSec-WebSocket-Version: 13';
  }

  protected badOrigin({ origin, host }: Headers): string | undefined {
    return origin === undefined || origin === `http://${host}` ? undefined : '403 Forbidden';
  }

  protected accept(key: string): string {
    return createHash('sha1')
      .update(key + GUID)
      .digest('base64');
  }

  protected answer(headers: Headers): string {
    return `${this.answerLines(headers).join('\r\n')}\r\n\r\n`;
  }

  protected answerLines(headers: Headers): string[] {
    return [
      'HTTP/1.1 101 Switching Protocols',
      'Upgrade: websocket',
      'Connection: Upgrade',
      `Sec-WebSocket-Accept: ${this.accept(headers['sec-websocket-key'] ?? '')}`,
    ];
  }

  // Reading frames.

  protected readFrames(): void {
    while (!this.isClosing) {
      const frame = this.nextFrame();
      if (frame === undefined) return;
      this.received = this.received.subarray(frame.bytes);
      this.take(frame);
    }
  }

  protected nextFrame(): Frame | undefined {
    const bytes = this.received;
    if (bytes.length < 2) return undefined;
    const [first = 0, second = 0] = bytes;
    const lengthBytes = this.lengthBytes(second & 127);
    if (bytes.length < 2 + lengthBytes) return undefined;
    const length = this.lengthOf(bytes, second & 127);
    const isMasked = this.isMasked(second);
    const header = { fin: first >= 128, rsv: (first >> 4) & 7, opcode: first & 15, isMasked };
    const fault = this.faultOf(header, length);
    if (fault !== undefined) {
      this.close(fault);
      return undefined;
    }
    const keyAt = 2 + lengthBytes;
    const payloadAt = keyAt + (isMasked ? 4 : 0);
    if (bytes.length < payloadAt + length) return undefined;
    const masked = bytes.subarray(payloadAt, payloadAt + length);
    const payload = isMasked ? this.unmask(masked, bytes.subarray(keyAt, keyAt + 4)) : masked;
    return { ...header, payload, bytes: payloadAt + length };
  }

  protected lengthBytes(short: number): number {
    return short === 126 ? 2 : short === 127 ? 8 : 0;
  }

  protected lengthOf(bytes: Buffer, short: number): number {
    if (short === 126) return bytes.readUInt16BE(2);
    return short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
  }

  protected isMasked(second: number): boolean {
    return second >= 128;
  }

  /** The code with which a frame of this kind ends the connection. */
  protected faultOf(header: Omit<Frame, 'payload' | 'bytes'>, length: number): number | undefined {
    const { opcode } = header;
    if (!header.isMasked) return 1002;
    if (!this.isRsvFine(header.rsv, opcode)) return 1002;
    if (!this.isOpcodeFine(opcode)) return 1002;
    if (opcode >= 8) return this.isControlFine(header.fin, length) ? undefined : 1002;
    if (!this.isOrderFine(opcode)) return 1002;
    return this.isLengthFine(length) ? undefined : 1009;
  }

  protected isRsvFine(rsv: number, _opcode: number): boolean {
    return rsv === 0;
  }

  protected isOpcodeFine(opcode: number): boolean {
    return [0, 1, 2, 8, 9, 10].includes(opcode);
  }

  protected isControlFine(fin: boolean, length: number): boolean {
    return fin && length <= 125;
  }

  protected isOrderFine(opcode: number): boolean {
    return (opcode === 0) === (this.opcode !== 0);
  }

  protected isLengthFine(length: number): boolean {
    return length + this.parts.reduce((sum, part) => sum + part.length, 0) <= MESSAGE_BYTES_MAX;
  }

  protected unmask(payload: Buffer, key: Buffer): Buffer {
    return Buffer.from(payload.map((byte, i) => byte ^ (key[i % 4] ?? 0)));
  }

  // What a frame means.

  protected take(frame: Frame): void {
    if (frame.opcode === 8) this.takeClose(frame.payload);
    else if (frame.opcode === 9) this.takePing(frame.payload);
    else if (frame.opcode === 10) this.takePong(frame.payload);
    else this.takeData(frame);
  }

  protected takePing(payload: Buffer): void {
    this.send(10, payload);
  }

  protected takePong(_payload: Buffer): void {}

  protected takeClose(payload: Buffer): void {
    const code = payload.length >= 2 ? payload.readUInt16BE() : undefined;
    const isFine =
      payload.length === 0 || (code !== undefined && this.isCodeFine(code) && isUtf8(payload.subarray(2)));
    this.close(isFine ? code : 1002);
  }

  protected isCodeFine(code: number): boolean {
    return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
  }

  protected takeData({ opcode, rsv, fin, payload }: Frame): void {
    if (opcode !== 0) [this.opcode, this.rsv] = [opcode, rsv];
    this.parts.push(payload);
    if (!fin) return;
    const whole = this.join(this.parts);
    const kind = this.opcode;
    this.parts = [];
    this.opcode = 0;
    this.deliver(kind, whole);
  }

  protected join(parts: readonly Buffer[]): Buffer {
    return Buffer.concat(parts);
  }

  protected deliver(opcode: number, payload: Buffer): void {
    if (opcode === 1 && !this.isTextFine(payload)) this.close(1007);
    else this.message(opcode, payload);
  }

  protected isTextFine(payload: Buffer): boolean {
    return isUtf8(payload);
  }

  /** What the server is for. */
  protected message(opcode: number, payload: Buffer): void {
    this.send(opcode, payload);
  }

  // Writing frames.

  protected send(opcode: number, payload: Buffer): void {
    if (!this.isClosing && this.socket.writable) this.socket.write(this.frame(opcode, payload));
  }

  protected frame(opcode: number, payload: Buffer): Buffer {
    return Buffer.concat([Buffer.of(this.firstByte(opcode)), this.lengthField(payload), payload]);
  }

  protected firstByte(opcode: number): number {
    return 0x80 | opcode;
  }

  protected lengthField({ length }: Buffer): Buffer {
    if (length < 126) return Buffer.of(length);
    const field = Buffer.alloc(length < 65_536 ? 3 : 9);
    field[0] = length < 65_536 ? 126 : 127;
    if (length < 65_536) field.writeUInt16BE(length, 1);
    else field.writeBigUInt64BE(BigInt(length), 1);
    return field;
  }

  protected close(code: number | undefined): void {
    this.send(8, this.closePayload(code));
    this.isClosing = true;
    this.endTcp();
  }

  protected closePayload(code: number | undefined): Buffer {
    if (code === undefined) return Buffer.alloc(0);
    return Buffer.of(code >> 8, code & 255);
  }

  protected endTcp(): void {
    this.socket.end();
  }
}

export type ConnectionClass = new (
  socket: net.Socket,
  everybody: Set<Connection>,
  settings: Settings,
) => Connection;

export const USUAL_SETTINGS: Settings = { handshakeMs: 5_000 };

export interface RunningServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Listens on this port of this machine; 0 is any that is free. */
export function listen(
  kind: ConnectionClass,
  port = 0,
  settings: Settings = USUAL_SETTINGS,
): Promise<RunningServer> {
  const everybody = new Set<Connection>();
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    new kind(socket, everybody, settings);
  });
  const close = (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve({ port: typeof address === 'object' && address !== null ? address.port : port, close });
    });
  });
}
