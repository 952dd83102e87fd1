// The whole SDK in several tabs of one browser, which write, cancel, lead, freeze, wake, reload and die in any order, while the server
// is slow, cut off, or refuses for now: in the end every kept message is in the log once, in the order of writing, and every
// tab that lives shows the log and nothing that waits.
import type { DraftId } from '@wireroom/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createChat } from './browser-chat.ts';
import type { Chat } from './chat.ts';
import { fixedRandom } from './fake-clock.fixture.ts';
import { FakeServer, type ServerSide } from './fake-server.fixture.ts';
import { FakeBrowser, type FakeTab, nextTurn, settled } from './fake-tabs.fixture.ts';
import type { RoomSnapshot } from './snapshot.ts';
import { memoryStorage } from './storage.ts';

const TABS_MAX = 3;

const ACTS = [
  ...['open a tab', 'write', 'write', 'write', 'write', 'cancel', 'kill', 'freeze', 'wake', 'wake', 'reload'],
  ...['leave', 'come back', 'connect', 'connect', 'serve', 'serve', 'serve', 'deliver', 'deliver', 'deliver'],
  ...['deliver', 'cut', 'refuse for now', 'turn', 'turn', 'settle', 'let time pass', 'let time pass'],
] as const;
interface Act {
  readonly what: (typeof ACTS)[number];
  readonly pick: number;
}

/** A tab with a chat in it. */
interface Visit {
  readonly number: number;
  readonly tab: FakeTab;
  readonly chat: Chat;
  side: ServerSide | undefined;
}

class World {
  readonly server = new FakeServer();
  readonly browser: FakeBrowser;
  readonly visits: Visit[] = [];
  /** By tab, in the order of writing. */
  readonly written = new Map<number, DraftId[]>();
  /** The store has said so. */
  readonly kept = new Set<DraftId>();
  readonly cancelled = new Set<DraftId>();
  readonly #storage = memoryStorage();
  readonly #random = fixedRandom();
  #count = 0;

  constructor(hasLocks: boolean) {
    this.browser = new FakeBrowser({ hasLocks });
  }

  /** The first tab is in the room: the others are the same author. */
  async begin(): Promise<void> {
    this.#open();
    await this.#run(40);
  }

  async do({ what, pick }: Act): Promise<void> {
    if (what === 'turn') await nextTurn();
    if (what === 'settle') await settled(20);
    if (what === 'let time pass') await this.browser.pass(pick * 10);
    if (what === 'open a tab') this.#open();
    if (what === 'refuse for now') this.server.refuseNext = 'storage-failed';
    const visit = this.living[pick % Math.max(1, this.living.length)];
    if (visit !== undefined) this.#doIn(visit, what, pick);
  }

  get living(): readonly Visit[] {
    return this.visits.filter(({ tab }) => tab.state !== 'dead');
  }

  #doIn(visit: Visit, what: Act['what'], pick: number): void {
    const { tab, side } = visit;
    if (what === 'connect') side?.open();
    if (what === 'serve') side?.serve();
    if (what === 'deliver') side?.deliver({ isRepeated: false });
    if (what === 'cut') side?.end(1006);
    if (what === 'wake') tab.wake();
    if (what === 'kill') this.#kill(visit);
    if (tab.state !== 'awake') return;
    if (what === 'freeze') tab.freeze();
    if (what === 'leave') tab.tell('left');
    if (what === 'come back') tab.tell('back');
    if (what === 'write') this.#write(visit);
    if (what === 'cancel') this.#cancel(visit, pick);
    if (what === 'reload') this.#reload(visit);
  }

  #open(): void {
    if (this.living.length >= TABS_MAX) return;
    const number = this.visits.length;
    const tab = this.browser.open();
    const { store } = tab;
    const add = store.add.bind(store);
    Object.assign(store, {
      add: async (draft: Parameters<typeof add>[0]) => {
        const placed = await add(draft);
        this.kept.add(draft.draftId);
        return placed;
      },
    });
    const chat = createChat({
      ...{ url: 'ws://chat/ws', outbox: store, storage: this.#storage, clock: tab.clock },
      ...{ random: this.#random, entersByItself: false },
      openTransport: (url, handlers) => {
        const side = this.server.openTransport(url, {
          open: () => tab.do(handlers.open),
          message: (text) => tab.do(() => handlers.message(text)),
          close: (code, reason) => tab.do(() => handlers.close(code, reason)),
        });
        visit.side = [...this.server.connections].at(-1);
        return {
          send: (text) => {
            if (tab.state === 'awake') side.send(text);
          },
          close: (code, reason) => side.close(code, reason),
        };
      },
    });
    const visit: Visit = { number, tab, chat, side: undefined };
    this.visits.push(visit);
    this.written.set(number, []);
    if (!chat.resume()) chat.enter('Ada');
  }

  #kill({ tab, side }: Visit): void {
    tab.kill();
    side?.end(1006);
  }

  #reload(visit: Visit): void {
    visit.tab.tell('left');
    this.#kill(visit);
    this.#open();
  }

  #write({ chat, number }: Visit): void {
    this.#count += 1;
    const before = new Set(pendingIn(chat));
    void chat.room('lobby').post(`text ${this.#count}`);
    const draftId = pendingIn(chat).find((id) => !before.has(id));
    if (draftId === undefined) throw new Error('what was written is not shown');
    this.written.get(number)?.push(draftId);
  }

  #cancel({ chat }: Visit, pick: number): void {
    const waiting = pendingIn(chat);
    const draftId = waiting[pick % Math.max(1, waiting.length)];
    if (draftId === undefined) return;
    chat.room('lobby').cancel(draftId);
    this.cancelled.add(draftId);
  }

  /** No more faults: whoever lives is awake, and everything that waits comes about. */
  async end(): Promise<void> {
    this.server.refuseNext = undefined;
    this.#open();
    for (const { tab } of this.living) {
      tab.wake();
      tab.tell('back');
    }
    // What was withheld from a frozen tab its next connection brings.
    for (const { side } of this.living) side?.end(1006);
    await this.#run(400);
  }

  async #run(rounds: number): Promise<void> {
    for (let round = 0; round < rounds; round += 1) {
      for (const { side } of this.living) {
        side?.open();
        for (let n = 0; n < 20; n += 1) {
          side?.serve();
          side?.deliver({ isRepeated: false });
        }
      }
      await this.browser.pass(250);
      if (this.isStill) return;
    }
  }

  get isStill(): boolean {
    return this.living.every(
      ({ chat, side }) =>
        side?.isIdle === true &&
        pendingIn(chat).length === 0 &&
        lobbyOf(chat)?.status === 'live' &&
        chat.snapshot().connection.state === 'open',
    );
  }

  get textsInLog(): readonly string[] {
    return this.server.log.entries.flatMap((entry) => (entry.type === 'message' ? [entry.text] : []));
  }

  get idsInLog(): readonly DraftId[] {
    return this.server.log.entries.flatMap((entry) => (entry.type === 'message' ? [entry.draftId] : []));
  }
}

const lobbyOf = (chat: Chat): RoomSnapshot | undefined => chat.snapshot().rooms.lobby;

const pendingIn = (chat: Chat): readonly DraftId[] =>
  (lobbyOf(chat)?.items ?? []).flatMap((item) => (item.kind === 'pending' ? [item.draftId] : []));

const textsIn = (chat: Chat): readonly string[] =>
  (lobbyOf(chat)?.items ?? []).flatMap((item) => (item.kind === 'message' ? [item.text] : []));

function checkAtTheEnd(world: World): void {
  const { idsInLog, textsInLog } = world;
  const living = new Set(world.living.flatMap(({ number }) => world.written.get(number) ?? []));
  const promised = [...world.written.values()]
    .flat()
    .filter((id) => (world.kept.has(id) || living.has(id)) && !world.cancelled.has(id));
  expect(
    promised.filter((id) => !idsInLog.includes(id)),
    'lost',
  ).toEqual([]);
  expect(
    textsInLog.filter((text, index) => textsInLog.indexOf(text) !== index),
    'doubled',
  ).toEqual([]);
  for (const [number, draftIds] of world.written) {
    // One that was cancelled too late, or that another tab was just taking over, has no place in the order.
    const arrived = idsInLog.filter((id) => draftIds.includes(id) && !world.cancelled.has(id));
    expect(arrived, `the order of tab ${number}`).toEqual(draftIds.filter((id) => arrived.includes(id)));
  }
  for (const { chat } of world.living) {
    expect(pendingIn(chat), 'still waiting').toEqual([]);
    const shown = textsIn(chat);
    expect(shown).toEqual(textsInLog.slice(textsInLog.length - shown.length));
  }
}

describe.each([{ hasLocks: true }, { hasLocks: false }])('tabs (Web Locks: $hasLocks)', ({ hasLocks }) => {
  test('[C1][C1.5][C8] whatever happens, every kept message is in the log once and in order, and every tab shows it', async () => {
    const act = fc.record({ what: fc.constantFrom(...ACTS), pick: fc.nat(300) });
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 30, maxLength: 150, size: 'max' }), async (acts) => {
        const world = new World(hasLocks);
        await world.begin();
        for (const each of acts) await world.do(each);
        await world.end();
        checkAtTheEnd(world);
      }),
      { numRuns: 60 },
    );
  }, 120_000);
});
