// A program written for the package `ws`: the import is changed, the rest is as it was.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
// #region ws
import WebSocket, { WebSocketServer } from '@wireroom/websocket/ws';

const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
server.on('connection', (socket, request) => {
  socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
  socket.send(`you asked for ${request.url}`);
});
// #endregion
await once(server, 'listening');
const { port } = server.address() as AddressInfo;

const socket = new WebSocket(`ws://127.0.0.1:${port}/here`);
socket.on('message', (data) => console.log(String(data)));
await once(socket, 'message');
socket.send('hello');
await once(socket, 'message');
socket.close();
await once(socket, 'close');
await new Promise((resolve) => server.close(resolve));

// Prints:
//   you asked for /here
//   hello
