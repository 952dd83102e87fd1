// The class WebSocket of browsers, for code that runs in both places.
import { WebSocketServer } from '@wireroom/websocket';
import { WebSocket } from '@wireroom/websocket/whatwg';

const server = new WebSocketServer({
  onConnection: (connection) => connection.handle({ message: (message) => connection.send(message) }),
});
const { port } = await server.listen({ port: 0, host: '127.0.0.1' });

// #region browser
const websocket = new WebSocket(`ws://127.0.0.1:${port}/`);
websocket.onopen = () => websocket.send('as in a browser');
websocket.onmessage = ({ data }) => {
  console.log(data);
  websocket.close();
};
// #endregion
await new Promise<void>((resolve) => {
  websocket.onclose = ({ wasClean }) => {
    console.log(`clean: ${wasClean}`);
    resolve();
  };
});
await server.close();

// Prints:
//   as in a browser
//   clean: true
