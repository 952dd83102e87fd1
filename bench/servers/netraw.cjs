// No WebSocket at all: every chunk goes back, or to everybody. What node:net itself takes is the floor for JavaScript.
const net = require('node:net');
const { isBroadcast, listen } = require('./peer.cjs');

const sockets = new Set();
const server = net.createServer({ noDelay: true }, (socket) => {
  sockets.add(socket);
  socket.on('close', () => sockets.delete(socket));
  // A generator that has measured goes away without a farewell.
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    if (!isBroadcast) socket.write(chunk);
    else for (const other of sockets) other.write(chunk);
  });
});
server.listen(listen);
