// Any sequence of writing, losing, repeating, withholding and refusing, against a model of the server: in the end every
// message is in the log once, in the order of writing, and the timeline is the log.
import { draftIdSchema } from '@wireroom/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ChatClient, createChatClient } from './chat-client.ts';
import { author } from './events.fixture.ts';
import { FakeClock, fixedRandom } from './fake-clock.fixture.ts';
import { FakeServer, type ServerSide } from './fake-server.fixture.ts';
import type { TimelineItem } from './snapshot.ts';
import { memoryStorage } from './storage.ts';

const ACTS = [
  'write',
  'hear from another',
  'hear something unknown',
  'another joins or leaves',
  'open',
  'serve',
  'deliver',
  'deliver twice',
  'withhold',
  'cut',
  'close 4100',
  'refuse for now',
  'let time pass',
  'load older',
  'reload',
  'lose the tokens',
] as const;
type Act = (typeof ACTS)[number];

/** Few long waits, much traffic; now and then anything but what is left out. */
function actsWithout(leftOut: Act): fc.Arbitrary<readonly Act[]> {
  const anyAct = fc.constantFrom(...ACTS.filter((act) => act !== leftOut));
  const ofAct: fc.Arbitrary<Act> = fc.oneof(
    { weight: 6, arbitrary: fc.constant<Act>('serve') },
    { weight: 8, arbitrary: fc.constant<Act>('deliver') },
    { weight: 3, arbitrary: fc.constant<Act>('write') },
    { weight: 3, arbitrary: fc.constant<Act>('hear from another') },
    { weight: 3, arbitrary: fc.constant<Act>('open') },
    { weight: 7, arbitrary: anyAct },
  );
  return fc.array(ofAct, { maxLength: 120, size: 'max' });
}

class World {
  readonly server = new FakeServer();
  readonly clock = new FakeClock();
  readonly #storage = memoryStorage();
  readonly #random = fixedRandom();
  readonly written: string[] = [];
  chat: ChatClient = this.#newChat();
  #heardCount = 0;
  #isCyHere = false;

  constructor() {
    this.chat.enter('Ada');
  }

  do(act: Act): void {
    const [side] = this.server.connections;
    if (act === 'write') this.#write();
    if (act === 'hear from another') this.#hearFromAnother();
    if (act === 'hear something unknown') this.server.appendUnknown();
    if (act === 'another joins or leaves') this.#joinOrLeave();
    if (act === 'refuse for now') this.server.refuseNext = 'storage-failed';
    if (act === 'let time pass') this.clock.pass(1500);
    if (act === 'load older') this.chat.loadOlder('lobby');
    if (act === 'reload') this.#reload();
    if (act === 'lose the tokens') this.server.forgetTokens();
    if (side !== undefined) this.#doOn(side, act);
  }

  #write(): void {
    const text = `mine ${this.written.length}`;
    this.written.push(text);
    this.chat.post('lobby', text);
  }

  #hearFromAnother(): void {
    this.#heardCount += 1;
    const draftId = draftIdSchema.parse(`of-bob-${this.#heardCount}`);
    this.server.post(author('Bob'), draftId, `theirs ${this.#heardCount}`);
  }

  #joinOrLeave(): void {
    if (this.#isCyHere) this.server.leave(author('Cy'));
    else this.server.join(author('Cy'));
    this.#isCyHere = !this.#isCyHere;
  }

  #reload(): void {
    this.chat.close();
    this.chat = this.#newChat();
    if (!this.chat.resume()) this.chat.enter('Ada');
  }

  #doOn(side: ServerSide, act: Act): void {
    if (act === 'open') side.open();
    if (act === 'serve') side.serve();
    if (act === 'deliver') side.deliver({ isRepeated: false });
    if (act === 'deliver twice') side.deliver({ isRepeated: true });
    if (act === 'withhold') side.withhold();
    if (act === 'cut') side.end(1006);
    if (act === 'close 4100') side.end(4100);
  }

  /** No more faults: everything that waits may come about. */
  settle(): void {
    this.server.refuseNext = undefined;
    // That the last entry of all was withheld, nobody could know: to find that is the server's part (rule F2).
    this.#hearFromAnother();
    for (let n = 0; n < 2000; n += 1) {
      const [side] = this.server.connections;
      side?.open();
      side?.serve();
      side?.deliver({ isRepeated: false });
      if (side === undefined || side.isIdle) {
        if (this.isQuiet) return;
        this.clock.pass(5000);
      }
    }
    throw new Error(`it does not settle: ${JSON.stringify(this.chat.snapshot())}`);
  }

  get isQuiet(): boolean {
    const { connection, rooms } = this.chat.snapshot();
    const items = rooms.lobby?.items ?? [];
    const isStill =
      connection.state === 'open' && rooms.lobby?.status === 'live' && !rooms.lobby.isLoadingOlder;
    return isStill && items.every(({ kind }) => kind !== 'pending');
  }

  get items(): readonly TimelineItem[] {
    return this.chat.snapshot().rooms.lobby?.items ?? [];
  }

  #newChat(): ChatClient {
    const { clock } = this;
    const { openTransport } = this.server;
    return createChatClient({
      url: 'ws://t/ws',
      openTransport,
      storage: this.#storage,
      clock,
      random: this.#random,
    });
  }
}

/** At every moment: one stretch of the log without a hole, nothing twice, and pending what was written. */
function checkAlways({ items, server }: World): void {
  const keys = items.map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
  const entries = items.filter((item) => item.kind !== 'pending');
  const first = entries[0]?.seq ?? 1;
  const last = entries.at(-1)?.seq ?? 0;
  expect(entries.map(told)).toEqual(
    server.entries
      .slice(first - 1, last)
      .filter((entry) => entry.type !== 'unknown')
      .map(told),
  );
  expect(items.slice(0, entries.length)).toEqual(entries);
}

function told(entry: object): object {
  const { seq, text, author: by } = Object.fromEntries(Object.entries(entry));
  return { seq, text, by };
}

function checkAtTheEnd(world: World): void {
  const texts = world.server.entries.flatMap((entry) => (entry.type === 'message' ? [entry.text] : []));
  expect(texts.filter((text) => text.startsWith('mine'))).toEqual(world.written);
  const shown = world.items.flatMap((item) => (item.kind === 'message' ? [item.text] : []));
  expect(shown).toEqual(texts.slice(texts.length - shown.length));
  const { lobby } = world.chat.snapshot().rooms;
  const newest = world.server.entries.filter((entry) => entry.type !== 'unknown').at(-1)?.seq;
  if (shown.length > 0) expect(world.items.at(-1)).toMatchObject({ seq: newest });
  expect(lobby?.memberCount).toBe(world.server.members.length);
  expect(new Set(lobby?.members.map(({ authorId }) => authorId))).toEqual(
    new Set(world.server.members.map(({ authorId }) => authorId)),
  );
}

function live(acts: readonly Act[]): World {
  const world = new World();
  for (const act of acts) {
    world.do(act);
    checkAlways(world);
  }
  world.settle();
  checkAlways(world);
  return world;
}

test('[C1] [C8] [C10] [C12] whatever happens on the way, every message is in the log once and in order, and the timeline is the log', () => {
  fc.assert(
    fc.property(actsWithout('lose the tokens'), (acts) => checkAtTheEnd(live(acts))),
    { numRuns: 150 },
  );
});

test('[C5] [C8] so it is when we become somebody else on the way, unless the memory of what was shown is lost with it', () => {
  fc.assert(
    fc.property(actsWithout('reload'), (acts) => checkAtTheEnd(live(acts))),
    { numRuns: 150 },
  );
});
