// A client made of Node's own WebSocket and nothing else: sends back whatever comes, and says at the end how it was closed. A
// program of its own, so that another Node can run it where this one has no such client. For tests only.
const client = new WebSocket(process.argv[2] ?? '');
client.binaryType = 'arraybuffer';
client.onmessage = ({ data }) => client.send(data);
client.onclose = ({ code, reason, wasClean }) => {
  process.stdout.write(JSON.stringify({ code, reason, wasClean }));
};
