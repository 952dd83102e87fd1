// What may be written where, and what the list of rooms says, on a log and a bus in memory. Who is a member is the log's
// business (log/log.contract.ts), who is present presence.test.ts's.
import {
  ChatError,
  type ChatErrorCode,
  type DraftContent,
  draftIdSchema,
  type Entry,
} from '@wireroom/protocol';
import { describe, expect, it } from 'vitest';
import type { Hint } from '../bus/bus.ts';
import { MemoryBus } from '../bus/memory-bus.ts';
import { authorNamed } from '../log/log-samples.contract.ts';
import { MemoryLog } from '../log/memory-log.ts';
import { PostRate } from './post-rate.ts';
import { type RoomEdits, Rooms } from './rooms.ts';

const ann = authorNamed('Ann');
let drafts = 0;

interface Node {
  readonly log?: MemoryLog;
  readonly bus?: MemoryBus;
  readonly roomEdits?: RoomEdits;
  readonly burst?: number;
}

async function openNode({
  log = new MemoryLog(),
  bus = new MemoryBus(),
  roomEdits = 'members',
  burst,
}: Node = {}) {
  const limit = burst === undefined ? undefined : { burst, perSecond: 1 };
  const rooms = new Rooms({ log, bus, roomEdits, rate: new PostRate(limit, () => 0) });
  await rooms.open();
  const lobby = () => rooms.find('lobby');
  await rooms.join(lobby(), ann);
  const post = async (content: DraftContent): Promise<Entry> => {
    drafts += 1;
    const draftId = draftIdSchema.parse(`draft-of-rooms-${drafts}`);
    return (await rooms.post(lobby(), { author: ann, draftId, content })).entry;
  };
  return { log, bus, rooms, lobby, post };
}

const codeOf = (attempt: Promise<unknown>): Promise<ChatErrorCode | undefined> =>
  attempt.then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof ChatError) return error.code;
      throw error;
    },
  );

describe('writing in rooms', () => {
  it.each<[ChatErrorCode, DraftContent]>([
    ['text-empty', { type: 'message', text: ' ' }],
    ['text-too-long', { type: 'edit', target: 2, text: 'x'.repeat(16_385) }],
    ['bad-emoji', { type: 'react', target: 2, emoji: 'no emoji' }],
    ['bad-title', { type: 'rename', title: '' }],
    ['bad-topic', { type: 'topic', topic: 'two\nlines' }],
  ])('refuses with %s before the log sees it', async (code, content) => {
    const { log, post, lobby } = await openNode();
    await post({ type: 'message', text: 'something to refer to' });
    expect(await codeOf(post(content))).toBe(code);
    expect(await log.heads([lobby().roomId])).toMatchObject([{ position: { seq: 2 } }]);
  });

  it('counts every draft against the rate of its author, a reaction as a message', async () => {
    const { post } = await openNode({ burst: 4 });
    await post({ type: 'message', text: 'one' });
    await post({ type: 'react', target: 2, emoji: '👍' });
    await post({ type: 'unreact', target: 2, emoji: '👍' });
    await post({ type: 'topic', topic: 'numbers' });
    expect(await codeOf(post({ type: 'edit', target: 2, text: 'five' }))).toBe('rate-limited');
  });

  it('[L8.4] refuses other titles and topics where they are fixed, and nothing else', async () => {
    const { post, lobby } = await openNode({ roomEdits: 'off' });
    expect(await codeOf(post({ type: 'rename', title: 'Hall' }))).toBe('room-fixed');
    expect(await codeOf(post({ type: 'topic', topic: 'numbers' }))).toBe('room-fixed');
    expect(await codeOf(post({ type: 'message', text: 'words' }))).toBeUndefined();
    expect(lobby()).toMatchObject({ title: 'Lobby', topic: '' });
  });

  it('puts what was written on the bus, and a repetition not again', async () => {
    const { bus, rooms, lobby } = await openNode();
    const hints: Hint[] = [];
    bus.subscribe((hint) => hints.push(hint));
    const draftId = draftIdSchema.parse('the-same-draft');
    const writing = { author: ann, draftId, content: { type: 'message', text: 'once' } } as const;
    const { entry } = await rooms.post(lobby(), writing);
    await rooms.post(lobby(), writing);
    expect(hints).toEqual([{ roomId: lobby().roomId, entries: [entry] }]);
  });
});

describe('the list of rooms', () => {
  it('[L8.5] follows titles and topics, also those of another node', async () => {
    const here = await openNode();
    const there = await openNode(here);
    await there.post({ type: 'rename', title: 'Hall' });
    await there.post({ type: 'topic', topic: 'what we talk of' });
    for (const { rooms, lobby } of [here, there]) {
      expect(lobby()).toMatchObject({ slug: 'lobby', title: 'Hall', topic: 'what we talk of' });
      expect(rooms.list()).toEqual([lobby()]);
    }
  });

  it('[L8.5] is right again after a hint was lost, and learns of rooms that others made', async () => {
    const here = await openNode();
    const there = await openNode({ log: here.log });
    await there.post({ type: 'rename', title: 'Hall' });
    await here.log.ensureRoom({ slug: 'garden', title: 'Garden' });
    expect(here.lobby().title).toBe('Lobby');
    await here.rooms.refresh();
    expect(here.lobby().title).toBe('Hall');
    expect(here.rooms.find('garden').title).toBe('Garden');
  });

  it('[L8.5] is not set back by a hint that comes late, or by a reading that began before', async () => {
    const { log, bus, rooms, lobby, post } = await openNode();
    const first = await post({ type: 'rename', title: 'Hall' });
    await post({ type: 'rename', title: 'Court' });
    bus.publish({ roomId: lobby().roomId, entries: [first] });
    expect(lobby().title).toBe('Court');

    const before = await log.rooms();
    let answer: () => void = () => {};
    log.rooms = () => new Promise((resolve) => (answer = () => resolve(before)));
    const refreshed = rooms.refresh();
    await post({ type: 'rename', title: 'Yard' });
    answer();
    await refreshed;
    expect(lobby().title).toBe('Yard');
  });

  it('names a room by slug and by id, and refuses others', async () => {
    const { rooms, lobby } = await openNode();
    expect(rooms.find(lobby().roomId)).toBe(lobby());
    expect(() => rooms.find('nowhere')).toThrow(/no room "nowhere"/);
  });
});
