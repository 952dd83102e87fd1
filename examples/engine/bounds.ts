// Limits of one's own: what a peer can cost has a bound, and whoever goes beyond it learns which.
import { connect, WebSocketServer } from '@wireroom/websocket';

// #region bounds
const server = new WebSocketServer({
  limits: { messageBytesMax: 16 * 1024, handshakeTimeoutMs: 3_000, idleTimeoutMs: 10 * 60_000 },
  onConnection(connection) {
    connection.handle({ message: (message) => connection.send(message) });
  },
  // News for a log. Nothing has to be done about it: the peer was told, and its connection is over.
  onError: (error, { remoteAddress }) => console.log(`${remoteAddress}: ${error.code}`),
});
// #endregion

const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
const connection = await connect(`ws://127.0.0.1:${port}/`);
const end = new Promise<string>((resolve) => {
  connection.handle({ close: ({ code, reason }) => resolve(`${code}: ${reason}`) });
});
connection.send('x'.repeat(20_000));
await end;
await server.close();
console.log(await end);

// Prints:
//   127.0.0.1: message-too-large
//   1009: A message may have 16384 bytes at most.
