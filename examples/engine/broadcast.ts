// One message to everybody: framed once (and deflated once), however many receive it.
import { connect, prepare, WebSocketServer } from '@wireroom/websocket';

// #region broadcast
const server = new WebSocketServer({
  onConnection(connection) {
    connection.handle({
      message(message) {
        const prepared = prepare(message.kind === 'text' ? message.text() : message.data);
        for (const receiver of server.connections) receiver.sendPrepared(prepared);
      },
    });
  },
});
// #endregion

const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
const clients = await Promise.all(Array.from({ length: 3 }, () => connect(`ws://127.0.0.1:${port}/`)));
const heard = clients.map(
  (client, index) =>
    new Promise<string>((resolve) => {
      client.handle({ message: (message) => resolve(`client ${index + 1} heard: ${message.text()}`) });
    }),
);
clients[0]?.send('news');
for (const line of await Promise.all(heard)) console.log(line);
await server.close();

// Prints:
//   client 1 heard: news
//   client 2 heard: news
//   client 3 heard: news
