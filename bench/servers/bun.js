// Bun's own WebSocket server. Run by bun, not by node: bun run bun.js PORT echo|bcast [shared|takeover]
const [port, mode, deflate] = process.argv.slice(2);
const isBroadcast = mode === 'bcast';
const isCompressed = deflate !== undefined;
const compressions = {
  shared: { compress: 'shared', decompress: 'shared' },
  takeover: { compress: '256KB', decompress: '32KB' },
};
const bytesMax = 2 ** 28;

const server = Bun.serve({
  port: Number(port),
  hostname: '127.0.0.1',
  fetch(request, self) {
    return self.upgrade(request) ? undefined : new Response('WebSocket only', { status: 400 });
  },
  websocket: {
    perMessageDeflate: compressions[deflate] ?? false,
    maxPayloadLength: bytesMax,
    backpressureLimit: bytesMax,
    idleTimeout: 0,
    sendPings: false,
    open(socket) {
      if (isBroadcast) socket.subscribe('room');
    },
    message(socket, message) {
      if (isBroadcast) server.publish('room', message, isCompressed);
      else socket.send(message, isCompressed);
    },
  },
});
