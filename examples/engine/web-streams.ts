// A connection as a pair of web streams, with back-pressure both ways.
import { TransformStream } from 'node:stream/web';
import { connect, streams, WebSocketServer } from '@wireroom/websocket';

// #region streams
const server = new WebSocketServer({
  async onConnection(connection) {
    const { readable, writable } = streams(connection);
    const shout = new TransformStream<string | Buffer, string>({
      transform: (chunk, controller) => controller.enqueue(String(chunk).toUpperCase()),
    });
    try {
      await readable.pipeThrough(shout).pipeTo(writable);
    } catch (error) {
      console.log(`lost: ${error}`);
    }
  },
});
// #endregion

const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
const { readable, writable, close, closed } = streams(await connect(`ws://127.0.0.1:${port}/`));
const writer = writable.getWriter();
await writer.write('streams');
for await (const chunk of readable) {
  console.log(chunk);
  break;
}
close();
console.log(`closed with ${(await closed).closeCode}`);
await server.close();

// Prints:
//   STREAMS
//   closed with 1000
