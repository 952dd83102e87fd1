// A sender that is faster than its reader: `send` says when it is time to wait, in two ways.
import { type Connection, connect, WebSocketServer } from '@wireroom/websocket';

const block = Buffer.alloc(16 * 1024);
const blocks = 200;

// #region flushed
/** With promises: go on when what was sent is with the kernel. Rejects with a WireError when the connection is lost. */
async function sendAll(connection: Connection): Promise<void> {
  for (let sent = 0; sent < blocks && connection.state === 'open'; sent++) {
    if (!connection.send(block)) await connection.flushed();
  }
}
// #endregion

// #region drain
/** With handlers: stop at `false`, go on at `drain`. */
function sendMoreOnDrain(connection: Connection): void {
  let sent = 0;
  const more = (): void => {
    while (sent < blocks) {
      sent++;
      if (!connection.send(block)) return;
    }
  };
  connection.handle({ drain: more });
  more();
}
// #endregion

const server = new WebSocketServer({
  onConnection(connection, { path }) {
    if (path === '/flushed') sendAll(connection).catch(console.log);
    else sendMoreOnDrain(connection);
  },
});
const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
for (const path of ['/flushed', '/drain']) {
  const connection = await connect(`ws://127.0.0.1:${port}${path}`);
  let came = 0;
  await new Promise<void>((resolve) => {
    connection.handle({ message: () => void (++came === blocks && resolve()) });
  });
  console.log(`${path}: ${came} blocks came`);
}
await server.close();

// Prints:
//   /flushed: 200 blocks came
//   /drain: 200 blocks came
