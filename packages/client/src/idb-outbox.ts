// The outbox's store in a browser (rule C1): the drafts of all tabs in one IndexedDB database per server, and one tab at a time
// that leads. Loaded by lazy-idb-outbox.ts. It may fail, and says so; idb-fallback.ts goes on from there.
import type { AuthorId, DraftId } from '@wireroom/protocol';
import { type Clock, hexOf, type Random, systemClock, systemRandom } from './clock.ts';
import { IdbDatabase } from './idb-database.ts';
import { IdbDrafts } from './idb-drafts.ts';
import { FallbackOutbox, type FallibleOutbox } from './idb-fallback.ts';
import { IdbLeases } from './idb-leases.ts';
import { LeaseCandidate } from './lease-candidate.ts';
import type { Locks } from './lease-lock.ts';
import { browserLeftStorage, LeftDrafts, type LeftStorage } from './left-drafts.ts';
import { memoryOutbox } from './memory-outbox.ts';
import type { Candidacy, NewDraft, OutboxNews, OutboxStore, StoredDraft } from './outbox-store.ts';
import { type OpenTabChannel, openTabChannel, type TabChannel } from './tab-channel.ts';
import { pageLife, type TabLife } from './tab-life.ts';
import * as TAB_LIMITS from './tab-limits.ts';
import { readTabMessage, type TabMessage } from './tab-message.ts';

export interface IdbOutboxOptions {
  /** The server's: each has an outbox of its own. */
  readonly url: string;
  /** Default: the browser's. */
  readonly indexedDb?: IDBFactory;
  /** Default: the browser's, where it has any. `null`: none. */
  readonly locks?: Locks | null;
  readonly openChannel?: OpenTabChannel;
  readonly life?: TabLife;
  /** Default: the browser's `localStorage`. */
  readonly storage?: LeftStorage;
  readonly clock?: Clock;
  readonly random?: Random;
}

/** In memory, where there is no IndexedDB at all. */
export function openIdbOutbox(options: IdbOutboxOptions): OutboxStore {
  const indexedDb = options.indexedDb ?? browserDatabases();
  if (indexedDb === undefined) return memoryOutbox();
  const { random = systemRandom, life = pageLife, storage = browserLeftStorage } = options;
  const me = hexOf(random.bytes(16));
  const left = new LeftDrafts({ storage, life, name: nameFor(options.url), me });
  const store = new FallbackOutbox(new IdbOutbox(options, indexedDb, me), left);
  void left.takeOver(store);
  return store;
}

const nameFor = (url: string): string => `wireroom:${url}:outbox`;

/** Some browsers throw where they only mean to refuse. */
function browserDatabases(): IDBFactory | undefined {
  try {
    return globalThis.indexedDB;
  } catch {
    return undefined;
  }
}

class IdbOutbox implements FallibleOutbox {
  readonly #clock: Clock;
  readonly #name: string;
  readonly #locks: Locks | undefined;
  /** This tab, as an owner of leases. */
  readonly #me: string;
  readonly #database: IdbDatabase;
  readonly #drafts: IdbDrafts;
  readonly #leases: IdbLeases;
  readonly #channel: TabChannel;
  readonly #endLife: () => void;
  readonly #candidates = new Set<LeaseCandidate>();
  readonly #watchers = new Set<() => void>();
  readonly #listeners = new Set<(news: OutboxNews) => void>();
  readonly #failed = new Set<() => void>();
  #lastSeen = '';
  #cancelLook: () => void = () => {};

  constructor(options: IdbOutboxOptions, indexedDb: IDBFactory, me: string) {
    const { clock = systemClock, life = pageLife } = options;
    const { openChannel = openTabChannel, locks = globalThis.navigator?.locks } = options;
    this.#clock = clock;
    this.#name = nameFor(options.url);
    this.#locks = locks ?? undefined;
    this.#me = me;
    this.#database = new IdbDatabase({ indexedDb, name: this.#name, clock });
    this.#drafts = new IdbDrafts(this.#database);
    this.#leases = new IdbLeases(this.#database);
    this.#channel = openChannel(this.#name, (message) => this.#heard(readTabMessage(message)));
    this.#endLife = life.watch((moment) => {
      for (const candidate of this.#candidates) {
        if (moment === 'left') candidate.leave();
        else if (candidate.isLeading) void candidate.check();
        else candidate.stand();
      }
      // What was said while we were not there was not heard.
      if (moment === 'back') void this.#look();
    });
  }

  async load(): Promise<readonly StoredDraft[]> {
    const drafts = await this.#drafts.load();
    this.#lastSeen = outline(drafts);
    return drafts;
  }

  async add(draft: NewDraft): Promise<StoredDraft> {
    const placed = await this.#drafts.add(draft);
    this.#post({ type: 'changed' });
    for (const candidate of this.#candidates) candidate.poke();
    return placed;
  }

  async change(draft: StoredDraft): Promise<boolean> {
    const isThere = await this.#drafts.change(draft);
    this.#post({ type: 'changed' });
    return isThere;
  }

  async remove(draftIds: readonly DraftId[]): Promise<void> {
    await this.#drafts.remove(draftIds);
    this.#post({ type: 'changed' });
  }

  watch(changed: () => void): () => void {
    this.#watchers.add(changed);
    return () => void this.#watchers.delete(changed);
  }

  lead(authorId: AuthorId, leads: (isLeading: boolean) => void): Candidacy {
    let isOver = false;
    const candidate = new LeaseCandidate({
      authorId,
      me: this.#me,
      clock: this.#clock,
      leases: this.#leases,
      locks: this.#locks,
      lockName: `${this.#name}:${authorId}`,
      post: (message) => this.#post(message),
      leads: (isLeading) => {
        this.#lookLater();
        if (!isOver) leads(isLeading);
      },
      failed: () => this.#fail(),
    });
    this.#candidates.add(candidate);
    candidate.stand();
    return {
      claim: (draftId) => this.#claim(candidate, authorId, draftId),
      giveUp: () => {
        isOver = true;
        this.#candidates.delete(candidate);
        candidate.leave();
      },
    };
  }

  tell(news: OutboxNews): void {
    this.#post({ type: 'news', news });
  }

  hear(listener: (news: OutboxNews) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  onFailure(failed: () => void): void {
    this.#failed.add(failed);
  }

  async close(): Promise<void> {
    this.#endLife();
    this.#cancelLook();
    for (const candidate of this.#candidates) candidate.leave();
    this.#candidates.clear();
    this.#channel.close();
    this.#database.close();
  }

  async #claim(candidate: LeaseCandidate, authorId: AuthorId, draftId: DraftId): Promise<boolean> {
    if (!candidate.isLeading) return false;
    const { owner, isKept } = await this.#leases.look(authorId, draftId);
    if (owner === this.#me) return isKept && candidate.isLeading;
    // Somebody took it, or somebody who had lost it cleared it away. Nobody's lease is ours again.
    await candidate.check();
    return candidate.isLeading && (await this.#leases.look(authorId, draftId)).isKept;
  }

  #heard(message: TabMessage | undefined): void {
    if (message === undefined) return;
    switch (message.type) {
      case 'changed':
        for (const changed of this.#watchers) changed();
        break;
      case 'news':
        for (const listener of this.#listeners) listener(message.news);
        break;
      case 'ask':
      case 'leading':
      case 'free':
        for (const candidate of this.#candidates) candidate.heard(message);
    }
  }

  /** A tab that was killed has told nobody what it wrote last: whoever leads looks now and then. */
  #lookLater(): void {
    this.#cancelLook();
    if (![...this.#candidates].some(({ isLeading }) => isLeading)) return;
    this.#cancelLook = this.#clock.after(TAB_LIMITS.outboxLookMs, () => {
      void this.#look();
      this.#lookLater();
    });
  }

  async #look(): Promise<void> {
    try {
      if (outline(await this.#drafts.load()) === this.#lastSeen) return;
    } catch {
      return this.#fail();
    }
    for (const changed of this.#watchers) changed();
  }

  #post(message: TabMessage): void {
    this.#channel.post(message);
  }

  #fail(): void {
    for (const failed of this.#failed) failed();
  }
}

/** Equal as long as nothing was added, changed or removed. */
const outline = (drafts: readonly StoredDraft[]): string =>
  drafts.map(({ order, draftId, state }) => `${order} ${draftId} ${state}`).join(', ');
