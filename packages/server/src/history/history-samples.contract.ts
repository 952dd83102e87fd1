// A room with a past, and downloads of it without a thread, for tests of what is in them. No test stands here.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { HistoryFormat } from '@wireroom/history';
import type { Author, DraftContent, Room } from '@wireroom/protocol';
import { InlineThread } from '../db/inline-thread.ts';
import { moduleBeside } from '../db/operation-module.ts';
import { SqliteClient } from '../db/sqlite-client.ts';
import type { HistorySource } from '../log/history-source.ts';
import { authorNamed, changeOf } from '../log/log-samples.contract.ts';
import { SqliteLog } from '../log/sqlite-log.ts';
import { DATABASE_FILE, type Storage } from '../storage.ts';
import type { FromRenderer, Packing, RenderOrder } from './render-order.ts';
import { RenderService } from './render-service.ts';

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export const ann = authorNamed('Ann');
export const bob = authorNamed('Bob');

export type Stored = Pick<Storage, 'log' | 'historySource' | 'close'>;

/** SQLite in a folder, without threads. */
export async function sqliteIn(folder: string): Promise<Stored> {
  const file = join(folder, DATABASE_FILE);
  const onFailure = (error: Error): never => {
    throw error;
  };
  const client = await SqliteClient.over(new InlineThread(file), { onFailure });
  const { href: module } = moduleBeside('../log/sqlite-history-source', import.meta.url);
  return {
    log: new SqliteLog(client),
    historySource: { module, options: { file } },
    close: () => client.close(),
  };
}

export interface Past {
  readonly room: Room;
  act(author: Author, content: DraftContent): Promise<number>;
}

const MESSAGES = 30;

/** Two authors, and messages that were edited, reacted to and deleted. Entries 1 and 2 are their joins. Then as many plain ones as are asked for. */
export async function roomWithPast({ log }: Stored, more = 0): Promise<Past> {
  const room = await log.ensureRoom({ slug: 'lobby', title: 'Lobby' });
  await log.join(room.roomId, ann);
  await log.join(room.roomId, bob);
  let count = 0;
  const act = async (author: Author, content: DraftContent): Promise<number> => {
    count += 1;
    const { entry } = await log.post(changeOf(room, author, content, `draft-number-${count}`));
    return entry.seq;
  };
  for (let i = 0; i < MESSAGES; i++) {
    const seq = await act(i % 2 === 0 ? ann : bob, {
      type: 'message',
      text: `text ${i} ${'漢字'.repeat(20)}`,
    });
    const target = Math.max(3, seq - 3);
    if (i % 5 === 1) await act(bob, { type: 'react', target: seq, emoji: '👍' });
    if (i % 10 === 1) await act(ann, { type: 'react', target: seq, emoji: '👍' });
    if (i % 10 === 6) await act(bob, { type: 'unreact', target: seq, emoji: '👍' });
    if (i % 7 === 2) await act(i % 2 === 0 ? ann : bob, { type: 'edit', target: seq, text: `better ${i}` });
    if (i === 20) await act(ann, { type: 'delete', target: seq });
    if (i === 22) await act(ann, { type: 'react', target, emoji: '🎉' });
  }
  await act(ann, { type: 'topic', topic: 'What it is about' });
  // Together: many posts share a commit.
  const plain = (_: unknown, i: number) =>
    act(ann, { type: 'message', text: `more ${i} ${'x'.repeat(200)}` });
  await Promise.all(Array.from({ length: more }, plain));
  return { room, act };
}

export async function sourceOf({ historySource }: Stored): Promise<HistorySource> {
  const { openHistorySource } = await import(/* @vite-ignore */ historySource.module);
  return openHistorySource(historySource.options);
}

export const orderFor = (
  room: Room,
  format: HistoryFormat,
  rest: Partial<RenderOrder> = {},
): RenderOrder => ({
  roomId: room.roomId,
  spec: { format },
  ...rest,
});

/** A service on this thread, and what it says to each. */
export function serviceOn(source: HistorySource) {
  const listeners = new Map<number, (message: FromRenderer) => void>();
  const service = new RenderService({
    source,
    answer: (message) => {
      if (message.type !== 'closed') listeners.get(message.id)?.(message);
    },
    turn: () => new Promise((resolve) => setImmediate(resolve)),
    pause: async () => {},
  });
  let lastId = 0;
  return {
    service,
    /** All of a file, or what it was refused with. */
    render(order: RenderOrder, packing: Packing = { encoding: 'identity' }): Promise<Buffer> {
      lastId += 1;
      const id = lastId;
      const pieces: Uint8Array[] = [];
      return new Promise((resolve, reject) => {
        listeners.set(id, (message) => {
          if (message.type === 'failed') reject(new Error(message.code, { cause: message.cause }));
          if (message.type === 'piece') pieces.push(message.bytes);
          if (message.type === 'piece' && message.isLast) resolve(Buffer.concat(pieces));
          else if (message.type === 'begun' || message.type === 'piece') service.handle({ type: 'more', id });
        });
        service.handle({ type: 'begin', id, order, packing });
      });
    },
  };
}

/** The JSON of the end in the last line; its digest is checked. */
export function endOf(file: Buffer): Record<string, unknown> {
  const start = file.subarray(0, -1).lastIndexOf(0x0a) + 1;
  const line = file.subarray(start).toString();
  const json = line.slice(line.indexOf('{'), line.lastIndexOf('}') + 1);
  const end = JSON.parse(line.startsWith('wireroom-end,') ? json.replaceAll('""', '"') : json);
  if (end.sha256 !== sha256(file.subarray(0, start)))
    throw new Error('The digest in the last line is another.');
  return end;
}
