// What an http.Server does with `Upgrade` is made fit here: Node hands every request that names any protocol there to the
// `upgrade` event, also what HTTP would answer (h2c), and even while an earlier answer is under way.
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

export type UpgradeRoute = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** `route` gets the requests for WebSocket. An offer of another protocol is not taken up (RFC 9110 section 7.8). */
export function routeUpgrades(server: Server, route: UpgradeRoute): void {
  const underWay = new WeakMap<Duplex, number>();
  const count = (socket: Duplex, by: number): void =>
    void underWay.set(socket, (underWay.get(socket) ?? 0) + by);
  server.on('request', ({ socket }, response) => {
    count(socket, 1);
    response.on('close', () => count(socket, -1));
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Pipelined behind a request that is not answered yet, the 101 would come before that answer. No client does this.
    if ((underWay.get(socket) ?? 0) > 0) socket.destroy();
    else if (hasToken(request.headers.upgrade, 'websocket')) route(request, socket, head);
    else serveAsHttp(server, request, socket, head);
  });
}

/** Puts the request back without its offer, and has it served again. */
function serveAsHttp(server: Server, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const lines = [`${request.method} ${request.url} HTTP/${request.httpVersion}`];
  for (let i = 0; i + 1 < request.rawHeaders.length; i += 2) {
    const [name = '', value = ''] = request.rawHeaders.slice(i, i + 2);
    const kept = keptValue(name.toLowerCase(), value);
    if (kept !== '') lines.push(`${name}: ${kept}`);
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
  socket.resume();
}

function keptValue(name: string, value: string): string {
  if (name === 'upgrade' || name === 'http2-settings') return '';
  if (name !== 'connection') return value;
  return tokens(value)
    .filter((token) => !['upgrade', 'http2-settings'].includes(token.toLowerCase()))
    .join(', ');
}

const tokens = (value: string): string[] => value.split(',').map((token) => token.trim());

const hasToken = (value: string | undefined, wanted: string): boolean =>
  tokens(value ?? '').some((token) => token.toLowerCase() === wanted);
