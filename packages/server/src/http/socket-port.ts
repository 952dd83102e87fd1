// HTTP on the socket port (8090): Socket.IO's requests go to its gateway, a person with a browser is told what this port is.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type HostRules, judgeHost } from '../lib/host-name.ts';
import { routeUpgrades, type UpgradeRoute } from './upgrades.ts';

export interface SocketPortParts {
  readonly isSocketIo: (url: string | undefined) => boolean;
  readonly onSocketIoRequest: (request: IncomingMessage, response: ServerResponse) => void;
  /** What programs ask over HTTP, the history above all, is the same on either port. */
  readonly onApiRequest: (request: IncomingMessage, response: ServerResponse) => void;
  readonly onUpgrade: UpgradeRoute;
  readonly hostRules: HostRules;
  /** Where the page is, for those who came to the wrong port. */
  readonly pagePort: number;
  readonly isEncrypted: boolean;
}

/** Never listens by itself: connections are given to it. */
export function openSocketPort(parts: SocketPortParts): Server {
  const server = createServer((request, response) => {
    if (parts.isSocketIo(request.url)) parts.onSocketIoRequest(request, response);
    else if (request.url?.startsWith('/api/')) parts.onApiRequest(request, response);
    else explain(parts, request, response);
  });
  routeUpgrades(server, parts.onUpgrade);
  server.emit('listening');
  return server;
}

function explain(parts: SocketPortParts, request: IncomingMessage, response: ServerResponse): void {
  const host = (request.headers.host ?? 'localhost').replace(/:\d+$/, '');
  const [http, ws] = parts.isEncrypted ? ['https', 'wss'] : ['http', 'ws'];
  const verdict = judgeHost(request.headers.host, parts.hostRules);
  const isFound = request.url === '/' || request.url?.startsWith('/?');
  response.writeHead(!verdict.isServed ? 421 : isFound ? 200 : 404, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  if (!verdict.isServed) {
    response.end(`${verdict.reason}\n`);
    return;
  }
  response.end(`This is Wireroom's port for programs. The chat for people is at ${http}://${host}:${parts.pagePort}/

Plain WebSocket:  new WebSocket('${ws}://${request.headers.host ?? 'localhost:8090'}/')
  then send       {"type":"hello","ref":1,"name":"your name"}
                  {"type":"join","ref":2,"room":"lobby"}
                  {"type":"post","ref":3,"room":"lobby","text":"hi"}

Socket.IO:        io.connect('${ws}://${request.headers.host ?? 'localhost:8090'}', { transports: ['websocket'] })
  then            socket.send({ type: 'LOGIN', name: 'your name' })
                  socket.send({ type: 'CHAT', message: 'hi' })
`);
}
