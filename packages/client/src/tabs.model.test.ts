// Tabs that write, cancel, lead, freeze, wake, are left and die, in any order and at any moment, against a log that answers
// repeats with the first answer (rule L3): in the end every kept draft is in the log once, in the order of writing.
// The senders here are as simple as can be; the SDK's own is tested elsewhere. What is tested is the stores, and who leads.
import type { DraftId } from '@wireroom/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ada } from './events.fixture.ts';
import { FakeBrowser, type FakeTab, nextTurn, settled } from './fake-tabs.fixture.ts';
import { newDraft } from './outbox-store.contract.ts';
import type { Candidacy, StoredDraft } from './outbox-store.ts';

const SLUGS = ['lobby', 'harbour'] as const;
const TABS_MAX = 4;

/** The room's log, and what is on its way to it. */
class Log {
  readonly entries = new Map<string, { readonly tab: Sender; readonly draft: StoredDraft }>();
  readonly #underway: { readonly tab: Sender; readonly draft: StoredDraft; readonly answered: () => void }[] =
    [];

  send(tab: Sender, draft: StoredDraft): Promise<void> {
    return new Promise((answered) => this.#underway.push({ tab, draft, answered }));
  }

  /** What came first from each tab arrives first; between tabs, anything goes. */
  arrive(pick: number): void {
    const from = this.#underway[pick % this.#underway.length]?.tab;
    const index = this.#underway.findIndex(({ tab }) => tab === from);
    const [first] = index < 0 ? [] : this.#underway.splice(index, 1);
    if (first === undefined) return;
    const { draftId } = first.draft;
    if (!this.entries.has(draftId)) this.entries.set(draftId, first);
    first.tab.tab.do(first.answered);
  }

  get underwayCount(): number {
    return this.#underway.length;
  }
}

/** One tab: writes, and sends while it leads, one draft of a room at a time. */
class Sender {
  readonly tab: FakeTab;
  readonly #log: Log;
  #candidacy: Candidacy | undefined;
  #isLeading = false;
  readonly #isSending = new Set<string>();

  constructor(tab: FakeTab, log: Log) {
    this.tab = tab;
    this.#log = log;
    tab.store.watch(() => this.flush());
    this.connect();
  }

  connect(): void {
    this.#candidacy ??= this.tab.store.lead(ada.authorId, (isLeading) => {
      this.#isLeading = isLeading;
      this.flush();
    });
  }

  /** Answers do not come any more: what was under way may have arrived or not. */
  disconnect(): void {
    this.#candidacy?.giveUp();
    this.#candidacy = undefined;
    this.#isLeading = false;
    this.#isSending.clear();
  }

  flush(): void {
    for (const slug of SLUGS) void this.#sendNext(slug);
  }

  async #sendNext(slug: string): Promise<void> {
    const candidacy = this.#candidacy;
    if (!this.#isLeading || candidacy === undefined || this.#isSending.has(slug)) return;
    this.#isSending.add(slug);
    const drafts = await this.#awake(this.tab.store.load());
    const draft = drafts.find((each) => each.slug === slug);
    const isClaimed = draft !== undefined && (await this.#awake(candidacy.claim(draft.draftId)));
    if (this.#candidacy !== candidacy) return;
    if (isClaimed) {
      await this.#log.send(this, draft);
      if (this.#candidacy !== candidacy) return;
      await this.#awake(this.tab.store.remove([draft.draftId]));
      if (this.#candidacy !== candidacy) return;
    }
    this.#isSending.delete(slug);
    // Not claimed: another one leads, or it is gone. The next look shows which.
    if (draft !== undefined) this.flush();
  }

  /** A frozen tab gets its answers when it wakes, a dead one never. */
  async #awake<Result>(promise: Promise<Result>): Promise<Result> {
    const result = await promise;
    await new Promise<void>((resolve) => this.tab.do(resolve));
    return result;
  }
}

const ACTS = [
  ...['open', 'write', 'write', 'write', 'cancel', 'kill', 'freeze', 'wake', 'wake', 'leave', 'come back'],
  ...[
    'disconnect',
    'connect',
    'connect',
    'arrive',
    'arrive',
    'arrive',
    'turn',
    'turn',
    'settle',
    'pass',
    'pass',
  ],
] as const;
interface Act {
  readonly what: (typeof ACTS)[number];
  readonly pick: number;
}

class World {
  readonly browser: FakeBrowser;
  readonly log = new Log();
  readonly senders: Sender[] = [];
  /** By tab and room, in the order of writing. Kept: `add` has said so. */
  readonly written = new Map<string, DraftId[]>();
  readonly kept = new Set<DraftId>();
  readonly cancelled = new Set<DraftId>();
  #count = 0;

  constructor(hasLocks: boolean) {
    this.browser = new FakeBrowser({ hasLocks });
    this.#open();
  }

  async do({ what, pick }: Act): Promise<void> {
    const sender = this.senders[pick % this.senders.length];
    if (what === 'open') this.#open();
    if (what === 'arrive') this.log.arrive(pick);
    if (what === 'turn') await nextTurn();
    if (what === 'settle') await settled(20);
    // With the database's answers in between: a browser whose database is slow is another test's matter.
    if (what === 'pass') await this.browser.pass(pick * 10);
    if (sender !== undefined) this.#doIn(sender, what, pick);
  }

  #doIn(sender: Sender, what: Act['what'], pick: number): void {
    const { tab } = sender;
    if (what === 'wake') tab.wake();
    if (tab.state !== 'awake') return;
    if (what === 'write') this.#write(sender, SLUGS[pick % 2] ?? 'lobby');
    if (what === 'cancel') this.#cancel(sender, pick);
    if (what === 'freeze') tab.freeze();
    if (what === 'leave') tab.tell('left');
    if (what === 'come back') tab.tell('back');
    if (what === 'disconnect') sender.disconnect();
    if (what === 'connect') sender.connect();
    if (what === 'kill') tab.kill();
  }

  /** Whoever is left is awake, connected, and has time; if nobody is left, somebody comes. */
  async end(): Promise<void> {
    this.#open();
    for (const { tab } of this.senders) tab.wake();
    for (const sender of this.senders) {
      if (sender.tab.state === 'dead') continue;
      sender.tab.tell('back');
      sender.connect();
    }
    await settled();
    for (let round = 0; round < 200; round += 1) {
      for (; this.log.underwayCount > 0; ) this.log.arrive(0);
      await this.browser.pass(250);
      if (this.log.underwayCount === 0 && [...this.kept].every((draftId) => this.#isDone(draftId))) return;
    }
  }

  #isDone(draftId: DraftId): boolean {
    return this.log.entries.has(draftId) || this.cancelled.has(draftId);
  }

  #open(): void {
    const living = this.senders.filter(({ tab }) => tab.state !== 'dead');
    if (living.length < TABS_MAX) this.senders.push(new Sender(this.browser.open(), this.log));
  }

  #write(sender: Sender, slug: string): void {
    this.#count += 1;
    const draft = { ...newDraft(this.#count), slug };
    const key = `tab ${this.senders.indexOf(sender)}, ${slug}`;
    this.written.set(key, [...(this.written.get(key) ?? []), draft.draftId]);
    void sender.tab.store.add(draft).then(() => {
      this.kept.add(draft.draftId);
      sender.flush();
    });
  }

  #cancel(sender: Sender, pick: number): void {
    const draftId = [...this.kept][pick % Math.max(1, this.kept.size)];
    if (draftId === undefined) return;
    this.cancelled.add(draftId);
    void sender.tab.store.remove([draftId]).then(() => sender.flush());
  }
}

/** A seed found it: the tab that sent the first one is killed, and it arrives after the second. */
const CANCELLED_ON_ITS_WAY: readonly Act[] = [
  ...[{ what: 'write', pick: 21 } as const, { what: 'pass', pick: 1 } as const],
  ...[{ what: 'cancel', pick: 0 } as const, { what: 'write', pick: 33 } as const],
  ...[{ what: 'kill', pick: 0 } as const, { what: 'open', pick: 0 } as const],
  ...[{ what: 'settle', pick: 0 } as const, { what: 'arrive', pick: 73 } as const],
];

describe.each([{ hasLocks: true }, { hasLocks: false }])('tabs (Web Locks: $hasLocks)', ({ hasLocks }) => {
  test('[C1.1][C1.5][C1.6] whatever happens, every kept draft is in the log once, in the order of writing', async () => {
    const act = fc.record({ what: fc.constantFrom(...ACTS), pick: fc.nat(500) });
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 150, size: 'max' }), async (acts) => {
        const world = new World(hasLocks);
        for (const each of acts) await world.do(each);
        await world.end();
        const inLog = [...world.log.entries.keys()];
        const lost = [...world.kept].filter((id) => !inLog.includes(id) && !world.cancelled.has(id));
        expect(lost, 'lost').toEqual([]);
        for (const [where, draftIds] of world.written) {
          // One that was cancelled on its way may still arrive, from a tab that is dead: it has no place.
          const counting: readonly string[] = draftIds.filter((id) => !world.cancelled.has(id));
          const arrived = inLog.filter((id) => counting.includes(id));
          const inOrder = draftIds.filter((id) => arrived.includes(id));
          expect(arrived, `the order of ${where}`).toEqual(inOrder);
        }
        expect(world.senders.every(({ tab }) => tab.store.isDurable)).toBe(true);
      }),
      { numRuns: 100, examples: [[CANCELLED_ON_ITS_WAY]] },
    );
  }, 60_000);
});
