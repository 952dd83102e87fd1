// A server in a test's hand: the rules of the protocol over a log in memory, without a network. What a client said waits
// until `serve`, what the client is told waits until `deliver`; in between a test may lose, repeat, withhold and refuse.
import {
  type Author,
  authorIdSchema,
  type Command,
  type DraftId,
  decodeCommand,
  type Entry,
  type Epoch,
  encodeEvent,
  epochSchema,
  type JoinCommand,
  type JoinedEvent,
  LIMITS,
  type PostCommand,
  type ReceivedEntry,
  type Ref,
  type ServerEvent,
} from '@wireroom/protocol';
import { room, roomId } from './events.fixture.ts';
import type { OpenTransport, TransportHandlers } from './transport.ts';

const at = '2026-01-01T00:00:00.000Z';
/** Small, so that short tests have many pages. */
const PAGE_ENTRIES = 4;
const NEWEST_ENTRIES = 3;

/** A stored entry, some of them of a type that the client does not know. */
export type LogEntry = Entry | ReceivedEntry;

export class FakeServer {
  entries: LogEntry[] = [];
  epoch: Epoch = epochSchema.parse('e1');
  readonly connections = new Set<ServerSide>();
  /** The code that the next command but hello is refused with. */
  refuseNext: string | undefined;
  readonly #authors = new Map<string, Author>();
  readonly #answers = new Map<string, number>();
  #members: Author[] = [];
  #authorCount = 0;

  readonly openTransport: OpenTransport = (_url, handlers) => {
    const side = new ServerSide(this, handlers);
    this.connections.add(side);
    return side;
  };

  /** Tokens and names are gone, as after a restore of an older database. */
  forgetTokens(): void {
    this.#authors.clear();
  }

  hello(name: string, token: string | undefined): { author: Author; token: string } | string {
    if (token !== undefined) {
      const author = this.#authors.get(token);
      return author === undefined ? 'bad-token' : { author, token };
    }
    this.#authorCount += 1;
    const author = {
      authorId: authorIdSchema.parse(`a_${String(this.#authorCount).padStart(20, '0')}`),
      name,
    };
    const newToken = `token-${this.#authorCount}`;
    this.#authors.set(newToken, author);
    return { author, token: newToken };
  }

  join(author: Author): void {
    if (this.#members.some(({ authorId }) => authorId === author.authorId)) return;
    this.#members = [...this.#members, author];
    this.append((seq) => ({ v: 1, roomId, epoch: this.epoch, seq, author, at, type: 'join' }));
  }

  leave(author: Author): void {
    if (!this.#members.some(({ authorId }) => authorId === author.authorId)) return;
    this.#members = this.#members.filter(({ authorId }) => authorId !== author.authorId);
    this.append((seq) => ({ v: 1, roomId, epoch: this.epoch, seq, author, at, type: 'leave' }));
  }

  get members(): Author[] {
    return this.#members;
  }

  /** The seq of the draft: a new one, or the one it was given before (rule L3). */
  post(author: Author, draftId: DraftId, text: string): number {
    const key = `${author.authorId} ${draftId}`;
    const known = this.#answers.get(key);
    if (known !== undefined) return known;
    const seq = this.append((next) => ({
      ...{ v: 1, roomId, epoch: this.epoch, seq: next, author, at },
      ...{ type: 'message', draftId, text },
    }));
    this.#answers.set(key, seq);
    return seq;
  }

  appendUnknown(): void {
    this.append((seq) => ({ type: 'unknown', sentType: 'reaction', roomId, epoch: this.epoch, seq }));
  }

  append(make: (seq: number) => LogEntry): number {
    const entry = make(this.entries.length + 1);
    this.entries.push(entry);
    for (const side of this.connections) if (side.isFollowing) side.tell({ type: 'entry', entry });
    return entry.seq;
  }

  newest(): ReceivedEntry[] {
    return this.entries.slice(-NEWEST_ENTRIES);
  }

  page({ after, before }: { readonly after?: number | undefined; readonly before?: number | undefined }): {
    entries: ReceivedEntry[];
    hasMore: boolean;
  } {
    if (after !== undefined) {
      const entries = this.entries.slice(after, after + PAGE_ENTRIES);
      return { entries, hasMore: after + PAGE_ENTRIES < this.entries.length };
    }
    const end = before === undefined ? this.entries.length : Math.max(0, before - 1);
    const start = Math.max(0, end - PAGE_ENTRIES);
    return { entries: this.entries.slice(start, end), hasMore: start > 0 };
  }
}

/** One connection, seen from the server. */
export class ServerSide {
  readonly #server: FakeServer;
  readonly #handlers: TransportHandlers;
  readonly #commands: string[] = [];
  readonly #events: string[] = [];
  isFollowing = false;
  #isOpened = false;
  #isEnded = false;
  #author: Author | undefined;

  constructor(server: FakeServer, handlers: TransportHandlers) {
    this.#server = server;
    this.#handlers = handlers;
  }

  send(text: string): void {
    if (!this.#isEnded) this.#commands.push(text);
  }

  close(): void {
    this.end(1000);
  }

  get isIdle(): boolean {
    return this.#isOpened && this.#commands.length === 0 && this.#events.length === 0;
  }

  open(): void {
    if (this.#isOpened || this.#isEnded) return;
    this.#isOpened = true;
    this.#handlers.open();
  }

  end(code: number): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.isFollowing = false;
    this.#server.connections.delete(this);
    this.#handlers.close(code, '');
  }

  tell(event: ServerEvent): void {
    // What the client does not know was never a type of ours: it travels under its own name.
    const text = encodeEvent(event);
    this.#events.push(text.replaceAll('"type":"unknown","sentType"', '"type"'));
  }

  /** The next event reaches the client; or reaches it, and waits to do so again. */
  deliver({ isRepeated }: { readonly isRepeated: boolean }): void {
    const [event] = this.#events;
    if (event === undefined || this.#isEnded) return;
    if (!isRepeated) this.#events.shift();
    this.#handlers.message(event);
  }

  /** The next event is lost, if it is an entry: answers are not hints. */
  withhold(): void {
    if (this.#events[0]?.startsWith('{"type":"entry"')) this.#events.shift();
  }

  /** The next command is done. */
  serve(): void {
    const text = this.#commands.shift();
    if (text === undefined) return;
    const decoded = decodeCommand(text);
    if (!decoded.ok) throw decoded.error;
    this.#answer(decoded.command);
  }

  #answer(command: Command): void {
    const { ref } = command;
    const code = this.#refusalOf(command);
    if (command.type === 'hello') this.#greet(ref, command.name ?? '', command.token);
    else if (this.#author === undefined) this.#refuse(ref, 'hello-first');
    else if (code !== undefined) this.#refuse(ref, code);
    else this.#obey(command, this.#author);
  }

  #refusalOf(command: Command): string | undefined {
    if (command.type === 'hello' || command.type === 'ping') return undefined;
    const code = this.#server.refuseNext;
    this.#server.refuseNext = undefined;
    return code;
  }

  #obey(command: Exclude<Command, { type: 'hello' }>, author: Author): void {
    const { ref } = command;
    switch (command.type) {
      case 'ping':
        this.tell({ type: 'pong', ref });
        break;
      case 'join':
        this.#join(command, author);
        break;
      case 'leave':
        this.isFollowing = false;
        this.#server.leave(author);
        this.tell({ type: 'left', ref, roomId });
        break;
      case 'post':
        this.#post(command, author);
        break;
      case 'page':
        this.tell({ type: 'page', ref, roomId, ...this.#server.page(command) });
        break;
    }
  }

  #greet(ref: Ref, name: string, token: string | undefined): void {
    const admitted = this.#server.hello(name, token);
    if (typeof admitted === 'string') {
      this.#refuse(ref, admitted);
      return;
    }
    this.#author = admitted.author;
    this.tell({
      ...{ type: 'welcome', ref, protocol: 'wireroom.v1', server: { name: 'fake', version: '0' } },
      ...{ capabilities: [], limits: LIMITS, you: admitted.author, token: admitted.token, rooms: [room] },
    });
  }

  #join({ ref, cursor }: JoinCommand, author: Author): void {
    const server = this.#server;
    server.join(author);
    const position = { epoch: server.epoch, seq: server.entries.length };
    const members = server.members;
    const shared = { type: 'joined', ref, room, position, members, memberCount: members.length } as const;
    const newest = server.newest();
    const hasMore = (newest[0]?.seq ?? 1) > 1;
    const state = ((): Pick<JoinedEvent, 'resume' | 'entries' | 'gap' | 'hasMore'> => {
      if (cursor === undefined) return { resume: 'fresh', entries: newest, hasMore };
      if (cursor.epoch !== server.epoch || cursor.seq > position.seq) {
        return { resume: 'reset', entries: newest, hasMore };
      }
      const missed = server.page({ after: cursor.seq });
      if (!missed.hasMore) return { resume: 'caught-up', entries: missed.entries, hasMore: cursor.seq > 0 };
      const gap = { from: cursor.seq + 1, to: (newest[0]?.seq ?? 1) - 1 };
      return { resume: 'gap', entries: newest, gap, hasMore };
    })();
    this.tell({ ...shared, ...state });
    this.isFollowing = true;
  }

  #post({ ref, draftId, text }: PostCommand, author: Author): void {
    if (draftId === undefined) throw new Error('the client sends a draftId with every post');
    const seq = this.#server.post(author, draftId, text);
    this.tell({ type: 'posted', ref, roomId, draftId, seq, at });
  }

  #refuse(ref: Ref, code: string): void {
    this.tell({ type: 'refused', ref, code, message: code });
  }
}
