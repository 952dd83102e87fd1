// A server that sends everything back, and a client that talks to it.
// #region server
import { connect, WebSocketServer } from '@wireroom/websocket';

const server = new WebSocketServer({
  onConnection(connection) {
    connection.handle({
      // A message that came may be sent as it is: its text is never decoded.
      message: (message) => connection.send(message),
    });
  },
});
const { port } = await server.listen({ port: 0, host: '127.0.0.1' }); // 0: any free port
// #endregion

// #region client
const connection = await connect(`ws://127.0.0.1:${port}/`);
const closed = new Promise<void>((resolve) => {
  // Set the handlers in the turn in which `connect` resolves: reading begins after it.
  connection.handle({
    message(message) {
      console.log(`${message.kind}: ${message.text()}`);
      connection.close(1000, 'bye');
    },
    close({ code, wasClean }) {
      console.log(`closed with ${code}, ${wasClean ? 'cleanly' : 'uncleanly'}`);
      resolve();
    },
  });
});
connection.send('hello');
await closed;
// #endregion

await server.close();

// Prints:
//   text: hello
//   closed with 1000, cleanly
