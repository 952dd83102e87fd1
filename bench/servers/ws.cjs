// ws, the most used WebSocket server of Node. With its native add-ons unless WS_NO_BUFFER_UTIL and WS_NO_UTF_8_VALIDATE are set.
const { deflate, isBroadcast, listen, messageBytesMax, peerRequire } = require('./peer.cjs');
const { WebSocketServer } = peerRequire('ws');

const server = new WebSocketServer({
  ...listen,
  maxPayload: messageBytesMax,
  perMessageDeflate: deflate ? { threshold: 0, serverNoContextTakeover: deflate === 'shared' } : false,
});

server.on('connection', (socket) => {
  socket.on('error', (error) => console.error(error));
  if (!isBroadcast) {
    socket.on('message', (data, binary) => socket.send(data, { binary }));
    return;
  }
  socket.on('message', (data, binary) => {
    for (const client of server.clients) client.send(data, { binary });
  });
});
