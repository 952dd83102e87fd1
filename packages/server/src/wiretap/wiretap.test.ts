// Who is recorded, who may see it, what gives way, and the ways of messages: with a clock in the test's hand.
import { authorIdSchema, type Entry, epochSchema, type RoomId, roomIdSchema } from '@wireroom/protocol';
import { describe, expect, it } from 'vitest';
import type { ConnectionRecorder } from './connection-recorder.ts';
import { WIRETAP_LIMITS } from './limits.ts';
import { TrailJournal } from './trail.ts';
import { Wiretap, type WiretapBounds } from './wiretap.ts';

const line = { remote: { address: '127.0.0.1', port: 1 }, local: { address: '127.0.0.1', port: 2 } };
const ann = authorIdSchema.parse(`a_${'a'.repeat(22)}`);
const ben = authorIdSchema.parse(`a_${'b'.repeat(22)}`);
const roomId: RoomId = roomIdSchema.parse(`r_${'r'.repeat(22)}`);
const epoch = epochSchema.parse('e1');

function make(bounds: Partial<WiretapBounds> = {}) {
  const clock = { now: 1_000_000 };
  const wiretap = new Wiretap({ now: () => clock.now, bounds });
  const begin = (authorId = ann): ConnectionRecorder => {
    clock.now += 1000;
    const recorder = wiretap.begin({ gateway: 'native', line });
    if (recorder === undefined) throw new Error('no room for a recording');
    recorder.belongsTo(authorId);
    recorder.wrote(Buffer.from('HTTP'));
    return recorder;
  };
  return { wiretap, clock, begin };
}

function entryOf(seq: number): Entry {
  const at = '2026-01-01T00:00:00.000Z';
  return { v: 1, roomId, epoch, seq, at, type: 'join', author: { authorId: ann, name: 'Ann' } };
}

function post(
  { wiretap }: { readonly wiretap: Wiretap },
  recording: ConnectionRecorder | undefined,
  seq: number,
): void {
  const trail = wiretap.depart({ gateway: 'native', recording, ref: seq, draftId: `d${seq}` });
  trail.mark('admitted', { roomId });
  trail.mark('stored', { seq });
}

describe('recordings', () => {
  it('[I13] the marks are on only while a connection that asked is open', () => {
    const { wiretap, begin } = make();
    expect(wiretap.isOn).toBe(false);
    const one = begin();
    const two = begin();
    expect(wiretap.isOn).toBe(true);
    one.close({ code: 1000, reason: '', wasClean: true });
    expect(wiretap.isOn).toBe(true);
    two.close(undefined);
    expect(wiretap.isOn).toBe(false);
    expect(wiretap.connectionsOf(ann).map(({ isOpen }) => isOpen)).toEqual([false, false]);
  });

  it('[I2] are found by their own author alone, and given up when somebody else speaks on the connection', () => {
    const { wiretap, begin } = make();
    const recorder = begin();
    expect(wiretap.find(ann, recorder.connectionId)).toBe(recorder);
    expect(wiretap.find(ben, recorder.connectionId)).toBeUndefined();
    recorder.belongsTo(ben);
    expect(wiretap.find(ann, recorder.connectionId)).toBeUndefined();
    expect(wiretap.find(ben, recorder.connectionId)).toBeUndefined();
    expect(recorder.isGivenUp).toBe(true);
    expect(wiretap.isOn).toBe(false);
  });

  it('[I2] of somebody who never said who they are goes with the connection', () => {
    const { wiretap } = make();
    const recorder = wiretap.begin({ gateway: 'native', line });
    recorder?.read(Buffer.from('GET'));
    recorder?.close(undefined);
    expect(recorder?.isGivenUp).toBe(true);
    expect(wiretap.bytes).toBe(0);
  });

  it('[I4] the one that nobody has watched for longest gives way to one more', () => {
    const { wiretap, begin, clock } = make({ recordingsMax: 3 });
    const [one, two, three] = [begin(), begin(), begin()];
    const stop = one.listen(() => {});
    const four = begin();
    expect(two.isGivenUp).toBe(true);
    clock.now += 1000;
    stop();
    begin();
    expect([one, three, four].map(({ isGivenUp }) => isGivenUp)).toEqual([false, true, false]);
    for (const recorder of [one, four]) recorder.listen(() => {});
    begin().listen(() => {});
    expect(wiretap.begin({ gateway: 'native', line })).toBeUndefined();
  });

  it('[I4] the total is bounded: unwatched ones go, watched ones lose what they have and are told', () => {
    const { wiretap, begin } = make({ totalBytesMax: 10_000 });
    const one = begin();
    const two = begin();
    one.read(Buffer.alloc(6000));
    two.read(Buffer.alloc(6000));
    expect(one.isGivenUp).toBe(true);
    expect(wiretap.bytes).toBeLessThanOrEqual(10_000);
    const told: string[] = [];
    two.listen(({ kind }) => told.push(kind));
    two.read(Buffer.alloc(6000));
    expect(two.isGivenUp).toBe(false);
    expect(told).toEqual(['bytes', 'dropped']);
    expect(wiretap.bytes).toBeLessThanOrEqual(10_000);
    expect(two.records.at(-1)).toMatchObject({ kind: 'dropped', records: 2, bytes: 12_000 });
  });

  it('[I4] those that have ended are kept for a while, and a few of each author', () => {
    const { wiretap, begin, clock } = make({ endedPerAuthorMax: 2 });
    const all = [begin(), begin(), begin()];
    for (const recorder of all) recorder.close(undefined);
    expect(wiretap.connectionsOf(ann).map(({ connectionId }) => connectionId)).toEqual(
      all.slice(1).map(({ connectionId }) => connectionId),
    );
    clock.now += WIRETAP_LIMITS.endedKeptMs * 1000 + 1;
    wiretap.sweep();
    expect(wiretap.connectionsOf(ann)).toEqual([]);
    expect(wiretap.bytes).toBe(0);
  });

  it('[I4] of one that is given up nothing stays, its handshake included', () => {
    const { wiretap, begin } = make({ recordingsMax: 1 });
    const one = begin();
    one.read(Buffer.from('GET /'));
    begin(ben);
    expect(one.isGivenUp).toBe(true);
    expect(one.records).toEqual([]);
    expect(wiretap.find(ann, one.connectionId)).toBeUndefined();
  });

  it('[I1] the same bytes to many are kept once, each at its place, and looked through', () => {
    const { begin } = make();
    const recorders = [begin(), begin(ben)];
    const json = Buffer.from('{"token":"abc"}');
    const shared = Buffer.concat([Buffer.from([0x81, json.length]), json]);
    for (const [index, recorder] of recorders.entries()) {
      recorder.read(
        Buffer.from('GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'),
      );
      recorder.wrote(Buffer.from('/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n'));
      for (let own = 0; own < index; own++) recorder.wrote(Buffer.from([0x81, 1, 65]));
    }
    for (const recorder of recorders) recorder.wrote(shared);
    shared.fill(0);
    const [one, other] = recorders.map((recorder) => recorder.records.at(-1));
    if (one?.kind !== 'bytes' || other?.kind !== 'bytes') throw new Error('no bytes');
    expect(other.bytes).toBe(one.bytes);
    expect(Buffer.from(one.bytes.subarray(2)).toString()).toBe('{"token":"***"}');
    expect(other.offset - one.offset).toBe(3);
    expect([one.anchor?.messages, other.anchor?.messages]).toEqual([0, 1]);
  });

  it('[I1] counts the bytes of each direction, and copies what it keeps', () => {
    const { begin } = make();
    const recorder = begin();
    const chunk = Buffer.from('abc');
    recorder.read(chunk);
    chunk.fill(0);
    recorder.read(Buffer.from('de'));
    recorder.close({ code: 1000, reason: 'bye', wasClean: true });
    recorder.read(Buffer.from('late'));
    const bytes = recorder.records.flatMap((record) => (record.kind === 'bytes' ? [record] : []));
    expect(bytes.map(({ direction, offset }) => `${direction}${offset}`)).toEqual(['out0', 'in0', 'in3']);
    expect(Buffer.from(bytes[1]?.bytes ?? []).toString()).toBe('abc');
    expect(recorder.records.at(-1)).toMatchObject({ kind: 'close', code: 1000, reason: 'bye' });
  });

  it('[I1] says who began to close', () => {
    const { begin } = make();
    const recorder = begin();
    recorder.closing('us');
    recorder.close({ code: 1001, reason: '', wasClean: true });
    expect(recorder.records.at(-1)).toMatchObject({ begunBy: 'server' });
  });
});

describe('the ways of messages', () => {
  it('[I6] are kept of recorded authors, and of rooms that a recorded connection reads', () => {
    const made = make();
    const { wiretap } = made;
    const recorder = made.begin();
    post(made, recorder, 1);
    post(made, undefined, 2);
    recorder.follows(roomId);
    post(made, undefined, 3);
    recorder.unfollows(roomId);
    post(made, undefined, 4);
    const known = [1, 2, 3, 4].map((seq) => wiretap.receipt(ann, roomId, seq).length);
    expect(known).toEqual([3, 0, 3, 0]);
    expect(wiretap.receipt(ann, roomId, 1)[0]).toMatchObject({
      station: 'decoded',
      seq: 1,
      roomId,
      draftId: 'd1',
    });
    expect(recorder.records.filter(({ kind }) => kind === 'station')).toHaveLength(3);
  });

  it('[I6] name connections to their owner alone', () => {
    const made = make();
    const { wiretap } = made;
    const [mine, theirs] = [made.begin(ann), made.begin(ben)];
    post(made, mine, 1);
    const message = { direction: 'out', index: 4 } as const;
    for (const [recording, authorId] of [
      [mine, ann],
      [theirs, ben],
    ] as const) {
      const end = { gateway: 'native', connectionId: recording.connectionId, authorId, name: 'x' } as const;
      const place = { bufferedBytes: 7, isBehind: false, messageIndex: message.index };
      wiretap.delivered({ entry: entryOf(1), end, recording, ...place });
    }
    const seen = wiretap.receipt(ann, roomId, 1).filter(({ station }) => station === 'delivered');
    expect(seen.map(({ reader: one, message: place }) => [one?.authorId, one?.connectionId, place])).toEqual([
      [ann, mine.connectionId, message],
      [ben, undefined, undefined],
    ]);
    expect(theirs.records.at(-1)).toMatchObject({ station: 'delivered', seq: 1, message });
  });

  it('[I6] list so many readers, and the asker’s own beyond that', () => {
    const made = make();
    const { wiretap } = made;
    const mine = made.begin();
    post(made, mine, 1);
    const place = { bufferedBytes: 0, isBehind: true, messageIndex: undefined };
    const deliver = (recording: ConnectionRecorder | undefined): void => {
      const connectionId = recording && { connectionId: recording.connectionId };
      const end = { gateway: 'socketio', authorId: ben, name: 'x', ...connectionId } as const;
      wiretap.delivered({ entry: entryOf(1), end, recording, ...place });
    };
    for (let i = 0; i < WIRETAP_LIMITS.readersPerTrailMax + 10; i++) deliver(undefined);
    deliver(mine);
    const listed = wiretap.receipt(ann, roomId, 1).filter(({ station }) => station === 'delivered');
    expect(listed).toHaveLength(WIRETAP_LIMITS.readersPerTrailMax + 1);
    expect(listed.at(-1)?.reader?.connectionId).toBe(mine.connectionId);
  });

  it('[I6] beyond that count only readers that are recorded now', () => {
    const made = make({ recordingsMax: 2 });
    const mine = made.begin();
    mine.listen(() => {});
    post(made, mine, 1);
    const place = { bufferedBytes: 0, isBehind: false, messageIndex: 1 };
    for (let i = 0; i < WIRETAP_LIMITS.readersPerTrailMax + 10; i++) {
      const recording = made.begin(ben);
      const end = {
        gateway: 'native',
        authorId: ben,
        name: 'x',
        connectionId: recording.connectionId,
      } as const;
      // The next one takes its place among those that are recorded.
      if (i >= WIRETAP_LIMITS.readersPerTrailMax) made.begin(ben);
      made.wiretap.delivered({ entry: entryOf(1), end, recording, ...place });
    }
    const listed = made.wiretap.receipt(ann, roomId, 1).filter(({ station }) => station === 'delivered');
    expect(listed).toHaveLength(WIRETAP_LIMITS.readersPerTrailMax);
    expect(listed[0]?.reader).toEqual({
      gateway: 'native',
      authorId: ben,
      name: 'x',
      bufferedBytes: 0,
      isBehind: false,
    });
  });

  it('[I6] a repeated draft does not replace the first way', () => {
    const made = make();
    const recorder = made.begin();
    post(made, recorder, 1);
    post(made, recorder, 1);
    expect(made.wiretap.receipt(ann, roomId, 1)).toHaveLength(3);
  });

  it('[I6] are forgotten after ten minutes, and when there are too many', () => {
    const journal = new TrailJournal(2, 60_000);
    const clock = { now: 0 };
    const add = (seq: number): void => {
      const made = new Wiretap({ now: () => clock.now });
      const trail = made.depart({ gateway: 'native', recording: undefined });
      trail.mark('stored', { roomId, seq });
      journal.add(trail as Parameters<TrailJournal['add']>[0], clock.now);
    };
    for (let seq = 1; seq <= 3; seq++) add(seq);
    expect([1, 2, 3].map((seq) => journal.find(roomId, seq) !== undefined)).toEqual([false, true, true]);
    clock.now = 61_000_000;
    add(4);
    expect(journal.size).toBe(1);
    journal.forget(122_000_000);
    expect(journal.size).toBe(0);
  });

  it('[I6] are forgotten also where nobody writes any more', () => {
    const made = make();
    post(made, made.begin(), 1);
    made.clock.now += WIRETAP_LIMITS.trailKeptMs * 1000 + 1;
    made.wiretap.sweep();
    expect(made.wiretap.receipt(ann, roomId, 1)).toEqual([]);
  });
});
