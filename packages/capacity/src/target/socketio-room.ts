// The program of a plain Socket.IO room, which chats are measured beside: everybody is in it, and what somebody emits all hear. Nothing
// is stored. Its arguments are the event's name and a port, any that is free if none is given.
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const [event = 'm', port = '0'] = process.argv.slice(2);
const http = createServer((_request, response) => {
  response.writeHead(404).end();
});
const io = new Server(http, { transports: ['websocket'] });
io.on('connection', (socket) => {
  socket.on(event, (text: unknown) => {
    io.emit(event, text);
  });
});
http.listen(Number(port), '127.0.0.1', () => {
  const address = http.address();
  const bound = typeof address === 'object' && address !== null ? address.port : 0;
  process.stdout.write(`Socket.IO listening on http://127.0.0.1:${bound}\n`);
});
process.once('SIGTERM', () => process.exit(0));
