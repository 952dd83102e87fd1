// The client: one person's place in the chat. Puts the connection, the rooms, the outbox and the identity together, and
// hands out snapshots. Start reading here; each import is one station.
import {
  type Author,
  ChatError,
  checkName,
  type DraftId,
  type RefusedEvent,
  type WelcomeEvent,
} from '@wireroom/protocol';
import { grantAccess } from './client-access.ts';
import { type ClientTap, TapRecorder } from './client-tap.ts';
import { type Clock, type Random, systemClock, systemRandom } from './clock.ts';
import { Connection } from './connection.ts';
import { Farewell } from './farewell.ts';
import { Greeter } from './greeter.ts';
import { Identity } from './identity.ts';
import type { Greeting, HelloDecision } from './link.ts';
import { Notifier } from './notifier.ts';
import { Outbox } from './outbox.ts';
import { refusalOf } from './refusal.ts';
import { Rooms } from './rooms.ts';
import type { ChatSnapshot, Refusal } from './snapshot.ts';
import { GuardedStorage, type KeyValueStorage, memoryStorage } from './storage.ts';
import { keptIfSame } from './structural-sharing.ts';
import { globalTransport, type OpenTransport } from './transport.ts';

export interface ChatClientOptions {
  /** The server's WebSocket address, for instance `ws://localhost:3000/ws`. */
  readonly url: string;
  /** How to reach it. Default: the runtime's WebSocket; in Node, the one of @wireroom/websocket. */
  readonly openTransport?: OpenTransport;
  /** Where the token, the name and the outbox outlive a reload. Default: memory, which does not. */
  readonly storage?: KeyValueStorage;
  /** Where the outbox is kept instead. Two clients at once (two tabs) must not share one. Default: `storage`. */
  readonly outboxStorage?: KeyValueStorage;
  /** Where HTTP is served, if not at the host and port of `url`. For `historyUrl`. */
  readonly httpUrl?: string;
  /** The rooms to be in from the start. Default: the lobby. */
  readonly rooms?: readonly string[];
  readonly clock?: Clock;
  readonly random?: Random;
  /** Has the server record this client's connections for the wire inspector, and records what the client sees. Default: no. */
  readonly record?: boolean;
}

export interface ChatClient {
  /** Starts, or starts again, under this name; with its token, if one is remembered. Failure shows in `refusal`. */
  enter(name: string): void;
  /** Leaves the rooms, forgets what waits to be sent, disconnects. The name stays for filling in, its token for `enter`. */
  exit(): Promise<void>;
  /** Enters as whoever was here last, if a token is remembered and they did not exit; tells whether it did. */
  resume(): boolean;
  /** Puts a message into the outbox. Throws a ChatError: the text's fault, `not-joined`, or `busy` when too much waits. */
  post(slug: string, text: string): void;
  /** A failed draft waits to be sent again. */
  retry(slug: string, draftId: DraftId): void;
  /** A failed or waiting draft is dropped. */
  discard(slug: string, draftId: DraftId): void;
  loadOlder(slug: string): void;
  /** Tells whether the reader sees the newest entries; if not, older ones are kept in memory longer. Default: yes. */
  setFollowing(slug: string, isFollowing: boolean): void;
  /** Throws a ChatError: `no-room` for what cannot be a slug, `busy` when too many rooms are joined. */
  join(slug: string): void;
  /** Leaves for good, with what waited to be sent there. */
  leave(slug: string): void;
  /** Ends a pause or a stop at once; on an open connection, finds out whether it is still alive. */
  reconnectNow(): void;
  /** Disconnects and keeps everything: `resume` or `enter` go on from there. */
  close(): void;
  /** Where a page tells what the client cannot see. Undefined: `record` was not asked for. */
  readonly tap?: ClientTap | undefined;
  /** Tells after changes, never in the middle of one. Returns what ends it. */
  readonly subscribe: (listener: () => void) => () => void;
  /** The same object until something changed. */
  readonly snapshot: () => ChatSnapshot;
}

/** A connection asks to be recorded by its URL: browsers let a page set nothing else. */
function withRecording(url: string): string {
  return `${url}${url.includes('?') ? '&' : '?'}record=1`;
}

export function createChatClient(options: ChatClientOptions): ChatClient {
  return new Chat(options);
}

class Chat implements ChatClient {
  readonly tap: TapRecorder | undefined;
  readonly #clock: Clock;
  readonly #startRooms: readonly string[];
  readonly #notifier: Notifier;
  readonly #storages: readonly GuardedStorage[];
  readonly #identity: Identity;
  readonly #greeter: Greeter;
  readonly #outbox: Outbox;
  readonly #connection: Connection;
  readonly #rooms: Rooms;
  #you: Author | undefined;
  #refusal: Refusal | undefined;
  #exit: Farewell | undefined;
  #snapshot: ChatSnapshot | undefined;
  #isCurrent = false;

  constructor(options: ChatClientOptions) {
    const { url, httpUrl, clock = systemClock, random = systemRandom } = options;
    const changed = (): void => this.#changed();
    const tap = options.record === true ? new TapRecorder() : undefined;
    this.tap = tap;
    this.#clock = clock;
    this.#startRooms = options.rooms ?? ['lobby'];
    this.#notifier = new Notifier(clock);
    const storage = new GuardedStorage(options.storage ?? memoryStorage());
    const outboxStorage = options.outboxStorage ? new GuardedStorage(options.outboxStorage) : storage;
    this.#storages = [storage, outboxStorage];
    this.#identity = new Identity(storage, `wireroom:${url}:identity`);
    this.#greeter = new Greeter(this.#identity);
    const outbox = new Outbox({ storage: outboxStorage, key: `wireroom:${url}:outbox`, random });
    this.#outbox = outbox;
    const { openTransport = globalTransport } = options;
    const connection = new Connection({
      ...{ clock, random, changed, openTransport, tap },
      url: tap === undefined ? url : withRecording(url),
      greeting: () => this.#greeter.greeting(),
      helloRefused: (event, greeting) => this.#helloRefused(event, greeting),
      welcomed: (event) => this.#welcomed(event),
      heard: (entry) => this.#rooms.withId(entry.roomId)?.heard(entry),
      lost: () => this.#lost(),
    });
    this.#connection = connection;
    const request = connection.request.bind(connection);
    const leftAll = (): void => this.#end();
    this.#rooms = new Rooms({ url, httpUrl, outbox, clock, random, tap, request, leftAll, changed });
    const token = (): string | undefined => this.#greeter.greeting().token;
    grantAccess(this, { url, openTransport, clock, random, token, tap });
  }

  enter(name: string): void {
    this.#exit?.finish();
    this.#changed();
    try {
      checkName(name);
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      this.#refusal = { code: error.code, message: error.message };
      return;
    }
    this.#refusal = undefined;
    const { state } = this.#connection.snapshot;
    if (name === this.#greeter.name && (state === 'open' || state === 'connecting')) return;
    this.#greeter.begin(name);
    for (const slug of [...this.#startRooms, ...this.#outbox.slugs]) this.#rooms.add(slug);
    this.#connection.start();
  }

  exit(): Promise<void> {
    const farewell = this.#exit ?? this.#beginExit();
    if (!farewell.isFinished) this.#exit = farewell;
    return farewell.done;
  }

  resume(): boolean {
    const { name, hasLeft } = this.#identity;
    if (name === undefined || hasLeft || this.#identity.tokenOf(name) === undefined) return false;
    this.enter(name);
    return this.#refusal === undefined;
  }

  post(slug: string, text: string): void {
    const room = this.#rooms.get(slug);
    if (room === undefined || this.#exit !== undefined) throw new ChatError('not-joined');
    const { draftId } = this.#outbox.add(slug, text);
    this.tap?.composed(draftId, room.roomId);
    room.outboxChanged();
  }

  retry(slug: string, draftId: DraftId): void {
    this.#outbox.retry(slug, draftId);
    this.#rooms.get(slug)?.outboxChanged();
  }

  discard(slug: string, draftId: DraftId): void {
    this.#outbox.discard(slug, draftId);
    this.#rooms.get(slug)?.outboxChanged();
  }

  loadOlder(slug: string): void {
    this.#rooms.get(slug)?.loadOlder();
  }

  setFollowing(slug: string, isFollowing: boolean): void {
    this.#rooms.get(slug)?.setFollowing(isFollowing);
  }

  join(slug: string): void {
    this.#rooms.add(slug);
  }

  leave(slug: string): void {
    this.#rooms.leave(slug);
  }

  reconnectNow(): void {
    this.#connection.reconnectNow();
  }

  close(): void {
    this.#exit?.finish();
    this.#connection.stop();
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
      isStorageWorking: this.#storages.every(({ isWorking }) => isWorking),
    };
  }

  #welcomed(event: WelcomeEvent): void {
    this.#you = event.you;
    this.#greeter.welcomed(event);
    this.#rooms.connected(event.you);
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
    this.#exit?.finish();
  }

  #beginExit(): Farewell {
    const slugs = this.#connection.isOpen ? this.#rooms.slugs : [];
    // Nothing is sent from the outbox any more, and no entry is waited for.
    this.#rooms.disconnected();
    return new Farewell({
      slugs,
      clock: this.#clock,
      request: (request, answered) => this.#connection.request(request, answered),
      finished: () => this.#finishExit(),
    });
  }

  #finishExit(): void {
    this.#exit = undefined;
    this.#outbox.clear();
    this.#end();
  }

  /** Nobody, and nowhere. What waits in the outbox is not touched. */
  #end(): void {
    this.#greeter.leave();
    this.#you = undefined;
    this.#refusal = undefined;
    this.#rooms.clear();
    this.#connection.stop();
    this.#changed();
  }

  #changed(): void {
    this.#isCurrent = false;
    this.#notifier.changed();
  }
}
