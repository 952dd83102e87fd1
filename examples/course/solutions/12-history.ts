// Exercise 12: the whole history, without blocking the chat. GET /history on the same port, over a connection of its own.
// GET /waiting tells how many bytes wait in this program for readers; the grader looks at it.
import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { serve } from '../serve.ts';
import { answerOf, onRequest } from '../solutions/01-handshake.ts';
import { Room } from '../solutions/10-broadcast.ts';
import { Log, takePart } from '../solutions/11-reconnect.ts';

// #region yours
/** So many entries are made into text at a time. */
const PAGE_ENTRIES = 500;

/** Sends all entries behind this number as an HTTP answer, one JSON object in each line. */
export async function sendHistory(socket: Socket, log: Log, after: number): Promise<void> {
  const head = [
    'HTTP/1.1 200 OK',
    'Content-Type: application/x-ndjson',
    'Transfer-Encoding: chunked',
    'Connection: close',
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  let at = after;
  for (let page = log.after(at, PAGE_ENTRIES); page.length > 0; page = log.after(at, PAGE_ENTRIES)) {
    at += page.length;
    const lines = page.map((entry) => `${JSON.stringify(entry)}\n`).join('');
    const chunk = `${Buffer.byteLength(lines).toString(16)}\r\n${lines}\r\n`;
    if (!socket.write(chunk)) await drained(socket);
    await nextTurn(); // a fast reader must not keep the others from their turn
    if (socket.destroyed) return;
  }
  socket.end('0\r\n\r\n'); // the last chunk: now the reader knows that this was all
}

/** Waits until the socket has passed on what it was given, or is gone. */
function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off('drain', done).off('close', done);
      resolve();
    };
    socket.on('drain', done).on('close', done);
  });
}
// #endregion

const log = new Log();
const room = new Room();
const sockets = new Set<Socket>();
for (let i = 1; i <= 100_000; i += 1) log.post(`old-${i}`, `line ${i} ${'.'.repeat(160)}`);

const bytesWaiting = (): number => [...sockets].reduce((sum, { writableLength }) => sum + writableLength, 0);

serve(import.meta.url, (socket) => {
  sockets.add(socket);
  socket.once('close', () => sockets.delete(socket));
  onRequest(socket, (head, rest) => {
    const url = new URL(head.requestLine.split(' ')[1] ?? '/', 'http://localhost');
    if (url.pathname === '/history') {
      void sendHistory(socket, log, Number(url.searchParams.get('after') ?? 0));
      return;
    }
    if (url.pathname === '/waiting') {
      socket.end(`HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n${bytesWaiting()}`);
      return;
    }
    const answer = answerOf(head);
    socket.write(answer);
    if (answer.startsWith('HTTP/1.1 101 ')) takePart(socket, rest, log, room);
    else socket.end();
  });
});
