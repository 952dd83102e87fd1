// Exercise 12: the whole history, without blocking the chat. GET /history on the same port, over a connection of its own.
// GET /waiting tells how many bytes wait in this program for readers; the grader looks at it.
import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { serve } from '../serve.ts';
import { answerOf, onRequest } from '../solutions/01-handshake.ts';
import { Room } from '../solutions/10-broadcast.ts';
import { Log, takePart } from '../solutions/11-reconnect.ts';

// #region yours
/** Sends all entries behind this number as an HTTP answer, one JSON object in each line. */
export async function sendHistory(socket: Socket, log: Log, after: number): Promise<void> {
  socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nConnection: close\r\n\r\n');
  // Yours: this gives the socket everything at once, whether the reader keeps up or not; and a cut looks like the end.
  for (const entry of log.after(after)) socket.write(`${JSON.stringify(entry)}\n`);
  socket.end();
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
