// Socket.IO over WebSocket: event `m` with one string. On ws, as it comes; BENCH_ENGINE=wireroom puts it on our engine.
const http = require('node:http');
const { isBroadcast, listen, messageBytesMax, peerRequire } = require('./peer.cjs');
const { Server } = peerRequire('socket.io');

async function start() {
  const isOurs = process.env.BENCH_ENGINE === 'wireroom';
  const wsEngine = isOurs ? (await import('@wireroom/websocket/ws')).WebSocketServer : undefined;
  const server = http.createServer();
  const io = new Server(server, {
    transports: ['websocket'],
    maxHttpBufferSize: messageBytesMax,
    perMessageDeflate: false,
    serveClient: false,
    ...(wsEngine && { wsEngine }),
  });
  io.on('connection', (socket) => {
    socket.on('m', (data) => {
      if (isBroadcast) io.emit('m', data);
      else socket.emit('m', data);
    });
  });
  server.listen(listen, () => console.log(`listening ${server.address().port}`));
}

start();
