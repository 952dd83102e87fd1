// Coming back to many rooms in one command: each room's answer, their bounds, and what follows.
import { type Cursor, LIMITS, type ResumedRoom, type ServerEvent } from '@wireroom/protocol';
import { describe, expect, it } from 'vitest';
import { authorNamed, changeOf, draftOf } from '../log/log-samples.contract.ts';
import { MemoryLog } from '../log/memory-log.ts';
import { GATEWAY_LIMITS } from './limits.ts';
import { type HandChat, type HandConnection, nextTurn, openHandChat } from './native-session.fixture.ts';

const slugs = (count: number): string[] => Array.from({ length: count }, (_, index) => `room-${index}`);
const upTo = (last: number, first: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

function partsOf(events: readonly ServerEvent[]) {
  return events.filter((event) => event.type === 'resumed');
}
const roomsOf = (events: readonly ServerEvent[]): ResumedRoom[] =>
  partsOf(events).flatMap(({ rooms }) => rooms);

async function resume(reader: HandConnection, cursors: readonly Cursor[]): Promise<ResumedRoom[]> {
  const before = reader.sent.length;
  await reader.ask({ type: 'resume', cursors: cursors.map((cursor) => [...cursor]) });
  return roomsOf(reader.sent.slice(before));
}

/** Joins a room and returns the cursor at its head. */
async function cursorAt(reader: HandConnection, room: string): Promise<Cursor> {
  const joined = await reader.ask({ type: 'join', room });
  if (joined.type !== 'joined') throw new Error(JSON.stringify(joined));
  return [joined.room.roomId, joined.position.epoch, joined.position.seq];
}

/** A cursor before the first entry of every room. */
async function startsOf({ log }: HandChat): Promise<Cursor[]> {
  const heads = await log.heads((await log.rooms()).map(({ roomId }) => roomId));
  return heads.map(({ roomId, position }) => [roomId, position.epoch, 0]);
}

async function post(writer: HandConnection, room: string, count: number, text = 'hi'): Promise<void> {
  for (let i = 0; i < count; i += 1) await writer.ask({ type: 'post', room, text: `${text} ${i}` });
}

async function setUp(roomCount: number) {
  const hand = await openHandChat({ slugs: slugs(roomCount) });
  const [ada, bo] = [await hand.greet('Ada'), await hand.greet('Bo')];
  return { hand, ada, bo };
}

/** Another connection of the same author. */
async function again(hand: HandChat, before: HandConnection): Promise<HandConnection> {
  const welcome = before.sent.find((event) => event.type === 'welcome');
  const connection = hand.connect();
  await connection.ask({ type: 'hello', token: welcome?.token });
  return connection;
}

describe('the answer to resume', () => {
  it('[F1.1] tells for each room how its cursor was answered', async () => {
    const { hand, ada, bo } = await setUp(4);
    const cursors = [];
    for (const slug of slugs(4)) {
      await cursorAt(bo, slug);
      cursors.push(await cursorAt(ada, slug));
    }
    const [quiet, behind, far, ahead] = cursors as [Cursor, Cursor, Cursor, Cursor];
    await post(bo, 'room-1', 3);
    await post(bo, 'room-2', LIMITS.pageEntriesMax + 20);
    ada.hangUp();
    const back = await again(hand, ada);
    const rooms = await resume(back, [
      quiet,
      behind,
      far,
      [ahead[0], ahead[1], ahead[2] + 10],
      [`room-3`, ahead[1], 0],
      ['nowhere', ahead[1], 0],
    ]);
    const byName = new Map(rooms.map((room) => [room.room, room]));
    expect(byName.get(quiet[0])).toMatchObject({ resume: 'caught-up', entries: [] });
    expect(byName.get(behind[0])).toMatchObject({
      resume: 'caught-up',
      position: { epoch: behind[1], seq: behind[2] + 3 },
    });
    expect(byName.get(far[0])).toMatchObject({
      resume: 'gap',
      gap: { from: far[2] + 1, to: far[2] + 20 },
      memberCount: 2,
    });
    expect(byName.get(ahead[0])).toMatchObject({ resume: 'reset', position: { epoch: ahead[1] } });
    expect(byName.get('room-3')).toMatchObject({ resume: 'refused', code: 'bad-command' });
    expect(byName.get('nowhere')).toMatchObject({ resume: 'refused', code: 'no-room' });
    expect(rooms).toHaveLength(6);
  });

  it('[F1.2][F4] brings later entries after the position, of a reset room only once it is joined', async () => {
    const { hand, ada, bo } = await setUp(2);
    const one = await cursorAt(ada, 'room-0');
    const two = await cursorAt(ada, 'room-1');
    for (const slug of slugs(2)) await cursorAt(bo, slug);
    await post(bo, 'room-0', 3);
    ada.hangUp();
    const back = await again(hand, ada);
    const answering = resume(back, [one, [two[0], 'another-epoch', 1] as unknown as Cursor]);
    // Written while the answer is made.
    await post(bo, 'room-0', 2);
    const [caughtUp] = await answering;
    await post(bo, 'room-0', 2);
    await post(bo, 'room-1', 2);
    if (caughtUp?.resume !== 'caught-up') throw new Error(JSON.stringify(caughtUp));
    const seqs = [...caughtUp.entries.map(({ seq }) => seq), ...back.entrySeqs(one[0])];
    expect(seqs).toEqual(upTo(one[2] + 8, one[2] + 1));
    expect(back.entrySeqs(two[0])).toEqual([]);
    const { seq: head } = (await hand.log.heads([hand.chat.rooms.find('room-1').roomId]))[0]?.position ?? {
      seq: 0,
    };
    await cursorAt(back, 'room-1');
    await post(bo, 'room-1', 1);
    expect(back.entrySeqs(two[0])).toEqual([head + 1]);
  });

  it('[F1.3] enters the rooms that the author has left, and writes nothing where they are a member', async () => {
    const { ada } = await setUp(2);
    const one = await cursorAt(ada, 'room-0');
    const two = await cursorAt(ada, 'room-1');
    await ada.ask({ type: 'leave', room: 'room-1' });
    const rooms = await resume(ada, [one, two]);
    expect(rooms).toMatchObject([
      { resume: 'caught-up', entries: [] },
      { resume: 'caught-up', entries: [{ type: 'leave' }, { type: 'join' }] },
    ]);
  });

  it('[F1.4] an answer without cursors has one empty part', async () => {
    const { ada } = await setUp(0);
    expect(await ada.ask({ type: 'resume', cursors: [] })).toMatchObject({ rooms: [], isLast: true });
  });

  it('[F1.4][H1] ten thousand rooms come in parts of 64 KiB, each room once', async () => {
    const { hand, ada } = await setUp(LIMITS.resumeRoomsMax);
    const cursors = (await startsOf(hand)).slice(0, LIMITS.resumeRoomsMax);
    const entered = await resume(ada, cursors);
    const at = entered.map(
      (room): Cursor =>
        'position' in room
          ? [room.roomId, room.position.epoch, room.position.seq]
          : [room.room, '' as never, 0],
    );
    const before = ada.sent.length;
    const answered = await resume(ada, at);
    expect(answered.map(({ room }) => room)).toEqual(cursors.map(([room]) => room));
    expect(answered.filter(({ resume }) => resume === 'caught-up')).toHaveLength(LIMITS.resumeRoomsMax);
    expect(Math.max(...ada.sizes.slice(before))).toBeLessThanOrEqual(LIMITS.answerBytesMax);
    const parts = partsOf(ada.sent.slice(before));
    expect(parts.map(({ isLast }) => isLast)).toEqual([...parts.slice(1).map(() => false), true]);
  });

  it('[F1.5] carries a bounded number of entries; the rooms beyond it have a gap and none', async () => {
    const { hand, ada, bo } = await setUp(40);
    const cursors: Cursor[] = [];
    for (const slug of slugs(40)) {
      cursors.push(await cursorAt(ada, slug));
      await cursorAt(bo, slug);
      await post(bo, slug, 3, 'x'.repeat(15_000));
    }
    ada.hangUp();
    const back = await again(hand, ada);
    const rooms = await resume(back, cursors);
    const bytes = rooms.reduce(
      (sum, room) => sum + ('entries' in room ? JSON.stringify(room.entries).length : 0),
      0,
    );
    expect(bytes).toBeLessThanOrEqual(LIMITS.resumeBytesMax + rooms.length * 2);
    expect(bytes).toBeGreaterThan(LIMITS.resumeBytesMax / 2);
    const beyond = rooms.filter((room) => room.resume === 'gap' && room.entries.length === 0);
    expect(beyond.length).toBeGreaterThan(5);
    for (const room of beyond) if (room.resume === 'gap') expect(room.gap.to).toBe(room.position.seq);
    await post(bo, 'room-39', 1);
    expect(back.entrySeqs(cursors[39]?.[0] ?? '')).toHaveLength(1);
  });

  it('[F1.6][F3] waits for a reader that does not take the parts', async () => {
    const { hand, ada } = await setUp(4_000);
    const cursors = await startsOf(hand);
    ada.isReading = false;
    const ref = ada.say({ type: 'resume', cursors: cursors.map((cursor) => [...cursor]) });
    for (let turn = 0; turn < 200; turn += 1) await nextTurn();
    const waiting = ada.answersTo(ref).length;
    expect(ada.bufferedBytes).toBeLessThan(GATEWAY_LIMITS.bufferedBytesMax + LIMITS.answerBytesMax);
    expect(partsOf(ada.answersTo(ref)).every(({ isLast }) => !isLast)).toBe(true);
    ada.wake();
    await ada.ask({ type: 'ping' });
    expect(ada.answersTo(ref).length).toBeGreaterThan(waiting);
    expect(roomsOf(ada.answersTo(ref))).toHaveLength(cursors.length);
  });

  it('[F4.1] tells title and topic as the log has them, heard of or not', async () => {
    const log = new MemoryLog();
    const room = await log.ensureRoom({ slug: 'room-0', title: 'Old' });
    const zoe = authorNamed('Zoe');
    const { position } = await log.join(room.roomId, zoe);
    const hand = await openHandChat({ log });
    const ada = await hand.greet('Ada');
    // Written elsewhere, and no hint came.
    await log.post(changeOf(room, zoe, { type: 'rename', title: 'Hall' }));
    await log.post(changeOf(room, zoe, { type: 'topic', topic: 'what we talk of' }));
    expect(hand.chat.rooms.find('room-0').title).toBe('Old');
    const about = { title: 'Hall', topic: 'what we talk of' };
    expect(await ada.ask({ type: 'join', room: 'room-0' })).toMatchObject({ room: about });
    for (let i = 0; i <= LIMITS.pageEntriesMax; i += 1) await log.post(draftOf(room, zoe, `${i}`));
    const again = await hand.greet('Bo');
    expect(await resume(again, [['room-0', position.epoch, position.seq]])).toMatchObject([
      { resume: 'gap', ...about },
    ]);
  });

  it('[F1.7] a log that cannot be entered refuses the command, one that cannot be read the room; neither is followed', async () => {
    const log = new BrokenLog();
    // Written before this server was started: nothing of it is in memory.
    const room = await log.ensureRoom({ slug: 'room-0', title: 'Old' });
    const zoe = authorNamed('Zoe');
    const { position } = await log.join(room.roomId, zoe);
    await log.post(draftOf(room, zoe, 'old'));
    const hand = await openHandChat({ log });
    const [back, bo] = [await hand.greet('Ada'), await hand.greet('Bo')];
    const one: Cursor = [room.roomId, position.epoch, 0];
    log.breaks = 'joinAll';
    expect(await back.ask({ type: 'resume', cursors: [[...one]] })).toMatchObject({
      type: 'refused',
      code: 'internal',
    });
    log.breaks = 'read';
    expect(await resume(back, [one])).toMatchObject([{ resume: 'refused', room: one[0], code: 'internal' }]);
    log.breaks = undefined;
    await cursorAt(bo, 'room-0');
    await post(bo, 'room-0', 1);
    expect(back.entrySeqs(one[0])).toEqual([]);
    expect(await resume(back, [one])).toMatchObject([{ resume: 'caught-up' }]);
  });
});

class BrokenLog extends MemoryLog {
  breaks: 'joinAll' | 'read' | undefined;

  override joinAll(...given: Parameters<MemoryLog['joinAll']>): ReturnType<MemoryLog['joinAll']> {
    if (this.breaks === 'joinAll') throw new Error('the disk is gone');
    return super.joinAll(...given);
  }

  override read(...given: Parameters<MemoryLog['read']>): ReturnType<MemoryLog['read']> {
    if (this.breaks === 'read') throw new Error('the disk is gone');
    return super.read(...given);
  }
}
