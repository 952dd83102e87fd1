// Somebody with a tab: the real SDK on a simulated machine. The only file here that knows the SDK; what it shows is handed on in
// the few words that the promises need.

import {
  type Chat,
  type ChatSnapshot,
  createChat,
  isEntryItem,
  type PendingChange,
  type Room,
  type RoomSnapshot,
  type TimelineItem,
  type Transport,
  type TransportHandlers,
} from '@wireroom/client';
import type { DraftId, RoomId } from '@wireroom/protocol';
import type { Chance } from './chance.ts';
import type { Diary } from './diary.ts';
import type { Mutation } from './mutations.ts';
import type { Site } from './network.ts';
import type { OutboxDisk } from './outbox.ts';
import { Life, type SimulatedTime } from './time.ts';

/** The world begins here: 2026-01-01. */
const EPOCH_MS = 1_767_225_600_000;
/** Nobody writes while more than this waits: the outbox has room for 200. */
const WAITING_MAX = 150;
/** How long a tab takes to be there again. */
const RELOAD_MS = 200;

export interface ShownEntry {
  readonly seq: number;
  readonly type: string;
  readonly authorId: string;
  readonly name: string;
  readonly at: string;
  readonly text: string | undefined;
  readonly isDeleted: boolean;
  readonly isMine: boolean;
  readonly editedAt: string | undefined;
  /** As one text each: the emoji, and the names of those who gave it. */
  readonly reactions: readonly string[];
  /** Own changes that are under way are shown as if they were made. */
  readonly isChanging: boolean;
}

/** Something of one's own that is not in the log yet. */
export interface ShownDraft {
  readonly draftId: DraftId;
  readonly text: string;
  readonly state: string;
}

export interface ShownRoom {
  readonly slug: string;
  readonly roomId: RoomId | undefined;
  readonly isLive: boolean;
  readonly refusal: string | undefined;
  readonly entries: readonly ShownEntry[];
  /** Seqs that are declared to be missing. */
  readonly gaps: readonly { readonly from: number; readonly to: number }[];
  readonly title: string;
  readonly topic: string;
  /** Messages, and changes of messages, title and topic. */
  readonly pending: readonly ShownDraft[];
}

/** Types of entries that a timeline shows. */
export const SHOWN_TYPES: ReadonlySet<string> = new Set(['message', 'join', 'leave', 'rename', 'topic']);

/** What the tabs of one browser share. */
export interface Machine {
  readonly storage: Map<string, string>;
  readonly outbox: OutboxDisk;
}

export interface PersonParts {
  readonly name: string;
  readonly machine: Machine;
  readonly rooms: readonly string[];
  readonly time: SimulatedTime;
  readonly chance: Chance;
  readonly diary: Diary;
  readonly mutation: Mutation;
  /** A message of theirs is in the outbox's store. */
  readonly kept: (person: Person, slug: string, text: string) => void;
  readonly connect: (person: Person, handlers: TransportHandlers) => Transport;
}

export class Person implements Site {
  readonly #parts: PersonParts;
  #life = new Life();
  #chat: Chat | undefined;
  #isStalled = false;
  #clockOffsetMs = 0;
  #seen: ChatSnapshot | undefined;
  #shown: readonly ShownRoom[] = [];
  #unanswered = 0;

  constructor(parts: PersonParts) {
    this.#parts = parts;
  }

  get name(): string {
    return this.#parts.name;
  }

  get life(): Life {
    return this.#life;
  }

  get isReading(): boolean {
    return !this.#isStalled && !this.#life.isAsleep;
  }

  /** Promises of this tab that are neither kept nor broken. */
  get unanswered(): number {
    return this.#unanswered;
  }

  get rooms(): readonly string[] {
    return this.#parts.rooms;
  }

  /** Opens the page. */
  open(): void {
    const { diary, rooms, connect, machine, kept } = this.#parts;
    this.#life = new Life();
    diary.note(this.name, () => 'opens the page');
    this.#chat = createChat({
      url: 'ws://simulated/ws',
      openTransport: (_url, handlers) => connect(this, handlers),
      storage: this.#keys(),
      outbox: machine.outbox.open(this.#life, (slug, text) => kept(this, slug, text)),
      entersByItself: false,
      rooms,
      clock: this.#clock(this.#life),
      random: {
        fraction: () => this.#parts.chance.fraction(),
        bytes: (count) => this.#parts.chance.bytes(count),
      },
    });
    this.#seen = undefined;
    this.#unanswered = 0;
    this.#chat.enter(this.name);
  }

  /** The tab is gone as if killed: nobody says goodbye. */
  kill(): void {
    this.#life.end();
    this.#chat = undefined;
  }

  reload(): void {
    this.#parts.diary.note(this.name, () => 'reloads the page');
    this.kill();
    if (!this.#parts.mutation.keepsOutbox) this.#parts.machine.outbox.wipe();
    this.#parts.time.after(RELOAD_MS, () => this.open());
  }

  stall(isStalled: boolean): void {
    this.#isStalled = isStalled;
  }

  sleep(): void {
    this.#life.sleep();
  }

  /** Timers that were due fire now, all at once. */
  wake(): void {
    this.#life.wake(this.#parts.time);
  }

  jumpClock(ms: number): void {
    this.#clockOffsetMs += ms;
  }

  /** False: there is no tab to do it in, or too much waits already. */
  act(slug: string, act: (room: Room) => Promise<unknown>): boolean {
    const { length } = this.shown.flatMap(({ pending }) => pending);
    if (this.#chat === undefined || this.#life.isAsleep || length >= WAITING_MAX) return false;
    const life = this.#life;
    this.#unanswered += 1;
    const answered = (): void => {
      if (life === this.#life) this.#unanswered -= 1;
    };
    // What becomes of it shows in the snapshot as well.
    act(this.#chat.room(slug)).then(answered, answered);
    return true;
  }

  reconnectNow(): void {
    this.#chat?.reconnectNow();
  }

  get standing(): string {
    const snapshot = this.#chat?.snapshot();
    if (snapshot === undefined) return 'no tab';
    const { connection, refusal } = snapshot;
    const reason = 'reason' in connection ? connection.reason : undefined;
    return [connection.state, reason, refusal?.code].filter(Boolean).join(', ');
  }

  /** What the page shows. The same object as long as nothing changed. */
  get shown(): readonly ShownRoom[] {
    const snapshot = this.#chat?.snapshot();
    if (snapshot === undefined) return [];
    if (snapshot !== this.#seen) {
      this.#seen = snapshot;
      this.#shown = Object.values(snapshot.rooms).map(shownRoom);
    }
    return this.#shown;
  }

  #keys() {
    const { storage } = this.#parts.machine;
    return {
      get: (key: string) => storage.get(key),
      set: (key: string, value: string) => void storage.set(key, value),
      remove: (key: string) => void storage.delete(key),
    };
  }

  #clock(life: Life) {
    const { time } = this.#parts;
    return {
      now: () => EPOCH_MS + Math.floor(time.now) + this.#clockOffsetMs,
      after: (ms: number, callback: () => void) => time.after(ms, callback, life),
    };
  }
}

/** What is the same in two snapshots is the same object there, and so it is here: it was checked already. */
function remembered<Item extends object, Shown>(show: (item: Item) => Shown): (item: Item) => Shown {
  const seen = new WeakMap<Item, Shown>();
  return (item) => {
    const known = seen.get(item);
    if (known !== undefined) return known;
    const shown = show(item);
    seen.set(item, shown);
    return shown;
  };
}

const shownEntry = remembered((item: TimelineItem) => entryOf(item));

const shownRoom = remembered(
  (room: RoomSnapshot): ShownRoom => ({
    slug: room.slug,
    roomId: room.roomId,
    isLive: room.status === 'live',
    refusal: room.refusal?.code,
    entries: room.items.map(shownEntry).filter((entry) => entry !== undefined),
    gaps: room.items.flatMap((item) => (item.kind === 'gap' ? [item] : [])),
    title: room.title,
    topic: room.topic,
    pending: [...room.items.flatMap(draftsOf), ...room.changes.map(draftOf)],
  }),
);

function entryOf(item: TimelineItem): ShownEntry | undefined {
  if (!isEntryItem(item)) return undefined;
  const { seq, author, at } = item;
  const shared = { seq, authorId: author.authorId, name: author.name, at };
  if (item.kind === 'notice') return { ...shared, ...PLAIN, type: item.what, text: item.text };
  const { text, isDeleted, isMine, editedAt, changes } = item;
  const reactions = item.reactions.map(({ emoji, authors }) => `${emoji} ${authors.map(({ name }) => name)}`);
  const isChanging = changes.some(({ state }) => state !== 'failed');
  return { ...shared, type: 'message', text, isDeleted, isMine, editedAt, reactions, isChanging };
}

const PLAIN = {
  ...{ isDeleted: false, isMine: false, editedAt: undefined, reactions: [], isChanging: false },
} as const;

function draftsOf(item: TimelineItem): readonly ShownDraft[] {
  if (item.kind === 'pending') return [item];
  return item.kind === 'message' ? item.changes.map(draftOf) : [];
}

const draftOf = ({ draftId, content, state }: PendingChange): ShownDraft => ({
  ...{ draftId, state },
  text: 'text' in content ? content.text : content.type,
});
