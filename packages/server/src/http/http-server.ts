// The main port's HTTP: the page, histories, health, and the Socket.IO browser client. Fastify does the routing;
// the sockets come from the engine's listener. Sockets of the chat never pass here.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import fastifyHelmet from '@fastify/helmet';
import fastifyStatic from '@fastify/static';
import { CHAT_ERRORS, ChatError } from '@wireroom/protocol';
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { History, Jobs } from '../history/history.ts';
import { type HostRules, judgeHost } from '../lib/host-name.ts';
import type { Rooms } from '../rooms/rooms.ts';
import { type HealthParts, healthRoutes, isHealthPath } from './health.ts';
import { historyRoute } from './history.ts';
import { historyJobsRoute } from './history-jobs.ts';
import { messagesRoute } from './messages.ts';
import { type MetricsRouteParts, metricsRoute } from './metrics-route.ts';
import { routeUpgrades, type UpgradeRoute } from './upgrades.ts';

export interface HttpParts extends HealthParts, MetricsRouteParts {
  readonly rooms: Rooms;
  readonly history: History;
  readonly jobs: Jobs;
  readonly logger: FastifyBaseLogger;
  readonly hostRules: HostRules;
  readonly isSocketIo: (url: string | undefined) => boolean;
  readonly onSocketIoRequest: (request: IncomingMessage, response: ServerResponse) => void;
  readonly onUpgrade: UpgradeRoute;
  /** Folder of the built page. */
  readonly pageDir: string;
  readonly isEncrypted: boolean;
}

export interface HttpDoor {
  /** Never listens by itself: connections are given to it. */
  readonly server: Server;
  close(): Promise<void>;
}

export async function openHttp(parts: HttpParts): Promise<HttpDoor> {
  const server = createServer();
  routeUpgrades(server, parts.onUpgrade);
  const app = fastify({
    loggerInstance: parts.logger,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: parts.trustProxy,
    forceCloseConnections: true,
    // What Fastify cannot even route, such as a broken escape in the address.
    frameworkErrors: (error, _request, reply) => {
      const body = { error: { code: 'bad-request', message: error.message } };
      reply.raw.writeHead(400, {
        'content-type': 'application/json; charset=utf-8',
        'x-content-type-options': 'nosniff',
      });
      reply.raw.end(JSON.stringify(body));
    },
    serverFactory: (handler) =>
      server.on('request', (request, response) => {
        if (parts.isSocketIo(request.url)) parts.onSocketIoRequest(request, response);
        else handler(request, response);
      }),
  });
  answerErrors(app);
  await addSecurityHeaders(app, parts.isEncrypted);
  app.addHook('onRequest', async (request, reply) => {
    // A load balancer asks by address.
    if (isHealthPath(request.url)) return;
    const verdict = judgeHost(request.headers.host, parts.hostRules);
    if (!verdict.isServed)
      await reply.code(421).send({ error: { code: 'wrong-host', message: verdict.reason } });
  });
  healthRoutes(app, parts);
  metricsRoute(app, parts);
  const client = createRequire(import.meta.url).resolve('socket.io-client/dist/socket.io.js');
  app.get('/ws', async (_request, reply) =>
    reply.code(426).header('upgrade', 'websocket').type('text/plain; charset=utf-8').send(USE_WEBSOCKET),
  );
  historyRoute(app, parts);
  historyJobsRoute(app, parts);
  messagesRoute(app, parts);
  await app.register(fastifyStatic, {
    root: parts.pageDir,
    setHeaders: (reply, path) => {
      const isHashed = path.includes('/assets/');
      reply.setHeader('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  app.get('/socket.io.js', (_request, reply) =>
    // A page from anywhere may load it, as from any package server; whether it may then connect is the gateway's verdict.
    reply.header('cross-origin-resource-policy', 'cross-origin').sendFile('socket.io.js', dirname(client)),
  );
  await app.ready();
  // A server that never listens enforces no time-outs of its own until it is told that it does.
  server.emit('listening');
  return { server, close: () => app.close() };
}

const USE_WEBSOCKET =
  'This address speaks WebSocket: new WebSocket(location.origin.replace("http", "ws") + "/ws")\n';

async function addSecurityHeaders(app: FastifyInstance, isEncrypted: boolean): Promise<void> {
  await app.register(fastifyHelmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'none'"],
        objectSrc: ["'none'"],
        frameAncestors: ["'none'"],
        formAction: ["'self'"],
        requireTrustedTypesFor: ["'script'"],
      },
    },
    // Self-signed certificates and plain http on a LAN are what people try first: no promise of TLS for ever.
    strictTransportSecurity: false,
    crossOriginOpenerPolicy: isEncrypted,
    originAgentCluster: isEncrypted,
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
  });
}

function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => {
    if (error instanceof ChatError) {
      const { code, message, retryAfterMs } = error;
      if (retryAfterMs !== undefined) reply.header('retry-after', Math.ceil(retryAfterMs / 1000));
      return reply.code(CHAT_ERRORS[code].httpStatus).send({ error: { code, message } });
    }
    const status = statusOf(error);
    if (status < 500)
      return reply.code(status).send({ error: { code: 'bad-request', message: messageOf(error) } });
    request.log.error({ err: error }, 'a request failed');
    return reply.code(500).send({ error: { code: 'internal', message: CHAT_ERRORS.internal.message } });
  });
  app.setNotFoundHandler((_request, reply) =>
    reply
      .code(404)
      .send({ error: { code: 'not-found', message: 'There is nothing at this address. The chat is at /' } }),
  );
}

function statusOf(error: unknown): number {
  const status =
    typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : 500;
  return typeof status === 'number' ? status : 500;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
