// A browser in a test's hand: tabs with one IndexedDB, one clock, Web Locks or none, and a channel between them. A tab can be
// left, frozen, woken and killed at any moment. fake-indexeddb keeps the drafts, in memory, by the rules of the real one.
import { IDBFactory } from 'fake-indexeddb';
import type { Clock } from './clock.ts';
import { FakeClock } from './fake-clock.fixture.ts';
import { openIdbOutbox } from './idb-outbox.ts';
import type { Locks } from './lease-lock.ts';
import type { OutboxStore } from './outbox-store.ts';
import type { TabMoment } from './tab-life.ts';

export interface FakeBrowserOptions {
  readonly hasLocks: boolean;
}

export class FakeBrowser {
  readonly indexedDb = new IDBFactory();
  readonly clock = new FakeClock();
  readonly locks = new FakeLocks();
  /** What lies in its `localStorage`. */
  readonly kept = new Map<string, string>();
  readonly hasLocks: boolean;
  readonly tabs: FakeTab[] = [];

  constructor({ hasLocks }: FakeBrowserOptions) {
    this.hasLocks = hasLocks;
  }

  open(indexedDb: IDBFactory = this.indexedDb): FakeTab {
    const tab = new FakeTab(this, indexedDb, this.tabs.length + 1);
    this.tabs.push(tab);
    return tab;
  }

  /** Lets time pass, and after each step of it what the database has to say. */
  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 250) {
      this.clock.pass(Math.min(250, ms - passed));
      await settled();
    }
  }
}

/** The database answers in turns of the event loop: so many are more than any chain of calls takes. */
export async function settled(turns = 60): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await nextTurn();
}

export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export class FakeTab {
  readonly store: OutboxStore;
  /** Stands still while the tab is frozen. */
  readonly clock: Clock;
  state: 'awake' | 'frozen' | 'dead' = 'awake';
  readonly #browser: FakeBrowser;
  readonly #listeners = new Set<(moment: TabMoment) => void>();
  /** What happened while it was frozen. */
  #held: (() => void)[] = [];
  #heard: ((message: unknown) => void) | undefined;

  constructor(browser: FakeBrowser, indexedDb: IDBFactory, number: number) {
    this.#browser = browser;
    this.clock = this.#clock();
    this.store = openIdbOutbox({
      url: 'ws://chat/ws',
      indexedDb,
      locks: browser.hasLocks ? this.#locks() : null,
      clock: this.clock,
      random: { fraction: () => 0, bytes: (count) => new Uint8Array(count).fill(number) },
      life: {
        watch: (listener) => {
          this.#listeners.add(listener);
          return () => void this.#listeners.delete(listener);
        },
      },
      storage: {
        get: (key) => browser.kept.get(key),
        set: (key, value) => void browser.kept.set(key, value),
        remove: (key) => void browser.kept.delete(key),
        keys: () => [...browser.kept.keys()],
      },
      openChannel: (_name, heard) => {
        this.#heard = heard;
        return { post: (message) => this.#post(message), close: () => this.#stopHearing() };
      },
    });
  }

  /** As the browser does it at a moment that it announces. */
  tell(moment: TabMoment): void {
    for (const listener of this.#listeners) listener(moment);
  }

  /** Without a word: a laptop that sleeps, a process that is stopped. */
  freeze(): void {
    if (this.state === 'awake') this.state = 'frozen';
  }

  wake(): void {
    if (this.state !== 'frozen') return;
    this.state = 'awake';
    for (const happens of this.#held.splice(0)) happens();
  }

  /** Its process is gone: it says nothing any more, and the browser gives its locks to others. */
  kill(): void {
    this.state = 'dead';
    this.#held = [];
    this.#browser.locks.died(this);
  }

  /** Now, later or never. */
  do(happens: () => void): void {
    if (this.state === 'awake') happens();
    if (this.state === 'frozen') this.#held.push(happens);
  }

  hear(message: unknown): void {
    this.do(() => this.#heard?.(structuredClone(message)));
  }

  #post(message: unknown): void {
    if (this.state !== 'awake') return;
    for (const tab of this.#browser.tabs) if (tab !== this) queueMicrotask(() => tab.hear(message));
  }

  #stopHearing(): void {
    this.#heard = undefined;
  }

  #clock(): Clock {
    const { clock } = this.#browser;
    return { now: () => clock.now(), after: (ms, callback) => this.#after(clock, ms, callback) };
  }

  #after(clock: FakeClock, ms: number, callback: () => void): () => void {
    let isCancelled = false;
    const cancel = clock.after(ms, () =>
      this.do(() => {
        if (!isCancelled) callback();
      }),
    );
    return () => {
      isCancelled = true;
      cancel();
    };
  }

  #locks(): Locks {
    const { locks } = this.#browser;
    return { request: (name, { signal }, granted) => locks.request({ name, signal, granted, tab: this }) };
  }
}

interface LockRequest {
  readonly name: string;
  readonly signal: AbortSignal;
  readonly granted: () => Promise<void>;
  readonly tab: FakeTab;
}

/** Web Locks, exclusive ones: first come, first served. */
class FakeLocks {
  #queue: LockRequest[] = [];
  readonly #held = new Map<string, LockRequest>();

  request(request: LockRequest): Promise<void> {
    this.#queue.push(request);
    queueMicrotask(() => this.#grant());
    return new Promise((_, reject) => {
      request.signal.addEventListener('abort', () => {
        this.#queue = this.#queue.filter((each) => each !== request);
        reject(new DOMException('given up', 'AbortError'));
      });
    });
  }

  died(tab: FakeTab): void {
    this.#queue = this.#queue.filter((request) => request.tab !== tab);
    for (const [name, request] of this.#held) if (request.tab === tab) this.#held.delete(name);
    this.#grant();
  }

  #grant(): void {
    for (const request of this.#queue) {
      if (this.#held.has(request.name)) continue;
      this.#held.set(request.name, request);
      this.#queue = this.#queue.filter((each) => each !== request);
      request.tab.do(() => void request.granted().then(() => this.#released(request)));
    }
  }

  #released(request: LockRequest): void {
    if (this.#held.get(request.name) === request) this.#held.delete(request.name);
    this.#grant();
  }
}
