// Our engine by the API of ws, as built: the program of ws.cjs with another import. Says on stdout where it listens.
//   node wireroom-ws-api.mjs PORT echo|bcast [shared|takeover]
import { WebSocketServer } from '@wireroom/websocket/ws';

const [port, mode, deflate] = process.argv.slice(2);

const server = new WebSocketServer({
  port: Number(port),
  host: '127.0.0.1',
  backlog: 4096,
  maxPayload: 2 ** 28,
  perMessageDeflate:
    deflate === undefined ? false : { threshold: 0, serverNoContextTakeover: deflate === 'shared' },
});

server.on('connection', (socket) => {
  socket.on('error', (error) => console.error(error));
  if (mode !== 'bcast') {
    socket.on('message', (data, binary) => socket.send(data, { binary }));
    return;
  }
  socket.on('message', (data, binary) => {
    for (const client of server.clients) client.send(data, { binary });
  });
});
server.on('listening', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') console.log(`listening ${address.port}`);
});
