// Messages fetched with `for await`: the peer has to wait while the program is busy.
import { connect, messages, WebSocketServer } from '@wireroom/websocket';

// #region iteration
const server = new WebSocketServer({
  async onConnection(connection) {
    try {
      for await (const message of messages(connection)) {
        connection.send(`you said ${await translated(message.text())}`);
      }
    } catch (error) {
      // Thrown for every end but a clean one, after the messages that came before it.
      console.log(`lost: ${error}`);
    }
  },
});
// #endregion

async function translated(text: string): Promise<string> {
  return text.toUpperCase();
}

const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
const connection = await connect(`ws://127.0.0.1:${port}/`);
const answers = messages(connection);
for (const word of ['one', 'two']) {
  connection.send(word);
  console.log((await answers.next()).value?.text());
}
connection.close();
await server.close();

// Prints:
//   you said ONE
//   you said TWO
