// wss: the server takes a certificate, the client whatever node:tls takes.
import { connect, WebSocketServer } from '@wireroom/websocket';
import { generate } from 'selfsigned';

const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
  extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
});

// #region tls
const server = new WebSocketServer({
  onConnection(connection, { encrypted }) {
    connection.send(encrypted ? 'nobody else reads this' : 'everybody reads this');
  },
});
const { port } = await server.listen({ port: 0, host: '127.0.0.1', tls: { key, cert } });

const connection = await connect(`wss://localhost:${port}/`, { tls: { ca: cert } });
// #endregion
const message = await new Promise<string>((resolve) => {
  connection.handle({ message: (came) => resolve(came.text()) });
});
console.log(message);
connection.close();
await server.close();

// Prints:
//   nobody else reads this
