// A server in a test's hand: the rules of the protocol over a log in memory, without a network. What a client said waits
// until `serve`, what the client is told waits until `deliver`; in between a test may lose, repeat, withhold and refuse.
import {
  type Author,
  authorIdSchema,
  type Command,
  contentOf,
  type DraftCommand,
  type DraftContent,
  type DraftId,
  decodeCommand,
  encodeEvent,
  type HelloCommand,
  type JoinCommand,
  type JoinedEvent,
  LIMITS,
  type PageCommand,
  type Position,
  type ReceivedEntry,
  type Ref,
  type ResumeCommand,
  type ResumedRoom,
  type Room,
  type ServerEvent,
} from '@wireroom/protocol';
import { room, roomId } from './events.fixture.ts';
import { at, FakeLog, type LogEntry } from './fake-log.fixture.ts';
import type { OpenTransport, TransportHandlers } from './transport.ts';

const NEWEST_ENTRIES = 3;

export class FakeServer {
  readonly log = new FakeLog();
  readonly connections = new Set<ServerSide>();
  /** The code that the next command but hello is refused with. */
  refuseNext: string | undefined;
  canResume = true;
  readonly #authors = new Map<string, Author>();
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

  hello({ name = '', token, newToken }: HelloCommand): { author: Author; token: string } | string {
    const known = this.#authors.get(token ?? newToken ?? '');
    if (known !== undefined) return { author: known, token: token ?? newToken ?? '' };
    if (token !== undefined) return 'bad-token';
    this.#authorCount += 1;
    const author = {
      authorId: authorIdSchema.parse(`a_${String(this.#authorCount).padStart(20, '0')}`),
      name,
    };
    const given = newToken ?? `token-${this.#authorCount}`;
    this.#authors.set(given, author);
    return { author, token: given };
  }

  join(author: Author): void {
    if (this.#members.some(({ authorId }) => authorId === author.authorId)) return;
    this.#members = [...this.#members, author];
    this.append((seq) => ({ v: 1, roomId, epoch: this.log.epoch, seq, author, at, type: 'join' }));
  }

  leave(author: Author): void {
    if (!this.#members.some(({ authorId }) => authorId === author.authorId)) return;
    this.#members = this.#members.filter(({ authorId }) => authorId !== author.authorId);
    this.append((seq) => ({ v: 1, roomId, epoch: this.log.epoch, seq, author, at, type: 'leave' }));
  }

  get members(): Author[] {
    return this.#members;
  }

  /** The seq of the draft, or why it was refused. */
  write(author: Author, draftId: DraftId, content: DraftContent): number | string {
    const written = this.log.write(author, draftId, content);
    if (typeof written === 'string') return written;
    if (written.entry !== undefined) this.#tellAll(written.entry);
    return written.seq;
  }

  appendUnknown(): void {
    this.append((seq) => ({ type: 'unknown', sentType: 'sticker', roomId, epoch: this.log.epoch, seq }));
  }

  append(make: (seq: number) => LogEntry): void {
    this.#tellAll(this.log.append(make));
  }

  /** As its heartbeat does. */
  tellHeads(): void {
    const { epoch, head } = this.log;
    for (const side of this.connections)
      if (side.isFollowing) side.tell({ type: 'heads', heads: [[roomId, epoch, head]] });
  }

  #tellAll(entry: LogEntry): void {
    for (const side of this.connections) if (side.isFollowing) side.tell({ type: 'entry', entry });
  }

  /** Under the name that it was given last. */
  get room(): Room {
    const rename = this.log.entries.findLast((entry) => entry.type === 'rename');
    return { ...room, ...(rename?.type === 'rename' && { title: rename.title }) };
  }

  newest(): ReceivedEntry[] {
    return this.log.entries.slice(-NEWEST_ENTRIES);
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
    if (command.type === 'hello') this.#greet(command);
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
      case 'resume':
        this.#resume(command, author);
        break;
      case 'page':
        this.#page(command, author);
        break;
      default:
        this.#write(command, author);
    }
  }

  #greet(command: HelloCommand): void {
    const { ref } = command;
    const admitted = this.#server.hello(command);
    if (typeof admitted === 'string') {
      this.#refuse(ref, admitted);
      return;
    }
    this.#author = admitted.author;
    this.tell({
      ...{ type: 'welcome', ref, protocol: 'wireroom.v1', server: { name: 'fake', version: '0' } },
      ...{
        capabilities: this.#server.canResume ? ['resume'] : [],
        limits: LIMITS,
        you: admitted.author,
        token: admitted.token,
        rooms: [room],
      },
    });
  }

  #join({ ref, cursor }: JoinCommand, author: Author): void {
    const server = this.#server;
    server.join(author);
    const position = { epoch: server.log.epoch, seq: server.log.head };
    const members = server.members;
    const shared = {
      type: 'joined',
      ref,
      room: server.room,
      position,
      members,
      memberCount: members.length,
    } as const;
    const state = this.#stateAfter(cursor);
    this.tell({ ...shared, ...state, hasMore: (state.entries[0]?.seq ?? 1) > 1 });
    this.isFollowing = true;
  }

  #stateAfter(cursor: Position | undefined): Pick<JoinedEvent, 'resume' | 'entries' | 'gap'> {
    const { log } = this.#server;
    const newest = this.#server.newest();
    if (cursor === undefined) return { resume: 'fresh', entries: newest };
    if (cursor.epoch !== log.epoch || cursor.seq > log.head) return { resume: 'reset', entries: newest };
    const missed = log.page({ after: cursor.seq });
    if (!missed.hasMore) return { resume: 'caught-up', entries: missed.entries };
    const gap = { from: cursor.seq + 1, to: (newest[0]?.seq ?? 1) - 1 };
    return { resume: 'gap', entries: newest, gap };
  }

  #resume({ ref, cursors }: ResumeCommand, author: Author): void {
    const server = this.#server;
    server.join(author);
    const position = { epoch: server.log.epoch, seq: server.log.head };
    const rooms = cursors.map(([slug, epoch, seq]): ResumedRoom => {
      const base = { room: slug, roomId, position };
      const { resume, gap, entries } = this.#stateAfter({ epoch, seq });
      if (resume === 'caught-up') return { ...base, resume, entries };
      if (gap === undefined) return { ...base, resume: 'reset' };
      const { title, topic } = server.room;
      return { ...base, resume: 'gap', gap, entries, title, topic, memberCount: server.members.length };
    });
    this.isFollowing = rooms.some(({ resume }) => resume !== 'reset');
    this.tell({ type: 'resumed', ref, rooms, isLast: true });
  }

  #page({ ref, after, before, limit, withStates }: PageCommand, reader: Author): void {
    const { log } = this.#server;
    const page = log.page({
      ...(after !== undefined && { after }),
      ...(before !== undefined && { before }),
      ...(limit !== undefined && { limit }),
    });
    const states = page.entries
      .map(({ seq }) => log.stateOf(seq, reader))
      .filter((state) => state !== undefined);
    const position = { epoch: log.epoch, seq: log.head };
    this.tell({ type: 'page', ref, roomId, ...page, ...(withStates === true && { states, position }) });
  }

  #write(command: DraftCommand, author: Author): void {
    const { ref, draftId } = command;
    if (draftId === undefined) throw new Error('the client sends a draftId with every draft');
    const seq = this.#server.write(author, draftId, contentOf(command));
    if (typeof seq === 'string') this.#refuse(ref, seq);
    else this.tell({ type: 'posted', ref, roomId, draftId, seq, at });
  }

  #refuse(ref: Ref, code: string): void {
    this.tell({ type: 'refused', ref, code, message: code });
  }
}
