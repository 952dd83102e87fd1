// Who may connect: one function decides on every valid request, at once or later.
import { connect, WebSocketServer, WireError } from '@wireroom/websocket';

// #region decision
const server = new WebSocketServer({
  async decide({ path, headers, subprotocols }) {
    if (path !== '/chat') return { accept: false, status: 404, reason: 'There is nothing here.' };
    const user = await userOf(headers.get('authorization'));
    if (user === undefined) return { accept: false, status: 401, reason: 'Who are you?' };
    return subprotocols.includes('chat.v2')
      ? { accept: true, subprotocol: 'chat.v2', headers: { 'X-User': user } }
      : { accept: true };
  },
  onConnection(connection, request) {
    console.log(`${request.path} speaks ${connection.subprotocol || 'no subprotocol'}`);
  },
});
// #endregion

async function userOf(authorization: string | undefined): Promise<string | undefined> {
  return authorization === 'Bearer 4711' ? 'Ada' : undefined;
}

const { port } = await server.listen({ port: 0, host: '127.0.0.1' });

// #region refused
try {
  await connect(`ws://127.0.0.1:${port}/chat`);
} catch (error) {
  if (!(error instanceof WireError)) throw error;
  console.log(`${error.code}, status ${error.httpStatus}`);
}
// #endregion

const headers = { Authorization: 'Bearer 4711' };
const connection = await connect(`ws://127.0.0.1:${port}/chat`, { headers, subprotocols: ['chat.v2'] });
connection.terminate();
await server.close();

// Prints:
//   response-refused, status 401
//   /chat speaks chat.v2
