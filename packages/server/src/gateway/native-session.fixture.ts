// A chat on a log in memory, and connections that a test holds both ends of: what is said to a session and what it says, without
// a socket. A connection can be told to stop taking bytes, as one whose other end does not read.
import type { Command, ServerEvent } from '@wireroom/protocol';
import type { PreparedRun } from '@wireroom/websocket';
import { MemoryGuestStore } from '../accounts/memory-guest-store.ts';
import { MemoryBus } from '../bus/memory-bus.ts';
import { type Chat, openChat } from '../chat.ts';
import { newGatewayCounts } from '../lib/counts.ts';
import { NO_MARKS } from '../lib/stations.ts';
import type { Log } from '../log/log.ts';
import { MemoryLog } from '../log/memory-log.ts';
import { type ChatConnection, type NativeParts, NativeSession } from './native-session.ts';

type Handlers = Parameters<ChatConnection['handle']>[0];
type Sent = Parameters<ChatConnection['send']>[0];

export class HandConnection implements ChatConnection {
  readonly sent: ServerEvent[] = [];
  /** Bytes of the messages that were sent, in the same order. */
  readonly sizes: number[] = [];
  closedWith: number | undefined;
  /** Does the other end read? */
  isReading = true;
  isPaused = false;
  bufferedBytes = 0;
  /** The heartbeat's turn with this connection. */
  beat: () => Promise<void> = () => Promise.resolve();
  #handlers: Handlers | undefined;
  #ref = 0;

  handle(handlers: Handlers): void {
    this.#handlers = handlers;
  }

  send(message: Sent): boolean {
    if (this.closedWith !== undefined) return false;
    const data = typeof message === 'string' ? message : message.data;
    const text = typeof data === 'string' ? data : Buffer.from(data).toString();
    this.sizes.push(Buffer.byteLength(text));
    this.sent.push(JSON.parse(text) as ServerEvent);
    if (!this.isReading) this.bufferedBytes += Buffer.byteLength(text);
    return this.isReading;
  }

  sendRun(run: PreparedRun): boolean {
    return run.messages.map((message) => this.send(message)).every((isTaken) => isTaken);
  }

  sendPieces(pieces: readonly Uint8Array[]): boolean {
    return this.send(Buffer.concat(pieces).toString());
  }

  close(code: number): void {
    this.closedWith = code;
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }

  /** The other end takes what waits for it, and from then on everything. */
  wake(): void {
    this.isReading = true;
    this.bufferedBytes = 0;
    this.#handlers?.drain();
  }

  hangUp(): void {
    this.closedWith ??= 1006;
    this.#handlers?.close();
  }

  /** Says something, without waiting for the answer. Returns its ref. */
  say(command: WithoutRef<Command>): number {
    this.#ref += 1;
    const text = JSON.stringify({ ...command, ref: this.#ref });
    this.#handlers?.message({ kind: 'text', text: () => text });
    return this.#ref;
  }

  /** Says something and resolves to its answer, which is the last part where there are several. */
  async ask(command: WithoutRef<Command>): Promise<ServerEvent> {
    const ref = this.say(command);
    for (;;) {
      const answer = this.sent.find((event) => 'ref' in event && event.ref === ref && !isEarlierPart(event));
      if (answer !== undefined) return answer;
      await nextTurn();
    }
  }

  answersTo(ref: number): ServerEvent[] {
    return this.sent.filter((event) => 'ref' in event && event.ref === ref);
  }

  entrySeqs(roomId: string): number[] {
    const entries = this.sent.filter((event) => event.type === 'entry').map(({ entry }) => entry);
    return entries.filter((entry) => entry.roomId === roomId).map(({ seq }) => seq);
  }
}

type WithoutRef<T> = T extends unknown ? Omit<T, 'ref'> : never;

const isEarlierPart = (event: ServerEvent): boolean => event.type === 'resumed' && !event.isLast;

export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export interface HandChat {
  readonly chat: Chat;
  readonly log: Log;
  readonly bus: MemoryBus;
  readonly errors: unknown[];
  connect(): HandConnection;
  /** Somebody who has said hello. */
  greet(name: string): Promise<HandConnection>;
}

export async function openHandChat(
  given: {
    readonly log?: Log;
    readonly parts?: Partial<NativeParts>;
    readonly slugs?: readonly string[];
  } = {},
): Promise<HandChat> {
  const log = given.log ?? new MemoryLog();
  const bus = new MemoryBus();
  const errors: unknown[] = [];
  const onError = (error: unknown): void => void errors.push(error);
  for (const slug of given.slugs ?? []) await log.ensureRoom({ slug, title: slug });
  const chat = await openChat({
    log,
    bus,
    guestStore: new MemoryGuestStore(),
    rateLimit: undefined,
    graceMs: 60_000,
    now: () => 0,
    timers: { set: () => undefined, clear: () => undefined },
    onError,
  });
  const connect = (): HandConnection => {
    const counts = newGatewayCounts();
    const parts = { ...chat, counts, marks: NO_MARKS, commandRate: undefined, now: () => 0, onError };
    const place = { onClose: () => undefined, recording: undefined };
    const connection = new HandConnection();
    const session = new NativeSession({ ...parts, serverVersion: 'test', ...given.parts }, connection, place);
    connection.beat = () => session.beat();
    return connection;
  };
  const greet = async (name: string): Promise<HandConnection> => {
    const connection = connect();
    await connection.ask({ type: 'hello', name });
    return connection;
  };
  return { chat, log, bus, errors, connect, greet };
}
