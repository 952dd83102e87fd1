// A server under test: our own. Says its port in one line.
import { WebSocketServer } from '@wireroom/websocket';
import { ENGINE_LIMITS } from './engine-limits.ts';

const server = new WebSocketServer({
  limits: ENGINE_LIMITS,
  perMessageDeflate: { thresholdBytes: 0 },
  onConnection: (connection) =>
    connection.handle({
      message: (message) => connection.send(message.kind === 'text' ? message.text() : message.data),
    }),
});
const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
process.stdout.write(`${port}\n`);
