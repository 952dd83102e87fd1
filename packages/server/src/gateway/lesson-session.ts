// One Socket.IO connection in the lesson's shapes: LOGIN, CHAT and LEAVE in, notices, messages, TOKEN and ERROR out.
// Translates between those shapes and a Session; the table of shapes is in docs/spec/socketio.md.
import { ChatError, type Entry, joinNotice, type LessonMessage } from '@wireroom/protocol';
import type { Socket } from 'socket.io';
import { z } from 'zod';
import type { Recoveries } from '../accounts/recoveries.ts';
import type { ConnectionRecording, Trail } from '../lib/stations.ts';
import { classOfReason } from './close-class.ts';
import { CommandRate, refusalOf } from './command-rate.ts';
import { LESSON_ROOM, sendEntry } from './lesson-packet.ts';
import { GATEWAY_LIMITS } from './limits.ts';
import { type ConnectionParts, Session } from './session.ts';
import { pidOf, type Restored, restoredOf } from './socketio-recovery.ts';

const ONLY_MESSAGES = 'Only "message" events are understood: socket.send({type, …}).';

const commandSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('LOGIN'),
    name: z.string({ error: 'name is a string' }),
    token: z.string({ error: 'token is a string' }).max(128).optional(),
  }),
  z.object({ type: z.literal('CHAT'), message: z.string({ error: 'message is a string' }) }),
  z.object({ type: z.literal('LEAVE') }),
]);
type LessonCommand = z.infer<typeof commandSchema>;

export interface LessonParts extends ConnectionParts {
  readonly isStopping: () => boolean;
  readonly recoveries: Recoveries;
}

type Login = Extract<LessonCommand, { type: 'LOGIN' }>;

export class LessonSession {
  readonly #parts: LessonParts;
  readonly #socket: Socket;
  readonly #rate: CommandRate;
  readonly #recording: ConnectionRecording | undefined;
  #session: Session;
  /** Commands run one after another; only posts overlap. */
  #turn: Promise<void> = Promise.resolve();
  #waiting = 0;
  #packetsWaiting = 0;
  /** The secret by which this session may come back; clients 2.x have none. */
  readonly #pid: string | undefined;
  #isRemembered = false;
  /** Came back without a LOGIN. */
  #isRecovered = false;

  constructor(parts: LessonParts, socket: Socket, recording?: ConnectionRecording) {
    this.#parts = parts;
    parts.counts.opened += 1;
    this.#socket = socket;
    this.#recording = recording;
    this.#rate = new CommandRate(parts.commandRate, parts.now);
    this.#session = this.#begin();
    this.#pid = pidOf(socket);
    const onTaken = (): void => void socket.disconnect(true);
    if (this.#pid !== undefined) parts.recoveries.own(this.#pid, onTaken);
    const restored = restoredOf(socket);
    if (restored !== undefined) this.#turn = this.#recover(restored);
    // Heard before Socket.IO dispatches it in a later turn, and drops it if the client has said goodbye in the same breath.
    socket.onAny((event: unknown, payload: unknown) => {
      if (event === 'message') this.#hear(payload);
      else this.#refuse(new ChatError('unknown-type', { message: ONLY_MESSAGES }));
    });
    const onPacket = (): void => {
      this.#packetsWaiting += 1;
      parts.counts.packetsWaiting += 1;
    };
    const onFlush = (): void => {
      parts.counts.packetsWaiting -= this.#packetsWaiting;
      this.#packetsWaiting = 0;
    };
    const onDrain = (): void => this.#session.drained();
    socket.conn.on('packetCreate', onPacket).on('flush', onFlush).on('drain', onDrain);
    socket.on('disconnect', (reason) => {
      onFlush();
      parts.counts.closed[classOfReason(reason, parts.isStopping())] += 1;
      socket.conn.off('packetCreate', onPacket).off('flush', onFlush).off('drain', onDrain);
      if (this.#pid !== undefined) parts.recoveries.disown(this.#pid, onTaken);
      // A client that says goodbye has left; a connection that was cut has the grace period.
      const hasSaidGoodbye = reason === 'client namespace disconnect';
      this.#turn = this.#turn.then(() => (hasSaidGoodbye ? this.#sayGoodbye() : this.#session.end()));
    });
  }

  #begin(): Session {
    const { marks, counts } = this.#parts;
    const reader = {
      deliver: (entries: readonly Entry[]) => {
        for (const entry of entries) {
          if (!sendEntry(this.#socket, entry)) continue;
          counts.deliveries += 1;
          if (marks.hasReaders) this.#markDelivery(entry, 'sent');
        }
      },
      skipped: (entry: Entry) => {
        counts.keptBack += 1;
        if (marks.hasReaders) this.#markDelivery(entry, 'behind');
      },
      isWritable: () => this.#packetsWaiting < GATEWAY_LIMITS.socketIoPacketsMax,
      fail: (error: unknown) => {
        this.#parts.onError(error);
        this.#socket.conn.close();
      },
    };
    return new Session(this.#parts, reader, this.#recording);
  }

  #markDelivery(entry: Entry, how: 'sent' | 'behind'): void {
    this.#parts.marks.delivered({
      entry,
      end: this.#session.readingOn('socketio'),
      recording: this.#recording,
      // Socket.IO keeps its own queue and tells packets, not bytes; what waits below it is nobody's to see here.
      bufferedBytes: 0,
      isBehind: how === 'behind',
      messageIndex: undefined,
    });
  }

  #hear(payload: unknown): void {
    try {
      this.#rate.take();
      const command = readCommand(payload);
      const { marks } = this.#parts;
      const isMarked = marks.isOn && command.type === 'CHAT';
      this.#enqueue(
        command,
        isMarked ? marks.depart({ gateway: 'socketio', recording: this.#recording }) : undefined,
      );
    } catch (error) {
      this.#refuse(error);
    }
  }

  #enqueue(command: LessonCommand, trail: Trail | undefined): void {
    if (this.#waiting >= GATEWAY_LIMITS.lessonCommandsWaitingMax)
      throw new ChatError('busy', { retryAfterMs: 1000 });
    this.#waiting += 1;
    const run = (): Promise<void> =>
      this.#do(command, trail)
        .catch((error: unknown) => this.#refuse(error))
        .finally(() => {
          this.#waiting -= 1;
        });
    // A CHAT comes after what came before it, but holds up nothing: many ride in one commit.
    this.#turn = this.#turn.then(command.type === 'CHAT' ? () => void run() : run);
  }

  async #do(command: LessonCommand, trail: Trail | undefined): Promise<void> {
    switch (command.type) {
      case 'LOGIN':
        return this.#login(command);
      case 'CHAT':
        return this.#chat(command.message, trail);
      case 'LEAVE':
        return this.#leave();
    }
  }

  async #login(command: Login): Promise<void> {
    if (this.#isRecovered && command.name === this.#session.author.name) return this.#confirm(command);
    const { token } = await this.#session.greet({ name: command.name, token: command.token });
    this.#send({ type: 'TOKEN', token });
    try {
      // First: whoever has heard of the LOGIN can be recovered.
      await this.#remember(token);
      await this.#session.enter(LESSON_ROOM);
    } catch (error) {
      await this.#restart();
      throw error;
    }
  }

  async #remember(token: string): Promise<void> {
    if (this.#pid === undefined) return;
    this.#isRemembered = true;
    await this.#parts.recoveries.remember(this.#pid, token);
  }

  /** Goes on where the client was. If that fails it is cut, still has its offset, and comes again. */
  async #recover({ tokenHash, cursor }: Restored): Promise<void> {
    this.#isRemembered = true;
    try {
      await this.#session.greetAgain(tokenHash);
      this.#isRecovered = true;
      await this.#session.enterFrom(LESSON_ROOM, cursor);
    } catch (error) {
      if (refusalOf(error).code === 'internal') this.#parts.onError(error);
      this.#socket.conn.close();
    }
  }

  /** A program that logs in at every connection: it is in already, so it is told alone, and nobody hears of it twice. */
  async #confirm({ token }: Login): Promise<void> {
    const { author } = this.#session;
    if (token !== undefined) {
      const { authorId } = await this.#parts.guests.prove(token);
      if (authorId !== author.authorId) throw new ChatError('bad-token');
      this.#send({ type: 'TOKEN', token });
    }
    this.#send(joinNotice(author));
  }

  async #chat(text: string, trail: Trail | undefined): Promise<void> {
    if (!this.#session.isGreeted) throw new ChatError('hello-first', { message: 'LOGIN comes before CHAT.' });
    await this.#session.post(LESSON_ROOM, { draftId: undefined, content: { type: 'message', text } }, trail);
  }

  /** Out of the room, and free to LOGIN again under any name. */
  async #leave(): Promise<void> {
    if (!this.#session.isGreeted)
      throw new ChatError('hello-first', { message: 'LOGIN comes before LEAVE.' });
    await this.#restart();
  }

  async #restart(): Promise<void> {
    await this.#sayGoodbye();
    this.#isRecovered = false;
    this.#session = this.#begin();
  }

  /** Gone for good: the secret brings nobody back. */
  async #sayGoodbye(): Promise<void> {
    if (this.#pid !== undefined && this.#isRemembered) {
      this.#isRemembered = false;
      await this.#parts.recoveries.forget(this.#pid).catch(this.#parts.onError);
    }
    await this.#session.sayGoodbye();
  }

  #refuse(reason: unknown): void {
    const error = refusalOf(reason);
    this.#parts.counts.refused[error.code] += 1;
    if (error.code === 'internal') this.#parts.onError(reason);
    this.#send({ type: 'ERROR', code: error.code, message: error.message });
  }

  /** Somebody who causes answers and does not read them is cut: entries wait for a reader, answers do not. */
  #send(message: LessonMessage): void {
    if (this.#packetsWaiting >= GATEWAY_LIMITS.socketIoPacketsMax * 2) this.#socket.conn.close();
    else this.#socket.send(message);
  }
}

/** Throws a ChatError that says what is wrong with the payload. */
function readCommand(payload: unknown): LessonCommand {
  const result = commandSchema.safeParse(payload);
  if (result.success) return result.data;
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) {
    throw new ChatError('bad-command', {
      message: 'Send an object: {type: "LOGIN", name} or {type: "CHAT", message}.',
    });
  }
  const issue = result.error.issues[0];
  if (issue === undefined || issue.path[0] === 'type') {
    throw new ChatError('unknown-type', { message: 'type is LOGIN, CHAT or LEAVE.' });
  }
  throw new ChatError('bad-command', { message: issue.message });
}
