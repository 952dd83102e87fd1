// The program of wireroom.mjs with every connection looked on at, as a recorder does: a tap from the decision that copies the bytes of each read and
// write with its time, and lets go of the oldest. Says on stdout where it listens: node wireroom-tapped.mjs PORT echo|bcast
import { prepare, WebSocketServer } from '@wireroom/websocket';

const [port, mode] = process.argv.slice(2);
const bytesMax = 2 ** 28;
const KEPT_CHUNKS = 256;

/** @returns {import('@wireroom/websocket').ConnectionTap} */
function tap() {
  const kept = new Array(KEPT_CHUNKS);
  let count = 0;
  /** @param {Buffer} chunk */
  const keep = (chunk) => {
    kept[count % KEPT_CHUNKS] = { at: performance.now(), bytes: Uint8Array.from(chunk) };
    count += 1;
  };
  return { read: keep, wrote: keep };
}

const server = new WebSocketServer({
  limits: {
    messageBytesMax: bytesMax,
    bufferedBytesMax: bytesMax,
    partialFrameTimeoutMs: 0,
    pingIntervalMs: 0,
    pongTimeoutMs: 0,
  },
  decide: () => ({ accept: true, tap: tap() }),
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
