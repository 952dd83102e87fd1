// The server that the lesson's reader would write: the real chat, but whoever asks for the history gets it on the chat's own
// connection. The log is read on the thread that serves sockets, and everything is sent at once. For `npm run bench:history` alone.
import { join } from 'node:path';
import {
  type ChatConnection,
  DATABASE_FILE,
  FairTurns,
  loadDriver,
  logOperationsOn,
  NativeSession,
  NO_MARKS,
  newGatewayCounts,
  openChat,
  openDatabase,
  openSqliteStorage,
  WatchedDatabase,
} from '@wireroom/server/parts';
import { type Connection, WebSocketServer } from '@wireroom/websocket';

/** Between two pages others have a turn: without that the chat would stand still altogether. */
const PAGE = { limit: 1_000, bytesMax: 4 * 1024 * 1024 } as const;
const ASKS = '{"type":"history"';

const { DATA_DIR: dataDir = './data', PORT: port = '8090' } = process.env;
const fail = (error: unknown): never => {
  throw error;
};
const storage = await openSqliteStorage(dataDir, { onFatal: fail, onError: fail });
const chat = await openChat({
  ...storage,
  rateLimit: undefined,
  graceMs: 60_000,
  now: () => performance.now(),
  timers: {
    set: (callback, ms) => setTimeout(callback, ms).unref(),
    clear: (timer) => clearTimeout(timer as NodeJS.Timeout),
  },
  turns: new FairTurns(),
  onError: fail,
});
const log = logOperationsOn(new WatchedDatabase(openDatabase(join(dataDir, DATABASE_FILE), loadDriver())));
const parts = {
  ...chat,
  counts: newGatewayCounts(),
  marks: NO_MARKS,
  commandRate: undefined,
  now: () => performance.now(),
  onError: (error: unknown) => console.error(error),
  serverVersion: 'naive',
};

const server = new WebSocketServer({
  onConnection: (connection) => {
    new NativeSession(parts, listeningIn(connection), { onClose: () => undefined, recording: undefined });
  },
  handOn: (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n'),
});
await server.listen({ port: Number(port), host: '127.0.0.1' });

/** The connection as the session has it, but for the one command that the real server does not know. */
function listeningIn(connection: Connection): ChatConnection {
  return {
    get bufferedBytes() {
      return connection.bufferedBytes;
    },
    handle: (handlers) =>
      connection.handle({
        ...handlers,
        message: (message) => {
          const isHistory = message.kind === 'text' && message.text().startsWith(ASKS);
          if (isHistory) void sendHistory(connection);
          else handlers.message(message);
        },
      }),
    send: (message) => connection.send(message),
    sendRun: (run) => connection.sendRun(run),
    sendPieces: (pieces, kind) => connection.sendPieces(pieces, kind),
    close: (code, reason) => connection.close(code, reason),
    pause: () => connection.pause(),
    resume: () => connection.resume(),
  };
}

/** `send` says when there is more than should be. Nobody listens. */
async function sendHistory(connection: Connection): Promise<void> {
  const { roomId } = chat.rooms.find('lobby');
  for (let after = 0, hasMore = true; hasMore; ) {
    const page = log.read({ roomId, range: { after, ...PAGE } });
    for (const entry of page.entries) connection.send(`{"type":"history","entry":${JSON.stringify(entry)}}`);
    after = page.entries.at(-1)?.seq ?? after;
    hasMore = page.hasMore;
    await new Promise((resolve) => setImmediate(resolve));
  }
  connection.send('{"type":"history-end"}');
}
