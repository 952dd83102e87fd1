// One native connection: JSON commands in, answers and entries out. Translates between the protocol and a Session.
// Commands that change the connection's standing (hello, join, leave, page) run one after another; posts overlap, so
// that many ride in one commit, and the log keeps their order.
import {
  ChatError,
  CLOSE_CODES,
  type Command,
  contentOf,
  type DraftCommand,
  decodeCommand,
  type Entry,
  encodeEvent,
  isDraftCommand,
  LIMITS,
  type Ref,
  type Room,
  type ServerEvent,
  SUBPROTOCOL,
} from '@wireroom/protocol';
import { type PreparedMessage, type PreparedRun, prepareRun } from '@wireroom/websocket';
import { bytesOf } from '../feed/feed.ts';
import { chunksOf } from '../lib/chunks.ts';
import { nowMicros } from '../lib/micros.ts';
import type { ConnectionRecording, Trail } from '../lib/stations.ts';
import type { LogPage, Timers } from '../rooms/rooms.ts';
import { answerJson, resumedJson } from './answer-json.ts';
import { classOfCode } from './close-class.ts';
import { CommandRate, refusalOf } from './command-rate.ts';
import { GATEWAY_LIMITS } from './limits.ts';
import type { ResumedPart } from './resume.ts';
import { type ConnectionParts, type RoomState, Session } from './session.ts';
import { StuckWatch } from './stuck-watch.ts';

export interface NativeParts extends ConnectionParts {
  readonly serverVersion: string;
  readonly timers: Timers;
}

/** A message, as much of it as is looked at here. */
interface HeardMessage {
  readonly kind: 'text' | 'binary';
  text(): string;
}

/** As much of a connection as a session uses: the engine's, or one that the simulator made. */
export interface ChatConnection {
  readonly bufferedBytes: number;
  handle(handlers: {
    message(message: HeardMessage): void;
    drain(): void;
    close(event?: { readonly code: number }): void;
  }): void;
  send(message: string | PreparedMessage): boolean;
  sendRun(run: PreparedRun): boolean;
  sendPieces(pieces: readonly Uint8Array[], kind: 'text'): boolean;
  close(code: number, reason: string): void;
  pause(): void;
  resume(): void;
}

/** What comes with one connection. */
export interface NativePlace {
  readonly onClose: () => void;
  readonly recording: ConnectionRecording | undefined;
}

export class NativeSession {
  readonly #parts: NativeParts;
  readonly #connection: ChatConnection;
  readonly #session: Session;
  readonly #waiting: Command[] = [];
  readonly #rate: CommandRate;
  readonly #stuckWatch: StuckWatch;
  readonly #recording: ConnectionRecording | undefined;
  /** Of posts that wait, while somebody records. */
  #trails: Map<Command, Trail> | undefined;
  /** Data messages so far, of a connection that is recorded. */
  #heard = 0;
  #sent = 0;
  #isOccupied = false;
  #postsUnderWay = 0;
  #isPaused = false;
  #isClosed = false;
  #onDrained: (() => void) | undefined;

  constructor(parts: NativeParts, connection: ChatConnection, { onClose, recording }: NativePlace) {
    this.#parts = parts;
    parts.counts.opened += 1;
    this.#connection = connection;
    this.#recording = recording;
    this.#rate = new CommandRate(parts.commandRate, parts.now);
    const reader = {
      deliver: (entries: readonly Entry[]) => this.#deliver(entries),
      skipped: (entry: Entry) => {
        parts.counts.keptBack += 1;
        if (parts.marks.hasReaders) this.#markDelivery(entry, 'behind');
      },
      isWritable: () => this.#isWritable,
      fail: (error: unknown) => {
        parts.onError(error);
        connection.close(CLOSE_CODES.tryAgainLater, 'The log could not be read. Reconnect in a moment.');
      },
    };
    this.#stuckWatch = new StuckWatch({
      timers: parts.timers,
      waitingBytes: () => connection.bufferedBytes,
      onStuck: () => connection.close(CLOSE_CODES.tooSlow, TOO_SLOW),
    });
    this.#session = new Session(parts, reader, recording);
    connection.handle({
      message: (message) => this.#hear(message),
      drain: () => {
        this.#stuckWatch.stop();
        this.#onDrained?.();
        this.#session.drained();
        this.#work();
      },
      close: (event) => {
        parts.counts.closed[classOfCode(event?.code ?? LOST)] += 1;
        onClose();
        // What was said before the goodbye still counts: the queue is worked off, then the session ends.
        this.#isClosed = true;
        this.#stuckWatch.stop();
        this.#onDrained?.();
        this.#work();
      },
    });
  }

  /**
   * The heartbeat's word for scripts, which see no pings: where the followed rooms stand that have grown (rule F2.2). Somebody
   * who does not read is not pushed to with this either.
   */
  async beat(): Promise<void> {
    if (!this.#session.isGreeted || this.#isClosed || !this.#isWritable) return;
    const grown = [...this.#session.heads()];
    this.#send({ type: 'heads', heads: grown.slice(0, GATEWAY_LIMITS.headsPerMessageMax) });
    for (const heads of chunksOf(
      grown.slice(GATEWAY_LIMITS.headsPerMessageMax),
      GATEWAY_LIMITS.headsPerMessageMax,
    )) {
      await this.#parts.turns.next();
      if (this.#isClosed) return;
      this.#send({ type: 'heads', heads: [...heads] });
    }
  }

  #hear(message: HeardMessage): void {
    const heardAt = this.#parts.marks.isOn ? nowMicros() : 0;
    const decoded = message.kind === 'text' ? decodeCommand(message.text()) : BINARY;
    if (this.#recording !== undefined) this.#heard += 1;
    if (decoded.ok) {
      if (this.#parts.marks.isOn) this.#depart(decoded.command, heardAt);
      this.#waiting.push(decoded.command);
      this.#work();
      return;
    }
    try {
      this.#rate.take();
      this.#refuse(decoded.ref, decoded.error);
    } catch (tooFast) {
      this.#refuse(decoded.ref, tooFast);
    }
  }

  /** Runs what may run now; stops reading from the connection while more waits than should. */
  #work(): void {
    while (this.#waiting.length > 0 && this.#mayRun()) {
      const command = this.#waiting.shift();
      if (command !== undefined) this.#run(command);
    }
    const isFull = this.#waiting.length >= GATEWAY_LIMITS.commandsWaitingMax;
    if (isFull && !this.#isPaused) this.#connection.pause();
    if (!isFull && this.#isPaused) this.#connection.resume();
    this.#isPaused = isFull;
    if (this.#isClosed && this.#waiting.length === 0 && !this.#isOccupied) void this.#session.end();
  }

  #mayRun(): boolean {
    if (this.#isOccupied || this.#postsUnderWay >= GATEWAY_LIMITS.postsUnderWayMax) return false;
    // Somebody who does not read the answers does not get to cause more of them.
    return this.#isWritable;
  }

  #run(command: Command): void {
    if (command.type === 'ping') {
      this.#send({ type: 'pong', ref: command.ref });
    } else if (isDraftCommand(command)) {
      this.#postsUnderWay += 1;
      this.#post(command)
        .catch((error: unknown) => this.#refuse(command.ref, error))
        .finally(() => {
          this.#postsUnderWay -= 1;
          this.#work();
        });
    } else {
      this.#isOccupied = true;
      this.#answer(command)
        .catch((error: unknown) => this.#refuse(command.ref, error))
        .finally(() => {
          this.#isOccupied = false;
          this.#work();
        });
    }
  }

  async #post(command: DraftCommand): Promise<void> {
    const { room, draftId, ref } = command;
    const trail = this.#trails?.get(command);
    if (trail !== undefined) this.#trails?.delete(command);
    const posted = await this.#session.post(room, { draftId, content: contentOf(command) }, trail);
    this.#send({ type: 'posted', ref, ...posted });
    trail?.mark('acknowledged', this.#outgoing());
  }

  #depart(command: Command, heardAt: number): void {
    if (!isDraftCommand(command)) return;
    const { ref, draftId } = command;
    this.#trails ??= new Map();
    const trail = this.#parts.marks.depart({
      gateway: 'native',
      heardAt,
      recording: this.#recording,
      ref,
      ...(draftId !== undefined && { draftId }),
      ...(this.#recording !== undefined && { message: { direction: 'in', index: this.#heard - 1 } }),
    });
    this.#trails.set(command, trail);
  }

  #deliver(entries: readonly Entry[]): void {
    this.#parts.counts.deliveries += entries.length;
    const run = runOf(entries);
    const { hasReaders } = this.#parts.marks;
    if (this.#recording === undefined && !hasReaders) {
      if (!this.#connection.sendRun(run)) this.#stuckWatch.sent();
      return;
    }
    for (const [index, message] of run.messages.entries()) {
      this.#wasSent(this.#connection.send(message));
      const entry = entries[index];
      if (hasReaders && entry !== undefined) this.#markDelivery(entry, 'sent');
    }
  }

  #markDelivery(entry: Entry, how: 'sent' | 'behind'): void {
    const isSent = how === 'sent';
    this.#parts.marks.delivered({
      entry,
      end: this.#session.readingOn('native'),
      recording: this.#recording,
      bufferedBytes: this.#connection.bufferedBytes,
      isBehind: !isSent,
      messageIndex: isSent && this.#recording !== undefined ? this.#sent - 1 : undefined,
    });
  }

  /** The data message that was sent last, where they are counted. */
  #outgoing(): { readonly message?: { readonly direction: 'out'; readonly index: number } } {
    return this.#recording === undefined ? {} : { message: { direction: 'out', index: this.#sent - 1 } };
  }

  async #answer(command: Exclude<Command, DraftCommand | { type: 'ping' }>): Promise<void> {
    const { ref } = command;
    this.#rate.take();
    // A thousand who come back in the same moment come one after another, and a post between them.
    await this.#parts.turns.next();
    switch (command.type) {
      case 'hello': {
        const { name, token: known, newToken } = command;
        const { author, token } = await this.#session.greet({ name, token: known, newToken });
        return this.#send({
          type: 'welcome',
          ref,
          protocol: SUBPROTOCOL,
          server: { name: 'wireroom', version: this.#parts.serverVersion },
          capabilities: [...CAPABILITIES],
          limits: LIMITS,
          you: author,
          token,
          rooms: [...this.#parts.rooms.list()],
          ...(this.#recording && { connectionId: this.#recording.connectionId }),
        });
      }
      case 'join':
        return this.#joined(ref, await this.#session.join(command.room, command.cursor));
      case 'resume':
        return this.#resumed(ref, this.#session.resume(command.cursors));
      case 'leave': {
        const room = await this.#session.leave(command.room);
        return this.#send({ type: 'left', ref, roomId: room.roomId });
      }
      case 'page': {
        const { room, ...page } = await this.#session.page(command);
        return this.#paged(ref, room, page);
      }
    }
  }

  async #paged(ref: Ref, { roomId }: Room, page: LogPage): Promise<void> {
    const { entries, hasMore, states, position } = page;
    await this.#turnFor(entries);
    const withStates = states && { states: [...states], position };
    this.#sendJson(answerJson({ type: 'page', ref, roomId, hasMore, ...withStates, entries }));
  }

  /** The state first, the entries after it from there on. */
  async #joined(ref: Ref, { start, ...state }: RoomState): Promise<void> {
    await this.#turnFor(state.entries);
    this.#sendJson(answerJson({ type: 'joined', ref, ...state }));
    start();
  }

  /** Long answers wait for each other, and not everything else for them. */
  async #turnFor(entries: readonly Entry[]): Promise<void> {
    if (entries.length > 0) await this.#parts.turns.next();
  }

  /** Part by part, as the reader takes them, and other connections have their turn in between. */
  async #resumed(ref: Ref, parts: AsyncIterable<ResumedPart>): Promise<void> {
    for await (const part of parts) {
      await this.#parts.turns.next();
      if (this.#isClosed) return;
      this.#sendJson(resumedJson(ref, part));
      part.start();
      if (!this.#isWritable) await this.#drained();
    }
  }

  /** Resolves when there is room for more, or nobody to send it to. */
  #drained(): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onDrained = resolve;
    });
  }

  get #isWritable(): boolean {
    return this.#connection.bufferedBytes < GATEWAY_LIMITS.bufferedBytesMax;
  }

  #refuse(ref: Ref | null, reason: unknown): void {
    const error = refusalOf(reason);
    this.#parts.counts.refused[error.code] += 1;
    if (error.code === 'internal') this.#parts.onError(reason);
    const { code, message, retryAfterMs } = error;
    this.#send({
      type: 'refused',
      ref,
      code,
      message,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  }

  #send(event: ServerEvent): void {
    this.#wasSent(this.#connection.send(encodeEvent(event)));
  }

  /** JSON in UTF-8, which nobody writes to any more: it is not copied. */
  #sendJson(pieces: readonly Uint8Array[]): void {
    this.#wasSent(this.#connection.sendPieces(pieces, 'text'));
  }

  #wasSent(hasRoom: boolean): void {
    if (!hasRoom) this.#stuckWatch.sent();
    if (this.#recording !== undefined) this.#sent += 1;
  }
}

/** What this server can beside what every one could that speaks the protocol. */
const CAPABILITIES = ['history', 'resume', 'heads', 'edits', 'reactions', 'titles', 'states'] as const;
const TOO_SLOW = 'Nothing was read for too long. Reconnect: your cursors find what you have missed.';
/** Without a Close frame (RFC 6455 section 7.1.5). */
const LOST = 1006;
const BINARY = { ok: false, ref: null, error: new ChatError('binary-message') } as const;

/** Entries are framed once, whoever reads them: all readers of a room are brought the same lists. */
const runs = new WeakMap<readonly Entry[], PreparedRun>();
/** The list that was framed last, which is mostly the next one, too. */
let last: { readonly entries: readonly Entry[]; readonly run: PreparedRun } | undefined;

function runOf(entries: readonly Entry[]): PreparedRun {
  if (last?.entries === entries) return last.run;
  let run = runs.get(entries);
  if (run === undefined) {
    run = prepareRun(
      entries.map((entry) => bytesOf(entry).event),
      'text',
    );
    runs.set(entries, run);
  }
  last = { entries, run };
  return run;
}
