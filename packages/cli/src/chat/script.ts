// A visit of a program: each line of the input is posted, each message of the room is a line of the output. Ends when the
// input has ended and all of it is acknowledged.
import readline from 'node:readline';
import {
  type Chat,
  type ConnectionSnapshot,
  isEntryItem,
  type MessageItem,
  type NoticeItem,
  type RoomSnapshot,
} from '@wireroom/client';
import { ChatError } from '@wireroom/protocol';
import { harmless, type Io } from '../terminal/terminal.ts';
import { pendingOf } from './prompt.ts';
import { noticeOf, type Words } from './words.ts';

export interface ScriptParts {
  readonly client: Chat;
  readonly room: string;
  readonly name: string | undefined;
  readonly words: Words;
  readonly io: Io;
}

/** Lines under way before the next one is read. */
export const LINES_UNDER_WAY_MAX = 32;

/** Resolves with the exit code: 1 when it was turned away or a line was refused. */
export async function visitAsProgram(parts: ScriptParts): Promise<number> {
  const { client, io, name, words } = parts;
  if (name !== undefined) client.enter(name);
  else if (!client.resume()) {
    io.errors.write(`wireroom chat: ${words.nameNeeded}\n`);
    return 2;
  }
  const script = new Script(parts);
  const stopInterrupts = io.onInterrupt(() => script.stop());
  try {
    return await script.run();
  } finally {
    stopInterrupts();
    io.input.destroy();
  }
}

class Script {
  readonly #parts: ScriptParts;
  #lines: readline.Interface | undefined;
  #isStopped = false;
  #hasEntered = false;
  #exitCode = 0;
  #printedSeq: number | undefined;

  constructor(parts: ScriptParts) {
    this.#parts = parts;
    parts.client.subscribe(() => this.#print());
  }

  /** What is under way is not waited for any more. */
  stop(): void {
    this.#isStopped = true;
    this.#lines?.close();
    this.#wake();
  }

  async run(): Promise<number> {
    await this.#until(() => this.#room?.status === 'live');
    this.#hasEntered = true;
    this.#print();
    if (!this.#isStopped) await this.#postLines();
    await this.#until(() => this.#underWay === 0);
    // The room's own entry for the last line comes by the feed, after the acknowledgement.
    this.#print();
    const { client, words, io } = this.#parts;
    const unsent = pendingOf(this.#room).length;
    if (unsent > 0) io.errors.write(`wireroom chat: ${words.unsent(unsent)}\n`);
    if (!this.#isStopped) await client.exit();
    client.close();
    return unsent > 0 ? 1 : this.#exitCode;
  }

  async #postLines(): Promise<void> {
    // Made only now: what it reads before somebody iterates is lost.
    this.#lines = readline.createInterface({ input: this.#parts.io.input, terminal: false });
    for await (const text of this.#lines) {
      if (this.#isStopped) return;
      this.#post(text);
      await this.#until(() => this.#underWay < LINES_UNDER_WAY_MAX);
    }
  }

  get #room(): RoomSnapshot | undefined {
    return this.#parts.client.snapshot().rooms[this.#parts.room];
  }

  get #underWay(): number {
    return pendingOf(this.#room).filter(({ state }) => state !== 'failed').length;
  }

  #post(text: string): void {
    if (text.trim() === '') return;
    this.#parts.client
      .room(this.#parts.room)
      .post(text)
      .catch((error: unknown) => this.#fail(error instanceof ChatError ? error.message : String(error)));
  }

  #fail(why: string): void {
    this.#exitCode = 1;
    this.#parts.io.errors.write(`wireroom chat: ${harmless(why)}\n`);
  }

  #wake: () => void = () => {};

  /** Resolves when it is so, or when there is no use in waiting. */
  #until(isSo: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!isSo() && !this.#isOver()) return;
        unsubscribe();
        resolve();
      };
      const unsubscribe = this.#parts.client.subscribe(look);
      this.#wake = look;
      look();
    });
  }

  #isOver(): boolean {
    if (this.#isStopped) return true;
    const { refusal, connection } = this.#parts.client.snapshot();
    const why = refusal?.message ?? this.#room?.refusal?.message ?? this.#reasonOfStop(connection);
    if (why === undefined) return false;
    this.#isStopped = true;
    this.#lines?.close();
    this.#fail(why);
    return true;
  }

  #reasonOfStop(connection: ConnectionSnapshot): string | undefined {
    if (connection.state === 'stopped') return this.#parts.words.stopped(connection.reason);
    // Once in, a script waits for the server to come back. One that never got in had better hear of it.
    return connection.state === 'waiting' && !this.#hasEntered ? connection.reason : undefined;
  }

  /** What was said before we came is history, and not printed. */
  #print(): void {
    const room = this.#room;
    if (room === undefined || room.status === 'joining') return;
    const seen = this.#printedSeq;
    const entries = room.items.filter(isEntryItem);
    this.#printedSeq = entries.at(-1)?.seq ?? seen ?? 0;
    if (seen === undefined) return;
    for (const entry of entries)
      if (entry.seq > seen) this.#parts.io.output.write(`${lineOf(entry, this.#parts.words)}\n`);
  }
}

function lineOf(entry: MessageItem | NoticeItem, words: Words): string {
  const name = harmless(entry.author.name);
  if (entry.kind === 'notice') return `* ${noticeOf(entry, words, harmless)}`;
  return `${name}: ${harmless(entry.text).replaceAll('\n', '\n  ')}`;
}
