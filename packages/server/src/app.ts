// The app: the one place that names concrete adapters and joins the stations into a running server.
// What each does stands in its own folder; the order of the flow is in docs/life-of-a-message.md.
import { mkdirSync } from 'node:fs';
import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { type AuthorId, LIMITS } from '@wireroom/protocol';
import { playScene, SCENES } from '@wireroom/sandbox';
import type { WebSocketServer, WireError } from '@wireroom/websocket';
import type { Logger } from 'pino';
import { Guests } from './accounts/guests.ts';
import { SqliteGuestStore } from './accounts/sqlite-guest-store.ts';
import { MemoryBus } from './bus/memory-bus.ts';
import { type Config, ConfigError } from './config.ts';
import { openSqlite, type SqliteClient } from './db/sqlite-client.ts';
import { Feed } from './feed/feed.ts';
import { Admission } from './gateway/admission.ts';
import { GATEWAY_LIMITS } from './gateway/limits.ts';
import { listenOn } from './gateway/listen.ts';
import { NativeGateway } from './gateway/native-gateway.ts';
import { isSocketIoPath, SocketIoGateway } from './gateway/socketio-gateway.ts';
import { type HttpDoor, type HttpParts, openHttp } from './http/http-server.ts';
import { openSocketPort } from './http/socket-port.ts';
import type { UpgradeRoute } from './http/upgrades.ts';
import { AddressLimit } from './lib/address-limit.ts';
import { type Certificate, certificateOf } from './lib/certificate.ts';
import { nowMicros } from './lib/micros.ts';
import { NO_MARKS } from './lib/stations.ts';
import { SqliteLog } from './log/sqlite-log.ts';
import { PostRate } from './rooms/post-rate.ts';
import { Presence } from './rooms/presence.ts';
import { Rooms } from './rooms/rooms.ts';
import { ConsoleTrace, type Print } from './wiretap/console-trace.ts';
import { Plays, type Stage } from './wiretap/plays.ts';
import { isWirePath, WIRE_PATH, WireFeed } from './wiretap/wire-feed.ts';
import { Wiretap } from './wiretap/wiretap.ts';

export interface App {
  readonly port: number;
  readonly socketPort: number | undefined;
  readonly isEncrypted: boolean;
  /** No new connections, 1012 to everybody, what is being written gets written. */
  stop(): Promise<void>;
}

export interface AppContext {
  readonly logger: Logger;
  readonly print: Print;
  /** Something died that the server cannot go on without. */
  readonly onFatal: (error: unknown) => void;
}

/** How often a room's feed looks at the log's head by itself: finds a hint that was lost (rule F2). */
const HEAD_CHECK_MS = 15_000;
/** How long a running download may go on after everybody was told of the stop. */
const HTTP_GRACE_MS = 1_000;

export async function startApp(config: Config, context: AppContext): Promise<App> {
  const certificate = await certificateOf(config.tls, config.host);
  const client = await openDatabase(config, context);
  try {
    return await assemble({ config, context, client, certificate });
  } catch (error) {
    await client.close();
    throw error;
  }
}

async function openDatabase(config: Config, context: AppContext): Promise<SqliteClient> {
  try {
    mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new ConfigError(
      `The data folder "${config.dataDir}" cannot be made. Choose another with DATA_DIR.`,
      {
        cause: error,
      },
    );
  }
  return openSqlite({ file: join(config.dataDir, 'wireroom.sqlite'), onFailure: context.onFatal });
}

interface Assembly {
  readonly config: Config;
  readonly context: AppContext;
  readonly client: SqliteClient;
  readonly certificate: Certificate | undefined;
}

async function assemble({ config, context, client, certificate }: Assembly): Promise<App> {
  const onError = (error: unknown): void => context.logger.error({ err: error }, 'an operation failed');
  const chat = await openChat(config, client, onError);
  const state = { isStopping: false };
  const gateways = openGateways({ config, context, chat, state, onError });
  const { native, socketIo, wireFeed, wiretap } = gateways;
  const httpSockets = new Set<Socket>();
  const headCheck = setInterval(() => {
    chat.feed.checkHeads();
    wiretap?.sweep();
  }, HEAD_CHECK_MS);
  async function stop(http?: HttpDoor): Promise<void> {
    state.isStopping = true;
    clearInterval(headCheck);
    await Promise.all([native.close(), socketIo.close(), wireFeed?.close()]);
    chat.presence.stop();
    chat.feed.stop();
    await drainHttp(httpSockets);
    await http?.close();
    await client.close();
  }
  const health = () => ({
    isHealthy: !state.isStopping,
    connections: native.connectionCount + socketIo.connectionCount,
  });
  const httpParts = { rooms: chat.rooms, logger: context.logger, health };
  try {
    const { http, port, socketPort } = await openPorts({
      config,
      certificate,
      gateways,
      httpParts,
      httpSockets,
    });
    return { port, socketPort, isEncrypted: certificate !== undefined, stop: () => stop(http) };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Chat = Awaited<ReturnType<typeof openChat>>;

/** The gateways, which wait for connections but do not listen yet. */
function openGateways(given: {
  readonly config: Config;
  readonly context: AppContext;
  readonly chat: Chat;
  readonly state: { readonly isStopping: boolean };
  readonly onError: (error: unknown) => void;
}) {
  const { config, context, chat, state, onError } = given;
  const { logger } = context;
  const { wiretap } = chat;
  const trace = config.trace ? new ConsoleTrace(context.print) : undefined;
  const doors = {
    originRules: config,
    addressLimit: new AddressLimit(config.socketsPerAddressMax),
    trustProxy: config.trustProxy,
    onRefused: (event: { address: string; status: number; reason: string }) =>
      logger.warn(event, 'a connection was refused'),
  };
  const admission = new Admission({ ...doors, isStopping: () => state.isStopping });
  const onWireError = (error: WireError, address: string): void => {
    // A handler that threw is our fault; everything else is the other side's.
    if (error.cause !== undefined && error.code.endsWith('-failed')) onError(error);
    else logger.debug({ code: error.code, address }, 'a connection broke the rules');
  };
  const beginRecording = wiretap?.begin.bind(wiretap);
  const shared = {
    ...chat,
    marks: wiretap ?? NO_MARKS,
    beginRecording,
    admission,
    commandRate: config.rateLimit === undefined ? undefined : GATEWAY_LIMITS.commandRate,
    now: () => performance.now(),
    onError,
  };
  const native = new NativeGateway({
    ...shared,
    serverVersion: version(),
    messageBytesMax: LIMITS.messageBytesMax,
    tap: trace,
    onWireError,
  });
  const { pingIntervalMs, pongTimeoutMs: pingTimeoutMs } = LIMITS;
  const socketIo = new SocketIoGateway({ ...shared, ...doors, pingIntervalMs, pingTimeoutMs, tap: trace });
  const wireFeed = wiretap && openWireFeed({ chat, wiretap, admission, onWireError, onError });
  return { native, socketIo, trace, wiretap, wireFeed };
}

const sandbox: Stage = { scenes: SCENES.map(({ name }) => name), play: playScene };

/** Where people watch what was recorded of their own connections. */
function openWireFeed(given: {
  readonly chat: Chat;
  readonly wiretap: Wiretap;
  readonly admission: Admission;
  readonly onWireError: (error: WireError, address: string) => void;
  readonly onError: (error: unknown) => void;
}): WireFeed {
  const { chat, wiretap, admission, onWireError, onError } = given;
  return new WireFeed({
    wiretap,
    plays: new Plays({ stage: sandbox, now: () => performance.now(), onError }),
    now: nowMicros,
    prove: (token) => chat.guests.prove(token),
    isMember: (authorId, roomId) => chat.rooms.isMember(authorId, roomId),
    admit: (request) => admission.admit(request, { paths: [WIRE_PATH], what: 'The wire feed' }),
    onWireError,
    onError,
  });
}

/** Both ports: each takes native connections itself and hands every other on to its HTTP server. */
async function openPorts(given: {
  readonly config: Config;
  readonly certificate: Certificate | undefined;
  readonly gateways: ReturnType<typeof openGateways>;
  readonly httpParts: Pick<HttpParts, 'rooms' | 'logger' | 'health'>;
  readonly httpSockets: Set<Socket>;
}) {
  const { config, certificate: tls, gateways, httpParts, httpSockets } = given;
  const { native, socketIo, trace, wireFeed } = gateways;
  const { host } = config;
  const handOnTo = (server: () => HttpServer) => (socket: Socket) => {
    httpSockets.add(socket);
    socket.on('close', () => httpSockets.delete(socket));
    server().emit('connection', socket);
    trace?.follow(socket);
  };
  const upgradesTo =
    (door: WebSocketServer, feed?: WireFeed): UpgradeRoute =>
    (request, socket, head) => {
      if (isSocketIoPath(request.url)) socketIo.handleUpgrade(request, socket, head);
      else if (feed !== undefined && isWirePath(request.url)) feed.handleUpgrade(request, socket, head);
      else door.handleUpgrade(request, socket, head);
    };
  const shared = {
    hostRules: config,
    isEncrypted: tls !== undefined,
    isSocketIo: isSocketIoPath,
    onSocketIoRequest: (request: IncomingMessage, response: ServerResponse) =>
      socketIo.handleRequest(request, response),
  };
  const main = native.open({ paths: ['/ws'], handOn: handOnTo(() => http.server) });
  const http: HttpDoor = await openHttp({
    ...shared,
    ...httpParts,
    pageDir: pageDir(),
    trustProxy: config.trustProxy,
    onUpgrade: upgradesTo(main, wireFeed),
  });
  const port = await listenOn(main, { host, port: config.port, tls, setting: 'PORT' });
  if (config.socketPort === undefined) return { http, port, socketPort: undefined };
  const door = native.open({ paths: ['/', '/ws'], handOn: handOnTo(() => socketPortHttp) });
  const socketPortHttp: HttpServer = openSocketPort({
    ...shared,
    onApiRequest: (request, response) => void http.server.emit('request', request, response),
    onUpgrade: upgradesTo(door),
    pagePort: port,
  });
  const socketPort = await listenOn(door, { host, port: config.socketPort, tls, setting: 'SOCKET_PORT' });
  return { http, port, socketPort };
}

/** The chat itself, without a socket in sight: log, rooms, feed, and who is there. */
async function openChat(config: Config, client: SqliteClient, onError: (error: unknown) => void) {
  const log = new SqliteLog(client);
  const bus = new MemoryBus();
  const rooms = new Rooms({ log, bus, rate: new PostRate(config.rateLimit, () => performance.now()) });
  await rooms.open();
  const guests = new Guests(new SqliteGuestStore(client), (authorId) => presence.isHere(authorId));
  const presence: Presence = new Presence({
    graceMs: config.leaveGraceMs,
    onGone: leaveEverything,
    onError,
    timers: {
      set: (callback, ms) => setTimeout(callback, ms).unref(),
      clear: (timer) => clearTimeout(timer as NodeJS.Timeout),
    },
  });
  async function leaveEverything(authorId: AuthorId): Promise<void> {
    const isBack = (): boolean => presence.isHere(authorId);
    // The name is given back before anybody hears of the leave: whoever does may take it.
    await rooms.leaveAll(authorId, isBack, async () => {
      if (!isBack()) await guests.release(authorId);
    });
  }
  // Whoever was here when the last process ended may come back within the grace period, and has left after it.
  for (const authorId of await guests.holders()) presence.expect(authorId);
  const wiretap = config.wireRecording ? new Wiretap({ now: nowMicros }) : undefined;
  return { rooms, guests, presence, feed: new Feed({ log, bus, onError }), wiretap };
}

/** Lets running downloads end, for a moment; then every HTTP connection is cut. */
async function drainHttp(sockets: ReadonlySet<Socket>): Promise<void> {
  const deadline = performance.now() + HTTP_GRACE_MS;
  while (sockets.size > 0 && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 25));
    for (const socket of sockets)
      if (socket.bytesWritten === 0 || socket.writableLength === 0) socket.destroySoon();
  }
  for (const socket of sockets) socket.destroy();
}

const require = createRequire(import.meta.url);

function pageDir(): string {
  return join(dirname(require.resolve('@wireroom/web/package.json')), 'dist');
}

function version(): string {
  const manifest: unknown = require('../package.json');
  const isManifest = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return isManifest ? String(manifest.version) : 'unknown';
}
