// The peer's server, a program: a plain Socket.IO room with the library's defaults, as its documentation begins; with `--recovery`, with
// connection state recovery by the values of its documentation. `npm run jitter` starts it; SIGTERM ends it by `io.close()`.
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const isRecovering = process.argv.includes('--recovery');
const recovery = {
  connectionStateRecovery: { maxDisconnectionDuration: 2 * 60 * 1000, skipMiddlewares: true },
};

const http = createServer();
const io = new Server(http, isRecovering ? recovery : {});

io.on('connection', (socket) => {
  socket.on('message', (text: unknown) => {
    // The conductor's book of what has reached the server; a pipe is written at once, so a kill loses none of it.
    process.stdout.write(`heard ${String(text)}\n`);
    io.emit('message', text);
  });
});

http.listen(0, 'localhost', () => {
  const address = http.address();
  if (typeof address === 'object' && address !== null)
    process.stdout.write(`listening on http://localhost:${address.port}\n`);
});

process.once('SIGTERM', () => void io.close().finally(() => process.exit()));
// Whoever started it is gone.
process.stdin.on('end', () => process.exit()).resume();
