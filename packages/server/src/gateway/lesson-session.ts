// One Socket.IO connection in the lesson's shapes: LOGIN, CHAT and LEAVE in, notices, messages, TOKEN and ERROR out.
// Translates between those shapes and a Session; the table of shapes is in docs/spec/socketio.md.
import { ChatError, type Entry, type LessonMessage, lessonMessage } from '@wireroom/protocol';
import type { Socket } from 'socket.io';
import { z } from 'zod';
import type { ConnectionRecording, Trail } from '../lib/stations.ts';
import { CommandRate, refusalOf } from './command-rate.ts';
import { GATEWAY_LIMITS } from './limits.ts';
import { type ConnectionParts, Session } from './session.ts';

const ROOM = 'lobby';
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

export class LessonSession {
  readonly #parts: ConnectionParts;
  readonly #socket: Socket;
  readonly #rate: CommandRate;
  readonly #recording: ConnectionRecording | undefined;
  #session: Session;
  /** Commands run one after another; only posts overlap. */
  #turn: Promise<void> = Promise.resolve();
  #waiting = 0;
  #packetsWaiting = 0;

  constructor(parts: ConnectionParts, socket: Socket, recording?: ConnectionRecording) {
    this.#parts = parts;
    this.#socket = socket;
    this.#recording = recording;
    this.#rate = new CommandRate(parts.commandRate, parts.now);
    this.#session = this.#begin();
    // Heard before Socket.IO dispatches it in a later turn, and drops it if the client has said goodbye in the same breath.
    socket.onAny((event: unknown, payload: unknown) => {
      if (event === 'message') this.#hear(payload);
      else this.#refuse(new ChatError('unknown-type', { message: ONLY_MESSAGES }));
    });
    const onPacket = (): void => {
      this.#packetsWaiting += 1;
    };
    const onFlush = (): void => {
      this.#packetsWaiting = 0;
    };
    const onDrain = (): void => this.#session.drained();
    socket.conn.on('packetCreate', onPacket).on('flush', onFlush).on('drain', onDrain);
    socket.on('disconnect', (reason) => {
      socket.conn.off('packetCreate', onPacket).off('flush', onFlush).off('drain', onDrain);
      // A client that says goodbye has left; a connection that was cut has the grace period.
      const hasSaidGoodbye = reason === 'client namespace disconnect';
      this.#turn = this.#turn.then(() => (hasSaidGoodbye ? this.#session.sayGoodbye() : this.#session.end()));
    });
  }

  #begin(): Session {
    const { marks } = this.#parts;
    const reader = {
      deliver: (entry: Entry) => {
        this.#send(lessonMessage(entry));
        if (marks.isOn) this.#markDelivery(entry, 'sent');
      },
      skipped: (entry: Entry) => {
        if (marks.isOn) this.#markDelivery(entry, 'behind');
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
      this.#enqueue(command, isMarked ? marks.depart({ recording: this.#recording }) : undefined);
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

  async #login(command: { readonly name: string; readonly token?: string | undefined }): Promise<void> {
    const { token } = await this.#session.greet({ name: command.name, token: command.token });
    this.#send({ type: 'TOKEN', token });
    try {
      await this.#session.enter(ROOM);
    } catch (error) {
      await this.#restart();
      throw error;
    }
  }

  async #chat(text: string, trail: Trail | undefined): Promise<void> {
    if (!this.#session.isGreeted) throw new ChatError('hello-first', { message: 'LOGIN comes before CHAT.' });
    await this.#session.post(ROOM, { draftId: undefined, text }, trail);
  }

  /** Out of the room, and free to LOGIN again under any name. */
  async #leave(): Promise<void> {
    if (!this.#session.isGreeted)
      throw new ChatError('hello-first', { message: 'LOGIN comes before LEAVE.' });
    await this.#restart();
  }

  async #restart(): Promise<void> {
    await this.#session.sayGoodbye();
    this.#session = this.#begin();
  }

  #refuse(reason: unknown): void {
    const error = refusalOf(reason);
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
