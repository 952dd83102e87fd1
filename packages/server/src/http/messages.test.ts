// The page of messages over HTTP, on rooms in memory. What it holds is the log's business (rule L7.12).
import { CHAT_ERRORS, ChatError, draftIdSchema } from '@wireroom/protocol';
import fastify, { type FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { MemoryBus } from '../bus/memory-bus.ts';
import { authorNamed } from '../log/log-samples.contract.ts';
import { MemoryLog } from '../log/memory-log.ts';
import { PostRate } from '../rooms/post-rate.ts';
import { Rooms } from '../rooms/rooms.ts';
import { messagesRoute } from './messages.ts';

describe('GET /api/rooms/:room/messages', () => {
  let app: FastifyInstance;

  beforeAll(async () => {
    const log = new MemoryLog();
    const rate = new PostRate(undefined, () => 0);
    const rooms = new Rooms({ log, bus: new MemoryBus(), rate, roomEdits: 'members' });
    await rooms.open();
    const author = authorNamed('Ann');
    const lobby = rooms.find('lobby');
    await rooms.join(lobby, author);
    for (let seq = 2; seq <= 61; seq += 1) {
      const draftId = draftIdSchema.parse(`message-${seq}`);
      await rooms.post(lobby, { author, draftId, content: { type: 'message', text: `text ${seq}` } });
    }
    const draftId = draftIdSchema.parse('reaction');
    await rooms.post(lobby, { author, draftId, content: { type: 'react', target: 61, emoji: '👍' } });
    app = fastify();
    app.setErrorHandler((error, _request, reply) => {
      if (!(error instanceof ChatError)) throw error;
      return reply
        .code(CHAT_ERRORS[error.code].httpStatus)
        .send({ error: { code: error.code, message: error.message } });
    });
    const history = {
      identify: async (_token: string | undefined, address: string) => ({ address }),
      admit: async (_asker: unknown, ref: string) => rooms.find(ref),
    };
    messagesRoute(app, { rooms, history, trustProxy: false });
  });

  interface Page {
    readonly messages: readonly { readonly entry: { readonly seq: number }; readonly state?: unknown }[];
    readonly hasMore: boolean;
    readonly position: { readonly seq: number };
  }
  const get = async (query: string): Promise<Page> =>
    (await app.inject(`/api/rooms/lobby/messages${query}`)).json<Page>();
  const seqs = async (query: string): Promise<number[]> =>
    (await get(query)).messages.map(({ entry }) => entry.seq);

  it("[P15] brings the newest messages with their states, and the room's head", async () => {
    const { messages, hasMore, position } = await get('');
    expect(messages.map(({ entry }) => entry.seq)).toEqual(
      Array.from({ length: 50 }, (_, index) => 12 + index),
    );
    expect(messages.at(-1)).toMatchObject({
      entry: { type: 'message', text: 'text 61' },
      state: { reactions: [{ emoji: '👍', count: 1, isMine: false }] },
    });
    expect(messages[0]).not.toHaveProperty('state');
    expect(hasMore).toBe(true);
    expect(position.seq).toBe(62);
  });

  it('[P15] brings those before, after and between, as many as asked for', async () => {
    expect(await seqs('?before=4')).toEqual([2, 3]);
    expect(await seqs('?after=59')).toEqual([60, 61]);
    expect(await seqs('?after=3&before=6')).toEqual([4, 5]);
    expect(await seqs('?limit=1')).toEqual([61]);
    expect((await get('?after=0&limit=200')).hasMore).toBe(false);
  });

  it.each(['?limit=0', '?limit=201', '?before=-1', '?after=one', '?after='])(
    '[P15] refuses %s',
    async (query) => {
      const response = await app.inject(`/api/rooms/lobby/messages${query}`);
      expect(response.statusCode).toBe(400);
      expect(response.json()).toMatchObject({ error: { code: 'bad-query' } });
    },
  );

  it('[P15] knows no room that is not there', async () => {
    expect((await app.inject('/api/rooms/nowhere/messages')).statusCode).toBe(404);
  });
});
