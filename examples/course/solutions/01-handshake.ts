// Exercise 01: answer the handshake. You write the part between the marks; the rest reads the request for you.
// Later exercises build on this file.
import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { serve } from '../serve.ts';

/** The head of a request: `GET /chat HTTP/1.1`, and the values of the headers by their names in lower case. */
export interface Head {
  readonly requestLine: string;
  readonly headers: ReadonlyMap<string, string>;
}

// #region yours
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** The value of Sec-WebSocket-Accept for this value of Sec-WebSocket-Key. */
export function acceptOf(key: string): string {
  return createHash('sha1')
    .update(key + GUID)
    .digest('base64');
}

/** The whole answer to this request, as text. */
export function answerOf({ headers }: Head): string {
  const key = headers.get('sec-websocket-key');
  if (key === undefined) return 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n';
  const lines = [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${acceptOf(key)}`,
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}
// #endregion

/** A head is never longer. Who sends more without an empty line is cut off. */
const HEAD_BYTES_MAX = 8192;

/** Waits for the empty line behind the head, and passes on the head and the bytes that came behind it. */
export function onRequest(socket: Socket, take: (head: Head, rest: Buffer) => void): void {
  let waiting: Buffer = Buffer.alloc(0);
  const read = (bytes: Buffer): void => {
    waiting = Buffer.concat([waiting, bytes]);
    const end = waiting.indexOf('\r\n\r\n');
    if (end === -1 && waiting.length > HEAD_BYTES_MAX) socket.destroy();
    if (end === -1) return;
    socket.off('data', read);
    take(headOf(waiting.toString('latin1', 0, end)), waiting.subarray(end + 4));
  };
  socket.on('data', read);
}

function headOf(text: string): Head {
  const [requestLine = '', ...lines] = text.split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return { requestLine, headers: new Map(headers) };
}

/** Answers the request. When the answer is a 101, the connection belongs to `onOpen` from then on. */
export function shakeHands(socket: Socket, onOpen: (rest: Buffer) => void): void {
  onRequest(socket, (head, rest) => {
    const answer = answerOf(head);
    socket.write(answer);
    if (answer.startsWith('HTTP/1.1 101 ')) onOpen(rest);
    else socket.end();
  });
}

serve(import.meta.url, (socket) => shakeHands(socket, () => console.log('a connection is open')));
