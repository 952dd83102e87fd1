// Starts an exercise: a TCP server on PORT (8090 unless it is set), reachable from this machine only, and a page to try it
// from on the next port. Knows no WebSocket. The learner's files call it in their last line; exercise.ts grades them.
import { readFileSync, realpathSync } from 'node:fs';
import { createServer as createPageServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';

const host = '127.0.0.1';

/** Serves, if the file with this `import.meta.url` is the program. If another file imports it, nothing happens. */
export function serve(moduleUrl: string, onSocket: (socket: Socket) => void): void {
  const program = process.argv[1];
  if (program === undefined || realpathSync(program) !== realpathSync(fileURLToPath(moduleUrl))) return;
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy()); // a cut line is daily life, no reason to end the program
    onSocket(socket);
  });
  const { PORT = '8090', PAGE_PORT = PORT === '0' ? undefined : String(Number(PORT) + 1) } = process.env;
  listen(server, Number(PORT), (port) => {
    console.log(`listening on ws://${host}:${port}`);
    if (PAGE_PORT !== undefined) servePage(Number(PAGE_PORT), port);
  });
}

/** A page that connects to the exercise. An empty page would not do: browsers keep it away from this machine's ports. */
function servePage(pagePort: number, socketPort: number): void {
  const page = readFileSync(new URL('page.html', import.meta.url), 'utf8').replaceAll(
    'PORT',
    String(socketPort),
  );
  const server = createPageServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8').end(page);
  });
  listen(server, pagePort, (port) => console.log(`try it in a browser: http://${host}:${port}`));
}

function listen(server: Server, port: number, onPort: (port: number) => void): void {
  server.on('error', (error) => {
    console.error(`port ${port} cannot be opened: ${error.message}. Choose another one by PORT=…`);
    process.exitCode = 1;
  });
  server.listen(port, host, () => {
    const address = server.address();
    if (typeof address === 'object' && address !== null) onPort(address.port);
  });
}
