// The promise as a whole, against a server that is a process of its own: one order for everybody, equal to the download
// after a restart; and after kill -9 every acknowledged message is there, numbered without a gap.
import { rmSync } from 'node:fs';
import { io as io4 } from 'socket.io-client';
import io2 from 'socket.io-client-2';
import { afterEach, describe, expect, it } from 'vitest';
import { ask, linesOf } from './history-reader.ts';
import { type Json, NativeClient } from './native-client.ts';
import { type SpawnedServer, spawnServer, temporaryDir } from './server.ts';

const MESSAGES_EACH = 2_000;
const cleanUps: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function serve(dataDir: string, settings: Record<string, string> = {}): Promise<SpawnedServer> {
  const server = await spawnServer({ DATA_DIR: dataDir, LOG_LEVEL: 'warn', ...settings });
  cleanUps.push(() => server.end('SIGKILL'));
  return server;
}

const dataDir = (): string => {
  const dir = temporaryDir();
  cleanUps.push(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
};

async function history(server: SpawnedServer): Promise<Json[]> {
  const { bytes } = await ask(`http://localhost:${server.port}/api/rooms/lobby/history`);
  return [...linesOf(bytes).records];
}

const isMessage = (entry: Json): boolean => entry.type === 'message';
const shown = (entry: Json): string => `${(entry.author as Json).name}: ${entry.text}`;
const isGapless = (entries: readonly Json[]): boolean =>
  entries.every((entry, index) => entry.seq === index + 1);

interface Participant {
  readonly name: string;
  send(text: string): void;
  /** What it saw people write, in order: `name: text`. */
  readonly seen: readonly string[];
}

async function nativeParticipant(server: SpawnedServer, name: string): Promise<Participant> {
  const client = await NativeClient.enter(`ws://localhost:${server.socketPort}`, name);
  cleanUps.push(() => client.socket.terminate());
  return {
    name,
    send: (text) => void client.post(text),
    get seen() {
      return client.entries.filter(isMessage).map(shown);
    },
  };
}

async function lessonParticipant(
  server: SpawnedServer,
  name: string,
  connect: typeof io4,
): Promise<Participant> {
  const socket = connect(`ws://localhost:${server.socketPort}`, {
    transports: ['websocket'],
    forceNew: true,
  });
  cleanUps.push(() => socket.close());
  const seen: string[] = [];
  await new Promise<void>((resolve) => {
    socket.on('message', (message: Json) => {
      if (message.type === 'CHAT') seen.push(`${message.sender}: ${message.message}`);
      if (message.type === 'LOGIN' && message.message === `${name}加入了聊天`) resolve();
    });
    socket.send({ type: 'LOGIN', name });
  });
  return { name, seen, send: (text) => void socket.send({ type: 'CHAT', message: text }) };
}

describe('one room under load', () => {
  it('[L1][L4] five senders at once: every reader has every message once, in one order, equal to the history after a restart', async () => {
    const dir = dataDir();
    const server = await serve(dir);
    const people = await Promise.all([
      nativeParticipant(server, 'native one'),
      nativeParticipant(server, 'native two'),
      nativeParticipant(server, 'native three'),
      lessonParticipant(server, '课堂', io4),
      lessonParticipant(server, 'an old client', io2),
    ]);
    const total = people.length * MESSAGES_EACH;
    for (let i = 0; i < MESSAGES_EACH; i += 1) {
      for (const person of people) person.send(`message ${i}`);
      if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await expect
      .poll(() => Math.min(...people.map(({ seen }) => seen.length)), { timeout: 60_000, interval: 100 })
      .toBe(total);
    const [first] = people;
    for (const person of people) expect(person.seen).toEqual(first?.seen);
    expect(await server.end('SIGTERM')).toBe(0);
    const entries = await history(await serve(dir));
    expect(isGapless(entries)).toBe(true);
    expect(entries.filter(isMessage).map(shown)).toEqual(first?.seen);
    for (const { name } of people) {
      const mine = entries.filter((entry) => isMessage(entry) && (entry.author as Json).name === name);
      expect(mine.map(({ text }) => text)).toEqual(
        Array.from({ length: MESSAGES_EACH }, (_, i) => `message ${i}`),
      );
    }
  }, 120_000);

  it('[L2][L3] kill -9 in the middle: every acknowledged message is there, with its number; a retry gets the same answer', async () => {
    const dir = dataDir();
    const server = await serve(dir);
    const clients = await Promise.all(
      ['Ada', 'Bo', 'Cy'].map((name) => NativeClient.enter(`ws://localhost:${server.port}/ws`, name)),
    );
    const tokens = clients.map((client) =>
      String(client.received.find(({ type }) => type === 'welcome')?.token),
    );
    // Everybody keeps 200 posts under way until the server dies under them.
    const sent = clients.map(() => 0);
    const postNext = (who: number): void => {
      const i = sent[who] ?? 0;
      sent[who] = i + 1;
      void clients[who]?.post(`text ${i}`, `draft-${who}-${i}`).then(() => postNext(who));
    };
    for (const who of clients.keys()) for (let i = 0; i < 200; i += 1) postNext(who);
    const acknowledged = (): Json[] =>
      clients.flatMap((client) => client.received.filter(({ type }) => type === 'posted'));
    await expect.poll(() => acknowledged().length, { timeout: 60_000, interval: 5 }).toBeGreaterThan(1_000);
    await server.end('SIGKILL');
    await Promise.all(clients.map((client) => client.closed));
    const answers = acknowledged();
    expect(answers.length).toBeLessThan(sent.reduce((sum, count) => sum + count));
    const again = await serve(dir);
    const entries = await history(again);
    expect(isGapless(entries)).toBe(true);
    const seqOf = new Map(entries.map((entry) => [entry.draftId, entry.seq]));
    for (const { draftId, seq } of answers) expect(seqOf.get(draftId)).toBe(seq);
    // Whoever did not hear the answer sends the draft again: stored once, under the number it has.
    const ada = await NativeClient.enter(`ws://localhost:${again.port}/ws`, 'Ada', tokens[0]);
    const retried = await Promise.all(
      Array.from({ length: 50 }, (_, i) => ada.post(`text ${i}`, `draft-0-${i}`)),
    );
    expect(retried.map(({ draftId, seq }) => [draftId, seq])).toEqual(
      retried.map(({ draftId }) => [draftId, seqOf.get(draftId)]),
    );
    await ada.close();
  }, 120_000);

  it('after a crash, who comes back within the grace period was never away; who does not has left, once', async () => {
    const dir = dataDir();
    const server = await serve(dir);
    const url = (of: SpawnedServer): string => `ws://localhost:${of.port}/ws`;
    const ada = await NativeClient.enter(url(server), 'Ada');
    await NativeClient.enter(url(server), 'Bo');
    const token = String(ada.received.find(({ type }) => type === 'welcome')?.token);
    await server.end('SIGKILL');
    const again = await serve(dir, { LEAVE_GRACE: '2' });
    const thief = await NativeClient.open(url(again));
    expect(await thief.ask({ type: 'hello', name: 'Bo' })).toMatchObject({ code: 'name-taken' });
    const back = await NativeClient.enter(url(again), 'Ada', token);
    const left = await back.until((event) => (event.entry as Json | undefined)?.type === 'leave');
    expect((left.entry as Json).author).toMatchObject({ name: 'Bo' });
    expect((await history(again)).map((entry) => `${entry.type} ${(entry.author as Json).name}`)).toEqual([
      'join Ada',
      'join Bo',
      'leave Bo',
    ]);
    expect(await thief.ask({ type: 'hello', name: 'Bo' })).toMatchObject({ type: 'welcome' });
    back.socket.terminate();
    thief.socket.terminate();
  }, 60_000);
});
