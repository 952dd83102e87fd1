// HTTP on the socket port (8090): Socket.IO's requests go to its gateway, a person with a browser is told what this port is.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

export interface SocketPortParts {
  readonly isSocketIo: (url: string | undefined) => boolean;
  readonly onSocketIoRequest: (request: IncomingMessage, response: ServerResponse) => void;
  readonly onSocketIoUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** What programs ask over HTTP, the history above all, is the same on either port. */
  readonly onApiRequest: (request: IncomingMessage, response: ServerResponse) => void;
  readonly onUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
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
  server.on('upgrade', (request, socket, head) => {
    if (parts.isSocketIo(request.url)) parts.onSocketIoUpgrade(request, socket, head);
    else parts.onUpgrade(request, socket, head);
  });
  server.emit('listening');
  return server;
}

function explain(parts: SocketPortParts, request: IncomingMessage, response: ServerResponse): void {
  const host = (request.headers.host ?? 'localhost').replace(/:\d+$/, '');
  const [http, ws] = parts.isEncrypted ? ['https', 'wss'] : ['http', 'ws'];
  const isFound = request.url === '/' || request.url?.startsWith('/?');
  response.writeHead(isFound ? 200 : 404, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
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
