// uWebSockets.js: C++ behind a JavaScript API.
const { deflate, isBroadcast, listen, messageBytesMax, peerRequire } = require('./peer.cjs');
const uws = peerRequire('@btc-vision/uwebsockets.js');

const compressions = {
  shared: uws.SHARED_COMPRESSOR,
  takeover: uws.DEDICATED_COMPRESSOR_256KB | uws.DEDICATED_DECOMPRESSOR_32KB,
};
const isCompressed = deflate !== undefined;
const app = uws.App();

app.ws('/*', {
  compression: compressions[deflate] ?? uws.DISABLED,
  maxPayloadLength: messageBytesMax,
  maxBackpressure: messageBytesMax,
  idleTimeout: 0,
  sendPingsAutomatically: false,
  open: (socket) => {
    if (isBroadcast) socket.subscribe('room');
  },
  message: isBroadcast
    ? (_socket, message, isBinary) => app.publish('room', message, isBinary, isCompressed)
    : (socket, message, isBinary) => socket.send(message, isBinary, isCompressed),
});
app.listen(listen.host, listen.port, (token) => {
  if (token) return;
  console.error('cannot listen');
  process.exit(1);
});
