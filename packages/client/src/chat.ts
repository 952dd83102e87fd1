// The client: one person's place in the chat. Puts the connection, the rooms, the outbox and the identity together, and
// hands out snapshots. Start reading here; each import is one station.
import { type Author, ChatError, checkName, type RefusedEvent, type WelcomeEvent } from '@wireroom/protocol';
import { grantAccess } from './client-access.ts';
import { type ClientTap, loadTap, pageTap } from './client-tap.ts';
import { type Clock, hexOf, type Random, systemClock, systemRandom } from './clock.ts';
import { Connection } from './connection.ts';
import { Farewell } from './farewell.ts';
import { Greeter } from './greeter.ts';
import { Identity } from './identity.ts';
import type { Greeting, HelloDecision } from './link.ts';
import { Notifier } from './notifier.ts';
import { Outbox } from './outbox.ts';
import type { OutboxStore } from './outbox-store.ts';
import { Postings } from './postings.ts';
import { refusalOf } from './refusal.ts';
import type { Room } from './room.ts';
import { Rooms } from './rooms.ts';
import type { ChatSnapshot, Refusal } from './snapshot.ts';
import { GuardedStorage, type KeyValueStorage } from './storage.ts';
import { keptIfSame } from './structural-sharing.ts';
import type { OpenTransport } from './transport.ts';
import type { Wakeups } from './wakeups.ts';

export interface ChatOptions {
  /** The server's WebSocket address, for instance `ws://localhost:3000/ws`. */
  readonly url: string;
  /** Enters at once, under this name. Default: as whoever was here last, or as a guest, when the first room is asked for. */
  readonly name?: string;
  /** False: nobody enters before `enter` or `resume` is called, because a person chooses the name. Default: true. */
  readonly entersByItself?: boolean;
  /** The rooms to be in from the start. Default: none, `room` joins; where nobody enters by itself, the lobby. */
  readonly rooms?: readonly string[];
  /** How to reach the server. Default: the runtime's WebSocket; in Node, the one of @wireroom/websocket. */
  readonly openTransport?: OpenTransport;
  /** Where name and tokens outlive a reload. Default: the browser's localStorage; in Node memory, which does not. */
  readonly storage?: KeyValueStorage;
  /** Where what is not sent yet outlives a reload. Default: the browser's IndexedDB, for all tabs; in Node memory. */
  readonly outbox?: OutboxStore;
  readonly clock?: Clock;
  readonly random?: Random;
  /** Tells when it is worth connecting again. Default: the browser's `online` and `visibilitychange`; in Node nothing. */
  readonly wakeups?: Wakeups;
  /** Has the server record this client's connections for the wire inspector, and records what the client sees. Default: no. */
  readonly record?: boolean;
}

/** What depends on where the SDK runs: browser-chat.ts and node.ts say. */
export interface Surroundings {
  readonly openTransport: OpenTransport;
  readonly storage: KeyValueStorage;
  readonly wakeups: Wakeups;
  readonly outbox: (url: string) => OutboxStore;
}

export interface Chat {
  /** Starts, or starts again, under this name; with its token, if one is remembered. Failure shows in `refusal`. */
  enter(name: string): void;
  /** Enters as whoever was here last, if a token is remembered and they did not exit; tells whether it did. */
  resume(): boolean;
  /** Leaves the rooms, forgets what waits to be sent, disconnects. The name stays for filling in, its token for `enter`. */
  exit(): Promise<void>;
  /** Disconnects and keeps everything: `resume` or `enter` go on from there. Resolves when the outbox's store has been let go. */
  close(): Promise<void>;
  /** Ends a pause or a stop at once; on an open connection, finds out whether it is still alive. */
  reconnectNow(): void;
  /**
   * The room, joined if it is not. The same object as long as it is. Throws a ChatError: `no-room` for what cannot be a
   * slug, `busy` when too many rooms are joined.
   */
  room(slug: string): Room;
  /** Tells after changes, never in the middle of one. Returns what ends it. */
  readonly subscribe: (listener: () => void) => () => void;
  /** The same object until something changed. */
  readonly snapshot: () => ChatSnapshot;
  /** Where a page tells what the client cannot see. Undefined: `record` was not asked for. */
  readonly tap?: ClientTap | undefined;
}

const guestName = (random: Random): string => `guest-${hexOf(random.bytes(4))}`;

export class ChatClient implements Chat {
  readonly tap: ClientTap | undefined;
  readonly #options: ChatOptions;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #wakeups: Wakeups;
  readonly #notifier: Notifier;
  readonly #storage: GuardedStorage;
  readonly #isOutboxWorking: () => boolean;
  readonly #identity: Identity;
  readonly #greeter: Greeter;
  readonly #outbox: Outbox;
  readonly #connection: Connection;
  readonly #rooms: Rooms;
  #you: Author | undefined;
  #refusal: Refusal | undefined;
  #exit: Farewell | undefined;
  #hasEntered = false;
  #stopListening: (() => void) | undefined;
  #snapshot: ChatSnapshot | undefined;
  #isCurrent = false;

  constructor(surroundings: Surroundings, options: ChatOptions) {
    const { url, clock = systemClock, random = systemRandom } = options;
    const { openTransport, storage, wakeups } = { ...surroundings, ...options };
    const { tap, recorder } = options.record === true ? loadTap() : {};
    this.tap = tap && pageTap(tap);
    this.#options = options;
    this.#clock = clock;
    this.#random = random;
    this.#wakeups = wakeups;
    this.#notifier = new Notifier(clock);
    this.#storage = new GuardedStorage(storage);
    this.#identity = new Identity(this.#storage, `wireroom:${url}:identity`);
    this.#greeter = new Greeter(this.#identity, random);
    const store = options.outbox ?? surroundings.outbox(url);
    // One that never kept anything was chosen so.
    const { isDurable } = store;
    this.#isOutboxWorking = () => store.isDurable || !isDurable;
    const postings = new Postings();
    const outbox = new Outbox({
      ...{ store, clock, random, postings },
      changed: () => this.#rooms.outboxChanged(),
      loaded: () => this.#addRooms(),
    });
    this.#outbox = outbox;
    const changed = (): void => this.#changed();
    const connection = new Connection({
      ...{ clock, random, changed, openTransport, tap },
      // Browsers let a page set nothing else.
      url: tap === undefined ? url : `${url}${url.includes('?') ? '&' : '?'}record=1`,
      greeting: () => this.#greeter.greeting(),
      helloRefused: (event, greeting) => this.#helloRefused(event, greeting),
      welcomed: (event) => this.#welcomed(event),
      heard: (entry) => this.#rooms.withId(entry.roomId)?.heard(entry),
      heardHeads: (heads) => {
        for (const [roomId, epoch, seq] of heads) this.#rooms.withId(roomId)?.heardHead({ epoch, seq });
      },
      lost: () => this.#lost(),
    });
    this.#connection = connection;
    const request = connection.request.bind(connection);
    this.#rooms = new Rooms({
      ...{ outbox, postings, clock, random, tap, request, changed, notifier: this.#notifier },
      isLeaving: () => this.#exit !== undefined,
      leftAll: () => this.#end(),
    });
    const token = (): string | undefined => this.#greeter.token;
    grantAccess(this, { url, openTransport, clock, random, token, recorder });
    if (options.name !== undefined) this.enter(options.name);
  }

  enter(name: string): void {
    this.#exit?.finish();
    this.#changed();
    try {
      checkName(name);
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      this.#refusal = refusalOf(error);
      return;
    }
    this.#refusal = undefined;
    this.#hasEntered = true;
    const { state } = this.#connection.snapshot;
    if (name === this.#greeter.name && (state === 'open' || state === 'connecting')) return;
    this.#greeter.begin(name);
    this.#outbox.isOf(this.#greeter.author);
    this.#addRooms();
    this.#stopListening ??= this.#wakeups(() => this.#connection.wake());
    this.#connection.start();
  }

  exit(): Promise<void> {
    if (this.#exit !== undefined) return this.#exit.done;
    // Where nobody can be told, nobody is waited for.
    const slugs = this.#connection.isOpen ? this.#rooms.slugs : [];
    // Nothing is sent from the outbox any more, and no entry is waited for.
    this.#rooms.disconnected();
    this.#outbox.disconnected();
    if (slugs.length === 0) return this.#finishExit();
    this.#exit = new Farewell({
      slugs,
      clock: this.#clock,
      request: (request, answered) => this.#connection.request(request, answered),
      finished: () => this.#finishExit(),
    });
    return this.#exit.done;
  }

  resume(): boolean {
    const { name, hasLeft } = this.#identity;
    if (name === undefined || hasLeft || this.#identity.tokenOf(name) === undefined) return false;
    this.enter(name);
    return this.#refusal === undefined;
  }

  room(slug: string): Room {
    const room = this.#rooms.add(slug);
    const { name, entersByItself = true } = this.#options;
    if (entersByItself && !this.#hasEntered && !this.resume()) this.enter(name ?? guestName(this.#random));
    return room;
  }

  reconnectNow(): void {
    this.#connection.reconnectNow();
  }

  close(): Promise<void> {
    this.#exit?.finish();
    this.#disconnect();
    return this.#outbox.close();
  }

  readonly subscribe = (listener: () => void): (() => void) => this.#notifier.subscribe(listener);

  readonly snapshot = (): ChatSnapshot => {
    if (this.#isCurrent && this.#snapshot !== undefined) return this.#snapshot;
    this.#isCurrent = true;
    this.#snapshot = keptIfSame(this.#snapshot, this.#look());
    return this.#snapshot;
  };

  #look(): ChatSnapshot {
    const { name } = this.#identity;
    return {
      connection: this.#connection.snapshot,
      ...(this.#you && { you: this.#you }),
      ...(this.#refusal && { refusal: this.#refusal }),
      ...(name !== undefined && { rememberedName: name }),
      rooms: this.#rooms.snapshot(),
      isStorageWorking: this.#storage.isWorking && this.#isOutboxWorking(),
    };
  }

  #welcomed(event: WelcomeEvent): void {
    const before = this.#greeter.author;
    this.#you = event.you;
    this.#greeter.welcomed(event);
    this.#rooms.connected(event.you, event.capabilities.includes('resume'));
    this.#outbox.connected(event.you.authorId, before);
    this.#changed();
  }

  #helloRefused(event: RefusedEvent, greeting: Greeting): HelloDecision {
    const decision = this.#greeter.refused(event, greeting);
    if (decision === 'never') {
      this.#refusal = refusalOf(event);
      this.#you = undefined;
      this.#changed();
    }
    return decision;
  }

  #lost(): void {
    this.#rooms.disconnected();
    this.#outbox.disconnected();
    this.#exit?.finish();
  }

  #finishExit(): Promise<void> {
    this.#exit = undefined;
    this.#outbox.clear();
    this.#end();
    return this.#outbox.close();
  }

  /** Nobody, and nowhere. What waits in the outbox is not touched. */
  #end(): void {
    this.#greeter.leave();
    this.#you = undefined;
    this.#refusal = undefined;
    this.#rooms.clear();
    this.#disconnect();
    this.#changed();
  }

  #disconnect(): void {
    this.#stopListening?.();
    this.#stopListening = undefined;
    this.#connection.stop();
  }

  /** Those to start with, and those that something waits for. */
  #addRooms(): void {
    if (this.#connection.snapshot.state === 'idle' && !this.#hasEntered) return;
    const { rooms, entersByItself = true } = this.#options;
    for (const slug of rooms ?? (entersByItself ? [] : ['lobby'])) this.#rooms.add(slug);
    for (const slug of this.#outbox.slugs) if (this.#rooms.hasSpace) this.#rooms.add(slug);
  }

  #changed(): void {
    this.#isCurrent = false;
    this.#notifier.changed();
  }
}
