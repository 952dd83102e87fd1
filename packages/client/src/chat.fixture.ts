// A chat over a network, a clock and a storage in a test's hand, new for every test, and the few steps that most tests begin with.
import { type Author, ChatError, type Entry, type JoinedEvent } from '@wireroom/protocol';
import { beforeEach } from 'vitest';
import { createChat } from './browser-chat.ts';
import type { Chat, ChatOptions } from './chat.ts';
import { ada, joined, messages, roomId, welcome } from './events.fixture.ts';
import { FakeClock, fixedRandom, tick } from './fake-clock.fixture.ts';
import { FakeNetwork } from './fake-network.fixture.ts';
import { memoryOutbox } from './memory-outbox.ts';
import type { OutboxStore } from './outbox-store.ts';
import type { RoomSnapshot, TimelineItem } from './snapshot.ts';
import { type KeyValueStorage, memoryStorage } from './storage.ts';

export let clock: FakeClock;
export let network: FakeNetwork;
export let storage: KeyValueStorage;
export let outbox: OutboxStore;
export let chat: Chat;

export function newChat(options: Partial<ChatOptions> = {}): Chat {
  const { openTransport } = network;
  return createChat({
    url: 'ws://test:1/ws',
    ...{ openTransport, outbox, entersByItself: false },
    storage,
    clock,
    random: fixedRandom(),
    ...options,
  });
}

/** Another chat in its place, as after a reload. */
export function renew(options: Partial<ChatOptions> = {}): void {
  chat = newChat(options);
}

beforeEach(async () => {
  clock = new FakeClock();
  network = new FakeNetwork();
  storage = memoryStorage();
  outbox = memoryOutbox();
  renew();
  await tick();
});

/** The latest connection opens and is welcomed. Returns the hello. */
export function greet(you: Author = ada, token = 'token-of-ada') {
  network.latest.open();
  const hello = network.latest.next('hello');
  network.latest.say(welcome(hello.ref, you, token));
  return hello;
}

/** The lobby is joined. Returns the join. */
export function letIn(entries: Parameters<typeof joined>[1] = [], more: Partial<JoinedEvent> = {}) {
  const join = network.latest.next('join');
  network.latest.say(joined(join.ref, entries, more));
  return join;
}

export function live(entries: readonly Entry[] = messages(1, 3)): void {
  chat.enter('Ada');
  greet();
  letIn(entries);
}

/** The connection goes, and the next one is greeted. */
export function reconnect(): void {
  network.latest.end();
  clock.pass(20_000);
  greet();
}

export function lobby(of = chat): RoomSnapshot {
  const found = of.snapshot().rooms.lobby;
  if (found === undefined) throw new Error('no lobby');
  return found;
}

export const hear = (...entries: Entry[]): void => {
  for (const entry of entries) network.latest.say({ type: 'entry', entry });
};
function toldOf(item: TimelineItem): string {
  if (item.kind === 'gap') return `gap ${item.from}-${item.to}`;
  return item.kind === 'notice' ? `${item.what} ${item.author.name}` : item.text;
}

export const shown = (of = chat): string[] => lobby(of).items.map((item) => toldOf(item));
export const pending = (): string[] =>
  lobby().items.flatMap((item) => (item.kind === 'pending' ? [`${item.text}: ${item.state}`] : []));
export const posted = (
  ref: string | number,
  draftId: Entry extends never ? never : string,
  seq: number,
): void =>
  network.latest.sayText(
    JSON.stringify({ type: 'posted', ref, roomId, draftId, seq, at: '2026-01-01T00:00:00.000Z' }),
  );
/** The code of the ChatError that it throws or rejects with. */
export async function codeOf(act: () => Promise<unknown>): Promise<string> {
  try {
    await act();
  } catch (error) {
    if (error instanceof ChatError) return error.code;
    throw error;
  }
  return 'nothing was thrown';
}

/** Somebody writes, and what can be sent is sent. */
export async function write(text: string, slug = 'lobby'): Promise<void> {
  void chat.room(slug).post(text);
  await tick();
}

export async function nextPost() {
  await tick();
  return network.latest.next('post');
}

/** What the outbox keeps. */
export const keptTexts = async (): Promise<string[]> =>
  (await outbox.load()).map(({ content }) => ('text' in content ? content.text : content.type));
