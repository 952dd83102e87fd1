// GET /api/rooms/:room/history: a room's history as a file, on a connection of its own (rule H1), and what it would be, beforehand.
// What is in it is made in a thread of its own; here it gets its headers, and goes out as fast as it is read.
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  type Download,
  fileOf,
  type History,
  type HistoryRequest,
  readHistoryRequest,
} from '../history/history.ts';
import { chooseEncoding } from './accept-encoding.ts';
import { type AskerParts, askerOf } from './bearer.ts';

export interface HistoryRouteParts extends AskerParts {
  readonly history: History;
}

/** Those of equal weight in this order: gzip is made by the download thread itself. */
const PACKED = ['gzip', 'br'] as const;

type RoomRequest = FastifyRequest<{ Params: { room: string } }>;

export function historyRoute(app: FastifyInstance, parts: HistoryRouteParts): void {
  const { history } = parts;
  const admit = async (request: RoomRequest) => {
    const asked = readHistoryRequest(request.query);
    const asker = await askerOf(parts, request);
    return { asked, asker, room: await history.admit(asker, request.params.room) };
  };
  app.get('/api/rooms/:room/history', { exposeHeadRoute: false }, async (request: RoomRequest, reply) => {
    const { asked, asker, room } = await admit(request);
    const encoding = chooseEncoding(request.headers['accept-encoding'], PACKED);
    const download = await history.begin(asker, { room, request: asked, encoding, via: 'http' });
    const { epoch, until } = await download.begun;
    describe(reply, fileOf(room.slug, asked));
    reply.header('x-wireroom-epoch', epoch).header('x-wireroom-until', until);
    if (encoding !== 'identity') reply.header('content-encoding', encoding);
    return reply.send(streamOf(download, reply));
  });
  // What GET would answer, but for its body: nothing is made for it.
  app.head('/api/rooms/:room/history', async (request: RoomRequest, reply) => {
    const { asked, asker, room } = await admit(request);
    const { epoch, until } = await history.position(asker, room, asked);
    describe(reply, fileOf(room.slug, asked));
    return reply.header('x-wireroom-epoch', epoch).header('x-wireroom-until', until).send();
  });
  app.get('/api/rooms/:room/history/estimate', async (request: RoomRequest, reply) => {
    const { asked, asker, room } = await admit(request);
    const estimate = await history.estimate(asker, room, withoutResumption(asked));
    return reply.header('cache-control', 'no-store').send(estimate);
  });
}

function describe(reply: FastifyReply, { name, contentType }: ReturnType<typeof fileOf>): void {
  reply
    .type(contentType)
    .header('cache-control', 'no-store')
    .header('vary', 'accept-encoding, authorization')
    .header('content-disposition', `attachment; filename="${name}"`)
    // A proxy that keeps the whole before it passes on the first byte would undo the back-pressure.
    .header('x-accel-buffering', 'no');
}

/** A reader that goes away stops it; what breaks in the middle ends the connection, and the file can be gone on with. */
function streamOf(download: Download, { raw }: FastifyReply): Readable {
  return new Readable({
    // Nothing is read ahead: `download` is.
    highWaterMark: 0,
    read() {
      if (raw.writableLength === 0) download.giveBack();
      download.next().then(
        (piece) => this.push(piece ?? null),
        (error: unknown) => this.destroy(error instanceof Error ? error : new Error(String(error))),
      );
    },
    destroy(error, done) {
      download.stop();
      done(error);
    },
  });
}

const withoutResumption = ({ resumption: _, ...request }: HistoryRequest): HistoryRequest => request;
