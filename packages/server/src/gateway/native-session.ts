// One native connection: JSON commands in, answers and entries out. Translates between the protocol and a Session.
// Commands that change the connection's standing (hello, join, leave, page) run one after another; posts overlap, so
// that many ride in one commit, and the log keeps their order.
import {
  ChatError,
  CLOSE_CODES,
  type Command,
  decodeCommand,
  type Entry,
  encodeEvent,
  LIMITS,
  type PostCommand,
  type Ref,
  type ServerEvent,
  SUBPROTOCOL,
} from '@wireroom/protocol';
import { type Connection, type Message, type PreparedMessage, prepare } from '@wireroom/websocket';
import type { ConnectionRecording, StationMarks, Trail } from '../lib/stations.ts';
import { CommandRate, refusalOf } from './command-rate.ts';
import { GATEWAY_LIMITS } from './limits.ts';
import { type ConnectionParts, type RoomState, Session } from './session.ts';

export interface NativeParts extends ConnectionParts {
  readonly serverVersion: string;
}

/** What comes with one connection. */
export interface NativePlace {
  readonly onClose: () => void;
  readonly recording: ConnectionRecording | undefined;
}

export class NativeSession {
  readonly #parts: NativeParts;
  readonly #connection: Connection;
  readonly #session: Session;
  readonly #waiting: Command[] = [];
  readonly #rate: CommandRate;
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

  constructor(parts: NativeParts, connection: Connection, { onClose, recording }: NativePlace) {
    this.#parts = parts;
    this.#connection = connection;
    this.#recording = recording;
    this.#rate = new CommandRate(parts.commandRate, parts.now);
    const reader = {
      deliver: (entry: Entry) => this.#deliver(entry),
      skipped: (entry: Entry) => {
        if (parts.marks.isOn) this.#markDelivery(entry, 'behind');
      },
      isWritable: () => connection.bufferedBytes < GATEWAY_LIMITS.bufferedBytesMax,
      fail: (error: unknown) => {
        parts.onError(error);
        connection.close(CLOSE_CODES.tryAgainLater, 'The log could not be read. Reconnect in a moment.');
      },
    };
    this.#session = new Session(parts, reader, recording);
    connection.handle({
      message: (message) => this.#hear(message),
      drain: () => {
        this.#session.drained();
        this.#work();
      },
      close: () => {
        onClose();
        // What was said before the goodbye still counts: the queue is worked off, then the session ends.
        this.#isClosed = true;
        this.#work();
      },
    });
  }

  #hear(message: Message): void {
    const decoded = message.kind === 'text' ? decodeCommand(message.text()) : BINARY;
    if (this.#recording !== undefined) this.#heard += 1;
    if (decoded.ok) {
      if (this.#parts.marks.isOn) this.#depart(decoded.command, this.#parts.marks);
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
    return this.#connection.bufferedBytes < GATEWAY_LIMITS.bufferedBytesMax;
  }

  #run(command: Command): void {
    if (command.type === 'ping') {
      this.#send({ type: 'pong', ref: command.ref });
    } else if (command.type === 'post') {
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

  async #post(command: PostCommand): Promise<void> {
    const { room, draftId, text, ref } = command;
    const trail = this.#trails?.get(command);
    if (trail !== undefined) this.#trails?.delete(command);
    const posted = await this.#session.post(room, { draftId, text }, trail);
    this.#send({ type: 'posted', ref, ...posted });
    trail?.mark('acknowledged', this.#outgoing());
  }

  #depart(command: Command, marks: StationMarks): void {
    if (command.type !== 'post') return;
    const { ref, draftId } = command;
    this.#trails ??= new Map();
    const trail = marks.depart({
      recording: this.#recording,
      ref,
      ...(draftId !== undefined && { draftId }),
      ...(this.#recording !== undefined && { message: { direction: 'in', index: this.#heard - 1 } }),
    });
    this.#trails.set(command, trail);
  }

  #deliver(entry: Entry): void {
    this.#connection.send(frameOf(entry));
    if (this.#recording !== undefined) this.#sent += 1;
    if (this.#parts.marks.isOn) this.#markDelivery(entry, 'sent');
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

  async #answer(command: Exclude<Command, { type: 'post' | 'ping' }>): Promise<void> {
    const { ref } = command;
    this.#rate.take();
    switch (command.type) {
      case 'hello': {
        const { author, token } = await this.#session.greet({ name: command.name, token: command.token });
        return this.#send({
          type: 'welcome',
          ref,
          protocol: SUBPROTOCOL,
          server: { name: 'wireroom', version: this.#parts.serverVersion },
          capabilities: ['history'],
          limits: LIMITS,
          you: author,
          token,
          rooms: [...this.#parts.rooms.list()],
          ...(this.#recording && { connectionId: this.#recording.connectionId }),
        });
      }
      case 'join':
        return this.#joined(ref, await this.#session.join(command.room, command.cursor));
      case 'leave': {
        const room = await this.#session.leave(command.room);
        return this.#send({ type: 'left', ref, roomId: room.roomId });
      }
      case 'page': {
        const { room, entries, hasMore } = await this.#session.page(command);
        return this.#send({ type: 'page', ref, roomId: room.roomId, entries: [...entries], hasMore });
      }
    }
  }

  /** The state first, the entries after it from there on. */
  #joined(ref: Ref, { start, ...state }: RoomState): void {
    this.#send({ type: 'joined', ref, ...state });
    start();
  }

  #refuse(ref: Ref | null, reason: unknown): void {
    const error = refusalOf(reason);
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
    this.#connection.send(encodeEvent(event));
    if (this.#recording !== undefined) this.#sent += 1;
  }
}

const BINARY = { ok: false, ref: null, error: new ChatError('binary-message') } as const;

/** An entry is encoded and framed once, whoever reads it. */
const frames = new WeakMap<Entry, PreparedMessage>();

function frameOf(entry: Entry): PreparedMessage {
  const known = frames.get(entry);
  if (known !== undefined) return known;
  const frame = prepare(encodeEvent({ type: 'entry', entry }));
  frames.set(entry, frame);
  return frame;
}
