// The lesson's first chat room: WebSocket spoken by hand on a raw TCP socket, so that each byte can be observed.
// It is not made for the open network (no fragments, no Origin check, no heartbeat): packages/websocket is.
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import { listen, servePage } from './page-server.ts';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'; // RFC 6455, section 1.3. A letter less, and no browser agrees.
const SWITCHED = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'];
const REFUSED = ['HTTP/1.1 426 Upgrade Required', 'Sec-WebSocket-Version: 13', 'Connection: close'];
const [TEXT, CLOSE, PING, PONG] = [0x1, 0x8, 0x9, 0xa];
const [HEAD_MAX, PAYLOAD_MAX, UNSENT_MAX, QUIET_MS_MAX] = [8192, 65_535, 2 ** 20, 10_000]; // the first three in bytes
const ending = (closeCode: number, reason: string) => new Error(reason, { cause: closeCode });
const chatters = new Set<Socket>();
let sockets = 0;

/** Answers the opening request once all of it is there, and returns the bytes behind it. */
function shakeHands(socket: Socket, bytes: Buffer): Buffer {
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1 && bytes.length > HEAD_MAX) socket.destroy();
  if (end === -1) return bytes;
  const head = bytes.toString('latin1', 0, end);
  const header = (name: string) => new RegExp(`^${name}:(.*)$`, 'im').exec(head)?.[1]?.trim() ?? '';
  const key = header('Sec-WebSocket-Key');
  const isUpgrade = head.startsWith('GET ') && header('Upgrade').toLowerCase() === 'websocket';
  const isAccepted = isUpgrade && header('Sec-WebSocket-Version') === '13' && key.length === 24;
  const accept = createHash('sha1').update(`${key}${GUID}`).digest('base64');
  const answer = isAccepted ? [...SWITCHED, `Sec-WebSocket-Accept: ${accept}`] : REFUSED;
  console.log('  request %O\n  SHA-1 of %O\n  answer %O', head.split('\r\n'), key + GUID, answer);
  socket.write(`${answer.join('\r\n')}\r\n\r\n`);
  if (isAccepted) chatters.add(socket.setTimeout(0));
  else socket.end();
  return bytes.subarray(end + 4);
}

/** The frame at the start of `bytes`, or nothing while its end has not arrived (RFC 6455, section 5.2). */
function readFrame(bytes: Buffer) {
  if (bytes.length < 2) return undefined;
  const [first, second] = [bytes.readUInt8(0), bytes.readUInt8(1)];
  if (second < 0x80) throw ending(1002, 'a client masks its frames');
  const form = second - 0x80; // up to 125 it is the length; 126: the next 2 bytes are; 127: the next 8 bytes are
  const maskAt = form < 126 ? 2 : form === 126 ? 4 : 10;
  if (bytes.length < maskAt) return undefined;
  const length = form < 126 ? form : form === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  if (length > PAYLOAD_MAX) throw ending(1009, `a message has at most ${PAYLOAD_MAX} bytes`);
  const end = maskAt + 4 + length;
  if (bytes.length < end) return undefined;
  const mask = bytes.subarray(maskAt, maskAt + 4);
  const payload = Buffer.from(bytes.subarray(maskAt + 4, end).map((byte, i) => byte ^ mask.readUInt8(i % 4)));
  return { fin: first >> 7, rsv: (first >> 4) & 7, opcode: first & 15, mask, payload, end };
}

/** Writes one frame: whole, and not masked (a server's never are). */
function send(socket: Socket, opcode: number, payload: Buffer): void {
  const size = payload.length < 126 ? [payload.length] : [126, payload.length >> 8, payload.length & 0xff];
  socket.write(Buffer.concat([Buffer.from([0x80 | opcode, ...size]), payload]));
  if (socket.writableLength > UNSENT_MAX) socket.destroy(); // it does not read what it is sent
}

/** Does what a frame asks for, or throws what ends the conversation. */
function obey(socket: Socket, frame: NonNullable<ReturnType<typeof readFrame>>): void {
  const { fin, rsv, opcode, mask, payload } = frame;
  const shown = opcode === TEXT ? payload.toString().slice(0, 60) : payload;
  console.log('  frame: FIN %d, RSV %d, opcode %d, mask %O, payload %O', fin, rsv, opcode, mask, shown);
  if (rsv !== 0) throw ending(1002, 'no extension was agreed');
  if (fin === 0 || opcode === 0) throw ending(1003, 'this server takes whole messages, no fragments');
  if (opcode >= CLOSE && payload.length > 125) throw ending(1002, 'a control frame has at most 125 bytes');
  if (opcode === CLOSE) throw ending(1000, 'goodbye');
  if (opcode === TEXT && !isUtf8(payload)) throw ending(1007, 'text is UTF-8');
  if (opcode === TEXT) for (const chatter of chatters) send(chatter, TEXT, payload);
  else if (opcode === PING) send(socket, PONG, payload);
  else if (opcode !== PONG) throw ending(1003, 'this server takes text only');
}

const server = createServer((socket) => {
  const who = `socket ${++sockets}`;
  let [reads, waiting]: [number, Buffer] = [0, Buffer.alloc(0)];
  socket.setTimeout(QUIET_MS_MAX, () => socket.destroy()).on('close', () => chatters.delete(socket));
  socket.on('error', (error) => console.log(`${who}: ${error.message}`)); // a cut line is daily life, no crash
  socket.on('data', (bytes) => {
    console.log(`\n${who}, read ${++reads}: ${bytes.length} bytes`, bytes);
    if (!socket.writable) return; // it has been told goodbye
    waiting = Buffer.concat([waiting, bytes]);
    try {
      if (!chatters.has(socket)) waiting = shakeHands(socket, waiting);
      while (chatters.has(socket)) {
        const frame = readFrame(waiting);
        if (!frame) break;
        waiting = waiting.subarray(frame.end);
        obey(socket, frame);
      }
    } catch (error) {
      if (!(error instanceof Error) || typeof error.cause !== 'number') throw error;
      console.log(`  close ${error.cause}: ${error.message}`);
      send(socket, CLOSE, Buffer.from([error.cause >> 8, error.cause & 0xff, ...Buffer.from(error.message)]));
      chatters.delete(socket.end().setTimeout(QUIET_MS_MAX));
    }
  });
});
await servePage({ file: 'native.html', socketPort: await listen(server, 'SOCKET_PORT', 8090) });
