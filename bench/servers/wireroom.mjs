// Our engine by its own API, as built in packages/websocket/dist: node wireroom.mjs PORT echo|bcast [shared|takeover]
// The limits are as wide as those of the peers beside it, and there is no heartbeat. Says on stdout where it listens.
import { prepare, WebSocketServer } from '@wireroom/websocket';

const [port, mode, deflate] = process.argv.slice(2);
const bytesMax = 2 ** 28;

const server = new WebSocketServer({
  limits: {
    messageBytesMax: bytesMax,
    bufferedBytesMax: bytesMax,
    partialFrameTimeoutMs: 0,
    pingIntervalMs: 0,
    pongTimeoutMs: 0,
  },
  perMessageDeflate:
    deflate === undefined ? false : { thresholdBytes: 0, serverNoContextTakeover: deflate === 'shared' },
  onConnection(connection) {
    connection.handle({
      message: mode === 'bcast' ? sendToAll : (message) => connection.send(message),
    });
  },
});

/** @param {import('@wireroom/websocket').Message} message */
function sendToAll(message) {
  const prepared = prepare(message.kind === 'text' ? message.text() : message.data);
  for (const connection of server.connections) connection.send(prepared);
}

const address = await server.listen({ port: Number(port), host: '127.0.0.1', backlog: 4096 });
console.log(`listening ${address.port}`);
