// A server under test: that of the package ws. Says its port in one line.
import { WebSocketServer } from 'ws';
import { WS_LIMITS } from './engine-limits.ts';

const server = new WebSocketServer({
  port: 0,
  host: '127.0.0.1',
  ...WS_LIMITS,
  perMessageDeflate: { threshold: 0 },
});
server.on('connection', (socket) => {
  socket.on('error', () => undefined);
  socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
});
server.on('listening', () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null) process.stdout.write(`${address.port}\n`);
});
