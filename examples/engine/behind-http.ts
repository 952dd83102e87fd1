// Beside an HTTP server that is there already: it hands over its upgrades. Express, Fastify and Koa have such a server.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect, WebSocketServer } from '@wireroom/websocket';

// #region behind
const websockets = new WebSocketServer({
  onConnection: (connection, { path }) => void connection.send(`hello from ${path}`),
});
const server = http.createServer((_request, response) => response.end('a page'));
server.on('upgrade', (request, socket, head) => websockets.handleUpgrade(request, socket, head));
server.listen(0, '127.0.0.1');
// #endregion

await new Promise((resolve) => server.once('listening', resolve));
const { port } = server.address() as AddressInfo;
console.log(await (await fetch(`http://127.0.0.1:${port}/`)).text());
const connection = await connect(`ws://127.0.0.1:${port}/chat`);
const message = await new Promise<string>((resolve) => {
  connection.handle({ message: (came) => resolve(came.text()) });
});
console.log(message);
connection.close();
await websockets.close();
server.closeAllConnections();
server.close();

// Prints:
//   a page
//   hello from /chat
