// /api/rooms/:room/history/jobs and /api/history/jobs/:id: downloads that are made first and fetched later, in ranges if need be.
// Only who asked for one has it.
import { createReadStream } from 'node:fs';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { fileOf, type History, type Jobs, readHistoryRequest } from '../history/history.ts';
import { type AskerParts, askerOf } from './bearer.ts';
import { readRange } from './range.ts';

export interface HistoryJobsParts extends AskerParts {
  readonly history: Pick<History, 'identify' | 'admit'>;
  readonly jobs: Jobs;
}

type JobRequest = FastifyRequest<{ Params: { id: string } }>;

export function historyJobsRoute(app: FastifyInstance, parts: HistoryJobsParts): void {
  const { history, jobs } = parts;
  app.post<{ Params: { room: string } }>('/api/rooms/:room/history/jobs', async (request, reply) => {
    const asked = readHistoryRequest(request.body ?? {});
    const asker = await askerOf(parts, request);
    const room = await history.admit(asker, request.params.room);
    const job = await jobs.begin(asker, room, asked);
    return reply.code(202).header('cache-control', 'no-store').send({ job });
  });
  app.get('/api/history/jobs/:id', async (request: JobRequest, reply) => {
    const job = await jobs.find(await askerOf(parts, request), request.params.id);
    return reply.header('cache-control', 'no-store').send({ job });
  });
  app.delete('/api/history/jobs/:id', async (request: JobRequest, reply) => {
    await jobs.remove(await askerOf(parts, request), request.params.id);
    return reply.code(204).send();
  });
  app.get('/api/history/jobs/:id/file', { exposeHeadRoute: false }, async (request: JobRequest, reply) => {
    const { path, record } = await jobs.file(await askerOf(parts, request), request.params.id);
    const { slug, spec, after, bytes, id } = record;
    const { name, contentType } = fileOf(slug, { spec, ...(after !== undefined && { after }) });
    reply
      .type(contentType)
      .header('cache-control', 'private, no-store')
      .header('accept-ranges', 'bytes')
      .header('etag', `"${id}"`)
      .header('content-disposition', `attachment; filename="${name}"`);
    const isSame = request.headers['if-range'] === undefined || request.headers['if-range'] === `"${id}"`;
    const range = readRange(isSame ? request.headers.range : undefined, bytes);
    if (range === 'unsatisfiable') {
      const message = `The file has ${bytes} bytes.`;
      return reply
        .code(416)
        .type('application/json; charset=utf-8')
        .header('content-range', `bytes */${bytes}`)
        .send({ error: { code: 'bad-query', message } });
    }
    const { first, last } = range ?? { first: 0, last: bytes - 1 };
    if (range !== undefined) reply.code(206).header('content-range', `bytes ${first}-${last}/${bytes}`);
    reply.header('content-length', last - first + 1);
    return reply.send(createReadStream(path, { start: first, end: last }));
  });
}
