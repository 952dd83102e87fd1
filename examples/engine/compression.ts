// permessage-deflate: off until both sides ask for it; then messages from a threshold on are compressed.
import { connect, type Tap, WebSocketServer } from '@wireroom/websocket';

const frames: string[] = [];
const tap: Tap = {
  open: () => ({
    frame: (direction, { opcode, rsv, length }) => {
      if (direction === 'in' && opcode === 1)
        frames.push(`${rsv === 4 ? 'compressed' : 'as it is'}, ${length < 2000 ? 'small' : 'large'}`);
    },
  }),
};

// #region compression
const server = new WebSocketServer({
  perMessageDeflate: { thresholdBytes: 1024, serverNoContextTakeover: true },
  onConnection(connection) {
    const list = JSON.stringify(Array.from({ length: 500 }, (_, id) => ({ id, name: 'somebody' })));
    connection.send(list);
    connection.send(list, { compress: false }); // what stands beside a secret is better left alone
    connection.close();
  },
});
// #endregion
const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
const connection = await connect(`ws://127.0.0.1:${port}/`, { perMessageDeflate: true, tap });
console.log(`server keeps a history: ${connection.compression?.serverNoContextTakeover === false}`);
await new Promise<void>((resolve) => connection.handle({ close: () => resolve() }));
for (const frame of frames) console.log(frame);
await server.close();

// Prints:
//   server keeps a history: false
//   compressed, small
//   as it is, large
