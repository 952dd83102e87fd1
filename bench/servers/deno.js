// Deno's own WebSocket server. Run by deno, not by node: deno run -A deno.js PORT echo|bcast
const [port, mode] = Deno.args;
const isBroadcast = mode === 'bcast';
const sockets = new Set();

Deno.serve({ port: Number(port), hostname: '127.0.0.1', onListen() {} }, (request) => {
  const { socket, response } = Deno.upgradeWebSocket(request, { idleTimeout: 0 });
  socket.onopen = () => sockets.add(socket);
  socket.onclose = () => sockets.delete(socket);
  socket.onmessage = ({ data }) => {
    if (!isBroadcast) socket.send(data);
    else for (const other of sockets) other.send(data);
  };
  return response;
});
