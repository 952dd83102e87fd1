// The other way round: the engine listens, reads heads by itself, and hands on what is not for it, with all bytes unread.
import http from 'node:http';
import { connect, WebSocketServer } from '@wireroom/websocket';

// #region hand-on
const pages = http.createServer((_request, response) => response.end('a page'));
const server = new WebSocketServer({
  onConnection: (connection) => void connection.send('hello'),
  // What asks for no WebSocket: a server of node:http that listens nowhere takes it from here.
  handOn: (socket) => pages.emit('connection', socket),
});
// #endregion

const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
console.log(await (await fetch(`http://127.0.0.1:${port}/`)).text());
const connection = await connect(`ws://127.0.0.1:${port}/`);
const message = await new Promise<string>((resolve) => {
  connection.handle({ message: (came) => resolve(came.text()) });
});
console.log(message);
connection.close();
await server.close();
pages.closeAllConnections();

// Prints:
//   a page
//   hello
