// The native protocol on a running server, rule by rule (docs/spec/protocol.md): cursors, pages, limits, order, identity.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Json, NativeClient } from './native-client.ts';
import { startTestServer, type TestServer } from './server.ts';

let server: TestServer;
const clients: NativeClient[] = [];
let count = 0;

beforeAll(async () => {
  server = await startTestServer({ LEAVE_GRACE: '30' });
});
afterAll(async () => {
  for (const client of clients) client.socket.terminate();
  await server.stop();
});

const url = (): string => `ws://localhost:${server.port}/ws`;

async function open(): Promise<NativeClient> {
  const client = await NativeClient.open(url());
  clients.push(client);
  return client;
}

/** A member of the lobby under a name of their own. */
async function enter(): Promise<NativeClient> {
  count += 1;
  const client = await NativeClient.enter(url(), `Person ${count}`);
  clients.push(client);
  return client;
}

const entriesOf = (answer: Json): Json[] => answer.entries as Json[];
const seqsOf = (answer: Json): number[] => entriesOf(answer).map(({ seq }) => Number(seq));
const positionOf = (answer: Json): { epoch: string; seq: number } =>
  answer.position as { epoch: string; seq: number };
const upTo = (last: number, first: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, i) => first + i);
const join = (client: NativeClient, cursor?: Json): Promise<Json> =>
  client.ask({ type: 'join', room: 'lobby', ...(cursor === undefined ? {} : { cursor }) });

describe('cursors', () => {
  it('[F1][P9] caught-up brings everything after the cursor, and then live entries without a gap', async () => {
    const ada = await enter();
    const { position } = await join(ada);
    await Promise.all(['a', 'b', 'c'].map((text) => ada.post(text)));
    const bo = await enter();
    const answer = await join(bo, position as Json);
    expect(answer.resume).toBe('caught-up');
    const from = (position as { seq: number }).seq;
    expect(seqsOf(answer)).toEqual(upTo(positionOf(answer).seq, from + 1));
    await ada.post('live');
    const live = await bo.untilText('live');
    expect(live.seq).toBe(positionOf(answer).seq + 1);
  });

  it('[F1][P6] resume brings what was missed in one command, in parts, and then live entries without a gap', async () => {
    const ada = await enter();
    const joined = await join(ada);
    const { epoch, seq } = positionOf(joined);
    const { roomId } = joined.room as { roomId: string };
    const bo = await enter();
    await Promise.all(['one', 'two'].map((text) => bo.post(text)));
    const answer = await ada.ask({
      type: 'resume',
      cursors: [
        [roomId, epoch, seq],
        ['nowhere', epoch, 1],
      ],
    });
    expect(answer.isLast).toBe(true);
    const rooms = answer.rooms as Json[];
    expect(rooms.map(({ resume }) => resume).sort()).toEqual(['caught-up', 'refused']);
    const lobby = rooms.find(({ resume }) => resume === 'caught-up') as Json;
    expect(seqsOf(lobby)).toEqual(upTo(positionOf(lobby).seq, seq + 1));
    ada.received.length = 0;
    await bo.post('after the resume');
    expect((await ada.untilText('after the resume')).seq).toBe(positionOf(lobby).seq + 1);
  });

  it('[P10] a page takes both ends, and tells what has become of its messages where it was asked for', async () => {
    const ada = await enter();
    const first = Number((await ada.post('first')).seq);
    const second = Number((await ada.post('second')).seq);
    await ada.ask({ type: 'edit', room: 'lobby', target: first, text: 'first, mended' });
    const range = { type: 'page', room: 'lobby', after: first - 1, before: second + 1 };
    const plain = await ada.ask(range);
    expect(seqsOf(plain)).toEqual([first, second]);
    expect(plain).not.toHaveProperty('states');
    const withStates = await ada.ask({ ...range, withStates: true });
    expect(withStates.states).toMatchObject([{ seq: first, text: 'first, mended' }]);
    expect(positionOf(withStates).seq).toBeGreaterThan(second);
  });

  it('[P6] welcome says what the server can', async () => {
    const client = await open();
    count += 1;
    const { capabilities } = await client.ask({ type: 'hello', name: `Person ${count}` });
    expect(capabilities).toEqual(
      expect.arrayContaining(['history', 'resume', 'heads', 'edits', 'reactions']),
    );
  });

  it('[F1][P9] gap names what is left out, and pages fill it', async () => {
    const ada = await enter();
    const start = positionOf(await join(ada));
    await Promise.all(Array.from({ length: 300 }, (_, i) => ada.post(`gap ${i}`)));
    const answer = await join(ada, { ...start });
    const gap = answer.gap as { from: number; to: number };
    expect(answer.resume).toBe('gap');
    expect(gap.from).toBe(start.seq + 1);
    expect(seqsOf(answer)).toEqual(upTo(positionOf(answer).seq, gap.to + 1));
    const filled: number[] = [];
    while (filled.length < gap.to - gap.from + 1) {
      const after = filled.at(-1) ?? gap.from - 1;
      const limit = Math.min(200, gap.to - after);
      filled.push(...seqsOf(await ada.ask({ type: 'page', room: 'lobby', after, limit })));
    }
    expect(filled).toEqual(upTo(gap.to, gap.from));
  });

  it('[F1][P9] reset for another epoch, and for a cursor ahead of the log', async () => {
    const ada = await enter();
    const { epoch, seq } = positionOf(await join(ada));
    expect((await join(ada, { epoch: 'another', seq: 1 })).resume).toBe('reset');
    expect((await join(ada, { epoch, seq: seq + 1000 })).resume).toBe('reset');
  });

  it('[F4] whoever joins while others write gets state and feed that fit together', async () => {
    const ada = await enter();
    const writing = Promise.all(Array.from({ length: 400 }, (_, i) => ada.post(`busy ${i}`)));
    const joiners = await Promise.all(Array.from({ length: 5 }, () => enter()));
    await writing;
    await ada.post('the end');
    for (const joiner of joiners) {
      await joiner.untilText('the end');
      const joined = joiner.received.find(({ type }) => type === 'joined') ?? {};
      const seqs = [...seqsOf(joined), ...joiner.entries.map(({ seq }) => Number(seq))];
      expect(seqs).toEqual(upTo(seqs.at(-1) ?? 0, seqs[0] ?? 0));
    }
  });
});

describe('pages', () => {
  it('go back to the first entry, and the last says so', async () => {
    const ada = await enter();
    const seen: number[] = [];
    for (let before = positionOf(await join(ada)).seq + 1, hasMore = true; hasMore; ) {
      const answer = await ada.ask({ type: 'page', room: 'lobby', before, limit: 150 });
      seen.unshift(...seqsOf(answer));
      before = seen[0] ?? 0;
      hasMore = answer.hasMore === true;
    }
    expect(seen).toEqual(upTo(seen.at(-1) ?? 0, 1));
  });

  it('[H1][P10] no answer is over 64 KiB, however long the texts', async () => {
    const ada = await enter();
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => ada.post(`${i}${'\u4f60"\\'.repeat(3000)}`.slice(0, 7000))),
    );
    const frameSizes: number[] = [];
    ada.socket.on('message', (data) => frameSizes.push((data as Buffer).length));
    const page = await ada.ask({ type: 'page', room: 'lobby', limit: 200 });
    const joined = await join(ada);
    expect(page.hasMore).toBe(true);
    expect(entriesOf(page).length).toBeGreaterThan(1);
    expect(entriesOf(joined).length).toBeGreaterThan(1);
    expect(Math.max(...frameSizes)).toBeLessThanOrEqual(64 * 1024);
  });
});

describe('members', () => {
  it('[H1] are listed as far as they fit, and counted all', async () => {
    const crowd = await startTestServer({});
    try {
      const inCrowd = (name: string): Promise<NativeClient> =>
        NativeClient.enter(`ws://localhost:${crowd.port}/ws`, name);
      const longName = (i: number): string => `${String(i).padStart(3, '0')}${'🧵'.repeat(61)}`;
      const people = await Promise.all(Array.from({ length: 120 }, (_, i) => inCrowd(longName(i))));
      await Promise.all(people.slice(0, 8).map((person) => person.post('你'.repeat(5000))));
      const late = await inCrowd('Late');
      const joined = late.received.find(({ type }) => type === 'joined') ?? {};
      expect(joined.memberCount).toBe(121);
      expect((joined.members as Json[]).length).toBeGreaterThanOrEqual(25);
      expect((joined.members as Json[])[0]).toMatchObject({ name: 'Late' });
      expect(Buffer.byteLength(JSON.stringify(joined))).toBeLessThanOrEqual(64 * 1024);
      for (const client of [...people, late]) client.socket.terminate();
    } finally {
      await crowd.stop();
    }
  });
});

describe('commands', () => {
  it('[P7] may be sent in one breath: hello, join and posts run in their order', async () => {
    const client = await open();
    const send = (command: Json): void => client.socket.send(JSON.stringify(command));
    send({ type: 'hello', ref: 'h', name: 'In one breath' });
    send({ type: 'join', ref: 'j', room: 'lobby' });
    for (let i = 0; i < 500; i += 1) send({ type: 'post', ref: `p${i}`, room: 'lobby', text: `breath ${i}` });
    await client.next((event) => event.ref === 'p499');
    const own = client.entries.filter(({ text }) => String(text).startsWith('breath'));
    expect(own.map(({ text }) => text)).toEqual(Array.from({ length: 500 }, (_, i) => `breath ${i}`));
    expect(client.received.filter(({ type }) => type === 'refused')).toEqual([]);
  });

  it.each([
    [{ type: 'join', room: 'lobby' }, 'hello-first'],
    [{ type: 'post', room: 'lobby', text: 'x' }, 'hello-first'],
    [{ type: 'page', room: 'lobby' }, 'hello-first'],
    [{ type: 'hello' }, 'name-empty'],
    [{ type: 'hello', name: 'a\u0000' }, 'name-characters'],
    [{ type: 'hello', token: 'guessed' }, 'bad-token'],
    [{ type: 'hello', name: 5 }, 'bad-command'],
    [{ type: 'dance' }, 'unknown-type'],
  ])('[P6] before hello, %j → %s', async (command, code) => {
    expect(await (await open()).ask(command)).toMatchObject({
      type: 'refused',
      code,
      message: expect.any(String),
    });
  });

  it.each([
    [{ type: 'hello', name: 'Again' }, 'already-greeted'],
    [{ type: 'join', room: 'nowhere' }, 'no-room'],
    [{ type: 'post', room: 'lobby', text: 'x'.repeat(16 * 1024 + 1) }, 'text-too-long'],
    [{ type: 'post', room: 'lobby', text: ' ' }, 'text-empty'],
    [{ type: 'post', room: 'lobby', text: '\ud800' }, 'text-characters'],
  ])('[P6] after hello, %j → %s', async (command, code) => {
    expect(await (await enter()).ask(command)).toMatchObject({ type: 'refused', code });
  });

  it('[P3] a binary message is refused; the connection goes on', async () => {
    const ada = await enter();
    const refused = ada.next((event) => event.type === 'refused');
    ada.socket.send(Buffer.from('{"type":"ping","ref":1}'));
    expect(await refused).toMatchObject({ ref: null, code: 'binary-message' });
    expect(await ada.ask({ type: 'ping' })).toMatchObject({ type: 'pong' });
  });

  it('[P4] a client that sees no WebSocket pings asks for itself, as often as it is told', async () => {
    const client = await open();
    expect(await client.ask({ type: 'ping' })).toMatchObject({ type: 'pong' });
    const welcome = await client.ask({ type: 'hello', name: 'Alive' });
    expect(welcome.limits).toMatchObject({ pingIntervalMs: 25_000, pongTimeoutMs: 8_000 });
  });

  it('[P8] thousands of commands that nobody waits for are all answered, in their order', async () => {
    const ada = await enter();
    const refs = Array.from({ length: 3_000 }, (_, i) => `many ${i}`);
    for (const ref of refs) ada.socket.send(JSON.stringify({ type: 'page', ref, room: 'lobby', limit: 1 }));
    await ada.until(({ ref }) => ref === refs.at(-1));
    expect(ada.received.filter(({ type }) => type === 'page').map(({ ref }) => ref)).toEqual(refs);
  });

  it('[P11] a post without a draftId gets one', async () => {
    const ada = await enter();
    const [one, other] = [await ada.post('same text'), await ada.post('same text')];
    expect(String(one.draftId).length).toBeGreaterThanOrEqual(16);
    expect(other.draftId).not.toBe(one.draftId);
  });

  it('[L3] the same draft gets the first answer again; with another text it is a conflict', async () => {
    const ada = await enter();
    const first = await ada.post('once', 'draft-once');
    const again = await ada.post('once', 'draft-once');
    expect([again.seq, again.at]).toEqual([first.seq, first.at]);
    expect(await ada.post('twice', 'draft-once')).toMatchObject({ type: 'refused', code: 'draft-conflict' });
    await ada.post('after');
    await ada.untilText('after');
    expect(ada.entries.filter(({ draftId }) => draftId === 'draft-once')).toHaveLength(1);
  });

  it('only members write; leave is told and ends the feed', async () => {
    const [ada, bo] = [await enter(), await enter()];
    expect(await bo.ask({ type: 'leave', room: 'lobby' })).toMatchObject({ type: 'left' });
    await ada.until((event) => (event.entry as Json | undefined)?.type === 'leave');
    expect(await bo.post('from outside')).toMatchObject({ type: 'refused', code: 'not-joined' });
    const heard = bo.entries.length;
    await ada.post('inside');
    await bo.ask({ type: 'ping' });
    expect(bo.entries.length).toBe(heard);
  });

  it('[P12] a name is free once its bearer has left in one connection and closed the other', async () => {
    const one = await open();
    const welcome = await one.ask({ type: 'hello', name: 'In two tabs' });
    await join(one);
    const other = await open();
    await other.ask({ type: 'hello', token: welcome.token });
    await join(other);
    await other.ask({ type: 'leave', room: 'lobby' });
    await other.close();
    expect(await (await open()).ask({ type: 'hello', name: 'In two tabs' })).toMatchObject({
      code: 'name-taken',
    });
    await one.close();
    const free = async (): Promise<unknown> =>
      (await (await open()).ask({ type: 'hello', name: 'In two tabs' })).type;
    await expect.poll(free).toBe('welcome');
  });

  it('[P12][P13] a name is echoed as sent; its look-alikes are taken; the token takes it back under the same author', async () => {
    const first = await open();
    const name = ' Zoë 🧵 ';
    const welcome = await first.ask({ type: 'hello', name });
    expect(welcome.you).toMatchObject({ name });
    expect(await (await open()).ask({ type: 'hello', name: 'ZOË🧵' })).toMatchObject({ code: 'name-taken' });
    first.socket.terminate();
    expect(await (await open()).ask({ type: 'hello', name })).toMatchObject({ code: 'name-taken' });
    expect(await (await open()).ask({ type: 'hello', token: welcome.token })).toMatchObject({
      you: welcome.you,
    });
  });
});

describe('the rate limit', () => {
  it('lets a burst through, then refuses with the time to wait; the connection goes on', async () => {
    const limited = await startTestServer({ RATE_LIMIT: '5/2' });
    try {
      const ada = await NativeClient.enter(`ws://localhost:${limited.port}/ws`, 'Ada');
      const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => ada.post(`quick ${i}`)));
      expect(answers.map(({ type }) => type)).toEqual([
        ...Array(5).fill('posted'),
        ...Array(3).fill('refused'),
      ]);
      expect(answers[7]).toMatchObject({ code: 'rate-limited', retryAfterMs: expect.any(Number) });
      await ada.close();
    } finally {
      await limited.stop();
    }
  });
});
