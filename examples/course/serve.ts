// Starts an exercise: a TCP server on PORT (8090 unless it is set), reachable from this machine only. Knows no WebSocket.
// The learner's files call it in their last line; exercise.ts starts those files and grades them.
import { realpathSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';

/** Serves, if the file with this `import.meta.url` is the program. If another file imports it, nothing happens. */
export function serve(moduleUrl: string, onSocket: (socket: Socket) => void): void {
  const program = process.argv[1];
  if (program === undefined || realpathSync(program) !== realpathSync(fileURLToPath(moduleUrl))) return;
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy()); // a cut line is daily life, no reason to end the program
    onSocket(socket);
  });
  const port = Number(process.env.PORT ?? 8090);
  server.on('error', (error) => {
    console.error(`port ${port} cannot be opened: ${error.message}. Another one: PORT=8091 …`);
    process.exitCode = 1;
  });
  server.listen(port, '127.0.0.1', () => {
    const address = server.address();
    if (typeof address === 'object' && address !== null)
      console.log(`listening on ws://127.0.0.1:${address.port}`);
  });
}
