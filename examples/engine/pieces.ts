// One message that is larger than anybody wants in memory: sent and received in pieces.
import { createHash } from 'node:crypto';
import { connect, messagesInPieces, sendInPieces, WebSocketServer } from '@wireroom/websocket';

const server = new WebSocketServer({
  // #region receive
  async onConnection(connection) {
    try {
      for await (const { kind, pieces } of messagesInPieces(connection)) {
        const hash = createHash('sha256');
        let bytes = 0;
        for await (const piece of pieces) {
          hash.update(piece);
          bytes += piece.length;
        }
        connection.send(`${kind}, ${bytes} bytes, SHA-256 ${hash.digest('hex').slice(0, 8)}`);
      }
    } catch (error) {
      console.log(`lost: ${error}`); // in the middle of a message, or between two
    }
  },
  // #endregion
});
const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
const connection = await connect(`ws://127.0.0.1:${port}/`);
const answered = new Promise<string>((resolve) => {
  connection.handle({ message: (message) => resolve(message.text()) });
});

// #region send
/** Any iterable of strings or bytes; a file read by `createReadStream` is one. */
function* blocks(): Generator<Uint8Array> {
  for (let i = 0; i < 64; i++) yield Buffer.alloc(64 * 1024, i);
}
await sendInPieces(connection, 'binary', blocks());
// #endregion

console.log(await answered);
connection.close();
await server.close();

// Prints:
//   binary, 4194304 bytes, SHA-256 4f1f8b60
