// GET /api/rooms/:room/history: the whole log of a room as NDJSON, one entry a line, streamed with constant memory on a
// connection of its own (rule H1). What it carries is what live sockets carry (rule L4).
import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { ChatError, describe, type Room } from '@wireroom/protocol';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Rooms } from '../rooms/rooms.ts';

/** One read of the log: the most that a download holds in memory, beside what waits in the socket. */
const READ = { limit: 500, bytesMax: 256 * 1024 } as const;

/** Digits alone: Number() would also take an empty text, 1e3 and 0x10. */
const wholeNumber = z.string().regex(/^\d+$/, 'must be a whole number').transform(Number).pipe(z.int());

const querySchema = z.object({
  after: wholeNumber.default(0),
  limit: wholeNumber.pipe(z.number().min(1)).optional(),
});

export function historyRoute(app: FastifyInstance, parts: { readonly rooms: Rooms }): void {
  app.get<{ Params: { room: string } }>('/api/rooms/:room/history', async (request, reply) => {
    const query = querySchema.safeParse(request.query);
    if (!query.success) throw new ChatError('bad-query', { message: `${describe(query.error)}.` });
    const room = parts.rooms.find(request.params.room);
    const { position } = await parts.rooms.read(room, { limit: 1, bytesMax: READ.bytesMax });
    const range = { after: query.data.after, limit: query.data.limit ?? Number.POSITIVE_INFINITY };
    // The end is fixed now: a room that is written to all the time still has a last line.
    const lines = Readable.from(linesOf(parts.rooms, room, { ...range, until: position.seq }), {
      objectMode: false,
      highWaterMark: READ.bytesMax,
    });
    reply
      .type('application/x-ndjson; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('vary', 'accept-encoding')
      .header('x-wireroom-epoch', position.epoch)
      .header('x-wireroom-head', position.seq)
      .header('content-disposition', `attachment; filename="${room.slug}.ndjson"`);
    if (!acceptsGzip(request.headers['accept-encoding'])) return reply.send(lines);
    const gzip = createGzip();
    lines.on('error', (error) => gzip.destroy(error));
    gzip.on('close', () => lines.destroy());
    return reply.header('content-encoding', 'gzip').send(lines.pipe(gzip));
  });
}

/** Chunks of whole lines. */
async function* linesOf(
  rooms: Rooms,
  room: Room,
  range: { readonly after: number; readonly limit: number; readonly until: number },
): AsyncGenerator<string> {
  let cursor = range.after;
  let left = Math.min(range.limit, range.until - range.after);
  while (left > 0) {
    const { entries } = await rooms.read(room, {
      after: cursor,
      limit: Math.min(READ.limit, left),
      bytesMax: READ.bytesMax,
    });
    const last = entries.at(-1);
    if (last === undefined) return;
    yield entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
    cursor = last.seq;
    left -= entries.length;
  }
}

/** By its own name, or by `*` where it is not named; a weight of zero is a no (RFC 9110, section 12.5.3). */
function acceptsGzip(header: string | string[] | undefined): boolean {
  const codings = String(header ?? '')
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim());
  const offered = (name: string) => codings.find((coding) => coding.split(';', 1)[0]?.trim() === name);
  const gzip = offered('gzip') ?? offered('*');
  return gzip !== undefined && !/;\s*q=0(\.0*)?$/.test(gzip);
}
