// The app: the one place that names concrete adapters and joins the stations into a running server.
// What each does stands in its own folder; the order of the flow is in docs/life-of-a-message.md.
import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { LIMITS } from '@wireroom/protocol';
import { playScene, SCENES } from '@wireroom/sandbox';
import { afterWrites, type WebSocketServer, type WireError } from '@wireroom/websocket';
import type { Logger } from 'pino';
import { Recoveries } from './accounts/recoveries.ts';
import { type Chat, openChat } from './chat.ts';
import type { Config } from './config.ts';
import { openHistory, openJobs } from './downloads.ts';
import { Admission } from './gateway/admission.ts';
import { drain } from './gateway/drain.ts';
import { HistoryGateway, isHistoryPath } from './gateway/history-gateway.ts';
import { GATEWAY_LIMITS } from './gateway/limits.ts';
import { listenOn } from './gateway/listen.ts';
import { NativeGateway } from './gateway/native-gateway.ts';
import { isSocketIoPath, SocketIoGateway } from './gateway/socketio-gateway.ts';
import type { History, Jobs } from './history/history.ts';
import { drainHttp } from './http/http-drain.ts';
import { type HttpDoor, type HttpParts, openHttp } from './http/http-server.ts';
import { openSocketPort } from './http/socket-port.ts';
import type { UpgradeRoute } from './http/upgrades.ts';
import { AddressLimit } from './lib/address-limit.ts';
import { marksOf } from './lib/both-marks.ts';
import { type Certificate, certificateOf } from './lib/certificate.ts';
import { nowMicros } from './lib/micros.ts';
import { openTraces, type Traces } from './metrics/traces.ts';
import { Observation } from './observation.ts';
import type { Timers } from './rooms/rooms.ts';
import { openPostgresStorage, openSqliteStorage, type Storage } from './storage.ts';
import { ConsoleTrace, type Print } from './wiretap/console-trace.ts';
import { Plays, type Stage } from './wiretap/plays.ts';
import { isWirePath, WIRE_PATH, WireFeed } from './wiretap/wire-feed.ts';
import { Wiretap } from './wiretap/wiretap.ts';

export interface App {
  readonly port: number;
  readonly socketPort: number | undefined;
  readonly isEncrypted: boolean;
  /** No new connections; everybody is sent away, told when to come back; what is being written gets written. */
  stop(): Promise<void>;
}

export interface AppContext {
  readonly logger: Logger;
  readonly print: Print;
  /** Something died that the server cannot go on without. */
  readonly onFatal: (error: unknown) => void;
}

/** How often feeds and the list of rooms look at the log by themselves: finds a hint that was lost (rule F2). */
const HEAD_CHECK_MS = 15_000;
/** How long a running download may go on after everybody was told of the stop. */
const HTTP_GRACE_MS = 1_000;

export async function startApp(config: Config, context: AppContext): Promise<App> {
  const certificate = await certificateOf(config.tls, config.host);
  const onError = (error: unknown): void => context.logger.error({ err: error }, 'an operation failed');
  const observation = new Observation({ timers, afterWrites });
  const onFatal = (error: unknown): void => {
    observation.databaseEnded();
    context.onFatal(error);
  };
  const events = { onFatal, onError, watch: observation.store };
  const storage =
    config.databaseUrl === undefined
      ? await openSqliteStorage(config.dataDir, events)
      : await openPostgresStorage(config.databaseUrl, events);
  observation.store.probeBy(storage.probe);
  try {
    const traces = await openTraces({
      ...{ ratio: config.tracesRatio, version: version(), now: nowMicros, afterWrites },
      warn: (message) => context.logger.warn(message),
    });
    return await assemble({ config, context, storage, certificate, observation, traces, onError });
  } catch (error) {
    await storage.close();
    throw error;
  }
}

interface Assembly {
  readonly config: Config;
  readonly context: AppContext;
  readonly storage: Storage;
  readonly observation: Observation;
  readonly traces: Traces | undefined;
  readonly onError: (error: unknown) => void;
  readonly certificate: Certificate | undefined;
}

async function assemble(assembly: Assembly): Promise<App> {
  const { config, context, storage, certificate, observation, traces, onError } = assembly;
  const chat = await openChatOn(storage, { config, observation, onError });
  const wiretap = config.wireRecording ? new Wiretap({ now: nowMicros }) : undefined;
  const recoveries = new Recoveries({
    store: storage.recoveryStore,
    guests: chat.guests,
    wallClock: Date.now,
    onError,
  });
  const counts = observation.counts.downloads;
  const downloads = { config, chat, storage, logger: context.logger, onError, counts };
  const history = openHistory(downloads);
  const jobs = openJobs(history, downloads);
  jobs.goOn().catch(onError);
  const gateways = openGateways({
    ...{ config, context, wiretap, traces, history, observation, onError },
    chat: { ...chat, recoveries },
  });
  const { native, socketIo, wireFeed, histories } = gateways;
  const httpSockets = new Set<Socket>();
  const headCheck = lookNowAndThen({ chat, storage, recoveries, wiretap, jobs, onError });
  async function stop(http?: OpenHttp): Promise<void> {
    observation.phase = 'stopping';
    observation.store.stop();
    clearInterval(headCheck);
    await drain([...native.leavers(), ...socketIo.leavers()], { windowMs: config.drainWindowMs, pause });
    await Promise.all([native.close(), socketIo.close(), wireFeed?.close(), histories.close()]);
    jobs.close();
    await history.close();
    chat.presence.stop();
    chat.feed.stop();
    chat.rooms.stop();
    await drainHttp({
      servers: http?.servers ?? [],
      sockets: httpSockets,
      graceMs: HTTP_GRACE_MS,
      now: () => performance.now(),
      pause,
    });
    await http?.close();
    metrics.stop();
    await traces?.stop();
    await storage.close();
  }
  const { metrics, ...health } = observation.watch({ chat, storage, native, socketIo, version: version() });
  const httpParts = { rooms: chat.rooms, history, jobs, logger: context.logger, ...health };
  try {
    const { port, socketPort, ...http } = await openPorts({
      config,
      certificate,
      gateways,
      httpParts,
      httpSockets,
    });
    observation.phase = 'running';
    return { port, socketPort, isEncrypted: certificate !== undefined, stop: () => stop(http) };
  } catch (error) {
    await stop();
    throw error;
  }
}

function openChatOn(
  storage: Storage,
  { config, observation, onError }: Pick<Assembly, 'config' | 'observation' | 'onError'>,
): Promise<Chat> {
  return openChat({
    ...storage,
    rateLimit: config.rateLimit,
    roomEdits: config.roomEdits,
    graceMs: config.leaveGraceMs,
    now: () => performance.now(),
    timers,
    onError,
    feedCounts: observation.counts.feed,
    onRound: observation.onRound,
  });
}

/** What finds what no hint told of, and forgets what nobody needs any more. */
function lookNowAndThen(given: {
  readonly chat: Chat;
  readonly storage: Storage;
  readonly recoveries: Recoveries;
  readonly wiretap: Wiretap | undefined;
  readonly jobs: Jobs;
  readonly onError: (error: unknown) => void;
}): NodeJS.Timeout {
  const { chat, storage, recoveries, wiretap, jobs, onError } = given;
  return setInterval(() => {
    void chat.feed.checkHeads();
    if (storage.isShared) chat.adopt().catch(onError);
    chat.rooms.refresh().catch(onError);
    void recoveries.sweep();
    wiretap?.sweep();
    jobs.sweep();
  }, HEAD_CHECK_MS);
}

/** The gateways, which wait for connections but do not listen yet. */
function openGateways(given: {
  readonly config: Config;
  readonly context: AppContext;
  readonly chat: Chat & { readonly recoveries: Recoveries };
  readonly wiretap: Wiretap | undefined;
  readonly traces: Traces | undefined;
  readonly history: History;
  readonly observation: Observation;
  readonly onError: (error: unknown) => void;
}) {
  const { config, context, chat, wiretap, traces, history, observation, onError } = given;
  const { logger } = context;
  const { counts } = observation;
  const trace = config.trace ? new ConsoleTrace(context.print) : undefined;
  const doors = {
    originRules: config,
    addressLimit: new AddressLimit(config.socketsPerAddressMax),
    trustProxy: config.trustProxy,
    onRefused: (event: { address: string; status: number; reason: string }) => {
      observation.turnedAway(event.status);
      logger.warn(event, 'a connection was refused');
    },
    isStopping: () => observation.phase === 'stopping',
  };
  const admission = new Admission(doors);
  const onWireError = (error: WireError, address: string): void => {
    // A handler that threw is our fault; everything else is the other side's.
    if (error.cause !== undefined && error.code.endsWith('-failed')) onError(error);
    else logger.debug({ code: error.code, address }, 'a connection broke the rules');
  };
  const beginRecording = wiretap?.begin.bind(wiretap);
  const shared = {
    ...chat,
    marks: marksOf(wiretap, traces?.marks),
    beginRecording,
    admission,
    commandRate: config.rateLimit === undefined ? undefined : GATEWAY_LIMITS.commandRate,
    now: () => performance.now(),
    onError,
  };
  const native = new NativeGateway({
    ...shared,
    counts: counts.gateways.native,
    serverVersion: version(),
    messageBytesMax: LIMITS.messageBytesMax,
    tap: trace,
    onWireError,
  });
  const { pingIntervalMs, pongTimeoutMs: pingTimeoutMs } = LIMITS;
  const socketIo = new SocketIoGateway({
    ...{ ...shared, ...doors, pingIntervalMs, pingTimeoutMs, tap: trace },
    counts: counts.gateways.socketio,
  });
  const wireFeed = wiretap && openWireFeed({ chat, wiretap, admission, onWireError, onError });
  const histories = new HistoryGateway({ history, admission, onWireError, onError });
  return { native, socketIo, trace, wireFeed, histories };
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

/** What is to be stopped of HTTP: the servers that connections are given to, and the one that has more to close. */
interface OpenHttp {
  readonly servers: readonly HttpServer[];
  readonly close: () => Promise<void>;
}

/** Both ports: each takes native connections itself and hands every other on to its HTTP server. */
async function openPorts(given: {
  readonly config: Config;
  readonly certificate: Certificate | undefined;
  readonly gateways: ReturnType<typeof openGateways>;
  readonly httpParts: Pick<
    HttpParts,
    'rooms' | 'history' | 'jobs' | 'logger' | 'health' | 'readiness' | 'readMetrics'
  >;
  readonly httpSockets: Set<Socket>;
}) {
  const { config, certificate: tls, gateways, httpParts, httpSockets } = given;
  const { native, socketIo, trace, wireFeed, histories } = gateways;
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
      else if (isHistoryPath(request.url)) histories.handleUpgrade(request, socket, head);
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
    metricsAccess: config.metrics,
    onUpgrade: upgradesTo(main, wireFeed),
  });
  const port = await listenOn(main, { host, port: config.port, tls, setting: 'PORT' });
  const { close } = http;
  if (config.socketPort === undefined) {
    return { servers: [http.server], close, port, socketPort: undefined };
  }
  const door = native.open({ paths: ['/', '/ws'], handOn: handOnTo(() => socketPortHttp) });
  const socketPortHttp: HttpServer = openSocketPort({
    ...shared,
    onApiRequest: (request, response) => void http.server.emit('request', request, response),
    onUpgrade: upgradesTo(door),
    pagePort: port,
  });
  const socketPort = await listenOn(door, { host, port: config.socketPort, tls, setting: 'SOCKET_PORT' });
  return { servers: [http.server, socketPortHttp], close, port, socketPort };
}

const timers: Timers = {
  set: (callback, ms) => setTimeout(callback, ms).unref(),
  clear: (timer) => clearTimeout(timer as NodeJS.Timeout),
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const require = createRequire(import.meta.url);

function pageDir(): string {
  return join(dirname(require.resolve('@wireroom/web/package.json')), 'dist');
}

function version(): string {
  const manifest: unknown = require('../package.json');
  const isManifest = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return isManifest ? String(manifest.version) : 'unknown';
}
