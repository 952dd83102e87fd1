// The outbox's store of a simulated machine: the SDK's own in memory, which outlives its tabs here, behind a line that takes its
// time as IndexedDB does. What was not kept yet when a tab died is lost, as it is in life. Tabs share it, and one of them leads.
import { type Candidacy, memoryOutbox, type OutboxNews, type OutboxStore } from '@wireroom/client';
import type { AuthorId, DraftId } from '@wireroom/protocol';
import type { Chance } from './chance.ts';
import type { Life, SimulatedTime } from './time.ts';

/** The longest that keeping something takes, in milliseconds. */
const KEEPING_MS_MAX = 20;
/** How long it takes until another tab hears of something, at most, and how likely it does not. */
const NEWS = { msMax: 30, losses: 0.1 } as const;
/** How often a tab looks whether the one that leads is there, still. */
const LOOK_MS = 1_000;

export interface OutboxParts {
  readonly time: SimulatedTime;
  readonly chance: Chance;
}

/** A message is kept from here on: it must get to the log, or fail visibly. */
type Kept = (slug: string, text: string) => void;

interface Tab {
  readonly life: Life;
  readonly changed: Set<() => void>;
  readonly listeners: Set<(news: OutboxNews) => void>;
}

/** What stays when a tab is gone. */
export class OutboxDisk {
  readonly #parts: OutboxParts;
  #store = memoryOutbox();
  readonly #tabs = new Set<Tab>();
  readonly #leaders = new Map<AuthorId, Tab>();

  constructor(parts: OutboxParts) {
    this.#parts = parts;
  }

  /** As if the browser had thrown everything away. */
  wipe(): void {
    this.#store = memoryOutbox();
  }

  /** The store as one tab has it. */
  open(life: Life, kept: Kept): OutboxStore {
    const tab: Tab = { life, changed: new Set(), listeners: new Set() };
    this.#tabs.add(tab);
    let doneAt = 0;
    // In the order of the calls, as a database's transactions are.
    const later = <T>(act: () => Promise<T>): Promise<T> => {
      const { time, chance } = this.#parts;
      doneAt = Math.max(doneAt, time.now + chance.between(0, KEEPING_MS_MAX));
      return new Promise((resolve, reject) => {
        time.after(doneAt - time.now, () => act().then(resolve, reject), life);
      });
    };
    const writing = async <T>(act: () => Promise<T>): Promise<T> => {
      const done = await later(act);
      this.#toOthers(tab, ({ changed }) => {
        for (const change of changed) change();
      });
      return done;
    };
    return {
      isDurable: true,
      load: () => later(() => this.#store.load()),
      add: async (draft) => {
        const placed = await writing(() => this.#store.add(draft));
        if (draft.content.type === 'message') kept(draft.slug, draft.content.text);
        return placed;
      },
      change: (draft) => writing(() => this.#store.change(draft)),
      remove: (draftIds) => writing(() => this.#store.remove(draftIds)),
      lead: (authorId, leads) => this.#candidacy({ tab, authorId, leads, later }),
      watch: (changed) => joined(tab.changed, changed),
      hear: (listener) => joined(tab.listeners, listener),
      tell: (news) => {
        if (this.#parts.chance.happens(NEWS.losses)) return;
        this.#toOthers(tab, ({ listeners }) => {
          for (const listener of listeners) listener(news);
        });
      },
      close: async () => {
        this.#tabs.delete(tab);
      },
    };
  }

  /** One tab at a time leads; another one takes over when it is gone, asleep, or has given up. */
  #candidacy(asked: {
    readonly tab: Tab;
    readonly authorId: AuthorId;
    readonly leads: (isLeading: boolean) => void;
    readonly later: <T>(act: () => Promise<T>) => Promise<T>;
  }): Candidacy {
    const { tab, authorId, leads, later } = asked;
    const { time } = this.#parts;
    let isOver = false;
    let told: boolean | undefined;
    let cancel = (): void => undefined;
    const isLeader = (): boolean => !isOver && this.#leaders.get(authorId) === tab;
    const look = (): void => {
      if (isOver) return;
      const leader = this.#leaders.get(authorId);
      if (leader === undefined || leader.life.isOver || leader.life.isAsleep)
        this.#leaders.set(authorId, tab);
      if (told !== isLeader()) {
        told = isLeader();
        leads(told);
      }
      cancel = time.after(LOOK_MS, look, tab.life);
    };
    cancel = time.after(0, look, tab.life);
    return {
      claim: async (draftId: DraftId) => {
        const drafts = await later(() => this.#store.load());
        return isLeader() && drafts.some((draft) => draft.draftId === draftId);
      },
      giveUp: () => {
        if (isLeader()) this.#leaders.delete(authorId);
        isOver = true;
        cancel();
      },
    };
  }

  #toOthers(from: Tab, tell: (tab: Tab) => void): void {
    const { time, chance } = this.#parts;
    for (const tab of this.#tabs) {
      if (tab.life.isOver) this.#tabs.delete(tab);
      else if (tab !== from) time.after(chance.between(0, NEWS.msMax), () => tell(tab), tab.life);
    }
  }
}

function joined<T>(all: Set<T>, one: T): () => void {
  all.add(one);
  return () => all.delete(one);
}
