// Socket.IO on this engine, by its option `wsEngine`.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
// #region socketio
import { WebSocketServer } from '@wireroom/websocket/ws';
import { Server } from 'socket.io';

const httpServer = http.createServer();
const io = new Server(httpServer, { wsEngine: WebSocketServer });
io.on('connection', (socket) => {
  socket.on('chat', (text) => io.emit('chat', text));
});
httpServer.listen(0, '127.0.0.1');

// #endregion
import { io as connect } from 'socket.io-client';

await new Promise((resolve) => httpServer.once('listening', resolve));
const { port } = httpServer.address() as AddressInfo;
const client = connect(`http://127.0.0.1:${port}/`, { transports: ['websocket'] });
client.emit('chat', 'hello');
const text = await new Promise((resolve) => client.once('chat', resolve));
console.log(`everybody hears: ${text}`);
client.close();
await io.close();

// Prints:
//   everybody hears: hello
