// What measurements share: a proxy on the loopback that counts bytes and can go silent, a client that writes its bytes by
// hand, and frames as bytes. Uses none of the engine's code, so that what is measured does not measure itself.
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';

/** Stops the world for as long as a measurement has to watch it. */
export const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What `promise` gives, or undefined after so many milliseconds. */
export async function within<Value>(ms: number, promise: Promise<Value>): Promise<Value | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

export async function listen(server: net.Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('it does not listen on a port');
  return address.port;
}

/** A wire between client and server: a TCP proxy that counts. The bytes are those that TCP carries, without its own headers. */
export class Wire {
  readonly port: number;
  toServer = 0;
  toClient = 0;
  connections = 0;
  readonly #server: net.Server;
  readonly #sockets: Set<net.Socket>;
  readonly #state: { isSilent: boolean };

  private constructor(
    port: number,
    server: net.Server,
    sockets: Set<net.Socket>,
    state: { isSilent: boolean },
  ) {
    this.port = port;
    this.#server = server;
    this.#sockets = sockets;
    this.#state = state;
  }

  static async to(serverPort: number): Promise<Wire> {
    const sockets = new Set<net.Socket>();
    const state = { isSilent: false };
    let wire: Wire | undefined;
    const server = net.createServer((client) => {
      const upstream = net.connect(serverPort, '127.0.0.1');
      if (wire) wire.connections += 1;
      for (const socket of [client, upstream]) {
        socket.setNoDelay(true);
        sockets.add(socket);
        socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
      }
      client.on('data', (chunk: Buffer) => {
        if (wire) wire.toServer += chunk.length;
        if (!state.isSilent) upstream.write(chunk);
      });
      upstream.on('data', (chunk: Buffer) => {
        if (wire) wire.toClient += chunk.length;
        if (!state.isSilent) client.write(chunk);
      });
      client.on('close', () => !state.isSilent && upstream.destroy());
      upstream.on('close', () => !state.isSilent && client.destroy());
    });
    wire = new Wire(await listen(server), server, sockets, state);
    return wire;
  }

  get bytes(): number {
    return this.toServer + this.toClient;
  }

  /** From now on nothing passes, and nobody is told: as when a cable is pulled or a phone leaves the Wi-Fi. */
  silence(): void {
    this.#state.isSilent = true;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** A request for an upgrade, as it goes over the wire. Other headers replace or follow these. */
export function upgradeRequest(
  headers: Readonly<Record<string, string | undefined>> = {},
  path = '/',
): string {
  const all: Record<string, string | undefined> = {
    Host: '127.0.0.1',
    Upgrade: 'websocket',
    Connection: 'Upgrade',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version': '13',
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}\r\n`],
  );
  return `GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`;
}

/** Sends a head by hand and gives the head of the answer; the socket stays open unless the server ends it. */
export async function ask(
  port: number,
  head: string,
): Promise<{ readonly head: string; readonly socket: net.Socket }> {
  const socket = net.connect(port, '127.0.0.1').setNoDelay(true);
  socket.on('error', () => undefined);
  socket.write(head);
  let answer = Buffer.alloc(0);
  while (!answer.includes('\r\n\r\n')) {
    const chunk: unknown = await nextChunk(socket);
    if (!Buffer.isBuffer(chunk)) break;
    answer = Buffer.concat([answer, chunk]);
  }
  const end = answer.indexOf('\r\n\r\n') + 4;
  if (answer.length > end) socket.unshift(answer.subarray(end));
  return { head: answer.subarray(0, end).toString('latin1'), socket };
}

/** A connection whose handshake is done and whose frames are up to the caller. */
export async function open(
  port: number,
  headers: Readonly<Record<string, string>> = {},
  path = '/',
): Promise<net.Socket> {
  const { head, socket } = await ask(port, upgradeRequest(headers, path));
  if (!head.startsWith('HTTP/1.1 101')) throw new Error(`the server refused: ${head.split('\r\n')[0]}`);
  return socket;
}

/** What is read next; undefined at the end. */
export async function nextChunk(socket: net.Socket): Promise<Buffer | undefined> {
  for (;;) {
    const chunk: unknown = socket.read();
    if (Buffer.isBuffer(chunk)) return chunk;
    if (socket.readableEnded || socket.destroyed) return undefined;
    await Promise.race([once(socket, 'readable'), once(socket, 'end'), once(socket, 'close')]).catch(
      () => undefined,
    );
  }
}

interface FrameOptions {
  readonly fin?: boolean;
  /** Default: masked, as a client has to. */
  readonly mask?: boolean;
}

const KEY = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);

/** A frame of up to 65,535 bytes as bytes. */
export function frame(opcode: number, payload: string | Uint8Array, options: FrameOptions = {}): Buffer {
  const { fin = true, mask = true } = options;
  const body = Buffer.from(payload);
  const head = Buffer.from([(fin ? 0x80 : 0) | opcode, mask ? 0x80 : 0]);
  const isShort = body.length < 126;
  head[1] = (head[1] ?? 0) | (isShort ? body.length : 126);
  const length = Buffer.alloc(isShort ? 0 : 2);
  if (!isShort) length.writeUInt16BE(body.length);
  if (!mask) return Buffer.concat([head, length, body]);
  return Buffer.concat([head, length, KEY, body.map((byte, index) => byte ^ (KEY[index % 4] ?? 0))]);
}

/** The payload of a Close frame. */
export function closePayload(code: number, reason = ''): Buffer {
  const payload = Buffer.alloc(2);
  payload.writeUInt16BE(code);
  return Buffer.concat([payload, Buffer.from(reason)]);
}

/** The opcode and the payload of the first frame in bytes that a server sent (up to 125 bytes of payload). */
export function readFrame(
  bytes: Buffer | undefined,
): { readonly opcode: number; readonly payload: Buffer } | undefined {
  if (bytes === undefined || bytes.length < 2) return undefined;
  const length = bytes.readUInt8(1) & 0x7f;
  return { opcode: bytes.readUInt8(0) & 0x0f, payload: bytes.subarray(2, 2 + length) };
}
