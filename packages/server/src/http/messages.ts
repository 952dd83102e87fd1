// GET /api/rooms/:room/messages: a page of a room's messages as they stand now: edited, deleted, reacted to. The log itself,
// entry for entry, is the download of history.ts.
import { LIMITS } from '@wireroom/protocol';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { History } from '../history/history.ts';
import type { Rooms } from '../rooms/rooms.ts';
import { type AskerParts, askerOf } from './bearer.ts';
import { readQuery, wholeNumber } from './query.ts';

/** A page in bytes of JSON; a single message may be larger by itself. */
const PAGE_BYTES_MAX = 256 * 1024;

const querySchema = z.object({
  before: wholeNumber.optional(),
  after: wholeNumber.optional(),
  limit: wholeNumber.pipe(z.number().min(1).max(LIMITS.pageEntriesMax)).default(LIMITS.pageEntriesDefault),
});

export function messagesRoute(
  app: FastifyInstance,
  parts: AskerParts & {
    readonly rooms: Pick<Rooms, 'messages'>;
    /** Who may read here is the same as with downloads. */
    readonly history: Pick<History, 'identify' | 'admit'>;
  },
): void {
  app.get<{ Params: { room: string } }>('/api/rooms/:room/messages', async (request, reply) => {
    const { before, after, limit } = readQuery(querySchema, request.query);
    const room = await parts.history.admit(await askerOf(parts, request), request.params.room);
    const page = await parts.rooms.messages(room, {
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
      limit,
      bytesMax: PAGE_BYTES_MAX,
    });
    return reply.header('cache-control', 'no-store').send(page);
  });
}
