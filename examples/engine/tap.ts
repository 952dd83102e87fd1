// Looking on: reads, writes, both heads of the handshake, frames and the end. Without a tap none of this is done.
import { connect, opcodeName, type Tap, WebSocketServer } from '@wireroom/websocket';

// #region tap
const tap: Tap = {
  open({ remoteAddress }) {
    if (remoteAddress !== '127.0.0.1') return undefined; // leave this socket alone
    return {
      response: (_rawHead, steps) => console.log(`accept: ${steps?.accept === undefined ? 'no' : 'yes'}`),
      frame(direction, { opcode, masked, length }) {
        console.log(`${direction} ${opcodeName(opcode)} ${length} bytes${masked ? ', masked' : ''}`);
      },
      close: (event) => console.log(`end ${event?.code}`),
    };
  },
};
const server = new WebSocketServer({
  tap,
  onConnection: (connection) => connection.handle({ message: (message) => connection.send(message) }),
});
// #endregion

const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
const connection = await connect(`ws://127.0.0.1:${port}/`);
connection.send('hello');
await new Promise<void>((resolve) => {
  connection.handle({ message: () => connection.close(), close: () => resolve() });
});
await server.close();

// Prints:
//   accept: yes
//   in text 5 bytes, masked
//   out text 5 bytes
//   in close 2 bytes, masked
//   out close 2 bytes
//   end 1000
