// faye-websocket, the oldest WebSocket implementation of Node that is still in use. Without permessage-deflate.
const http = require('node:http');
const { isBroadcast, listen, messageBytesMax, peerRequire } = require('./peer.cjs');
const FayeWebSocket = peerRequire('faye-websocket');

const sockets = new Set();
const server = http.createServer();

server.on('upgrade', (request, tcp, head) => {
  const socket = new FayeWebSocket(request, tcp, head, [], { maxLength: messageBytesMax });
  sockets.add(socket);
  socket.on('close', () => sockets.delete(socket));
  socket.on('message', ({ data }) => {
    if (!isBroadcast) socket.send(data);
    else for (const other of sockets) other.send(data);
  });
});
server.listen(listen);
