// A visit of a person: what is typed is said or done, what others say is printed above the line.
import type { Chat, ChatSnapshot, RoomSnapshot } from '@wireroom/client';
import { ChatError } from '@wireroom/protocol';
import { harmless, type Io, openTerminal, type Style, type Terminal } from '../terminal/terminal.ts';
import { pendingOf, promptOf } from './prompt.ts';
import { Transcript } from './transcript.ts';
import type { Words } from './words.ts';

export interface VisitParts {
  readonly client: Chat;
  readonly room: string;
  /** As given; otherwise it is asked for. */
  readonly name: string | undefined;
  readonly words: Words;
  readonly style: Style;
  readonly io: Io;
}

/** While it waits to connect again, the seconds are counted down. */
const COUNTDOWN_MS = 1000;
const NAMES_SHOWN_MAX = 50;

/** Resolves with the exit code. */
export function visitAsPerson(parts: VisitParts): Promise<number> {
  return new Promise((resolve) => new Visit(parts, resolve).begin());
}

class Visit {
  readonly #parts: VisitParts;
  readonly #transcript: Transcript;
  readonly #terminal: Terminal;
  readonly #leave: (exitCode: number) => void;
  readonly #unsubscribe: () => void;
  #countdown: ReturnType<typeof setInterval> | undefined;
  #isAskingName = false;
  #hasEntered = false;
  #wantsOlder = false;
  #wasOpen = false;
  #isOver = false;

  constructor(parts: VisitParts, leave: (exitCode: number) => void) {
    this.#parts = parts;
    this.#leave = leave;
    this.#transcript = new Transcript(parts.words, parts.style);
    this.#terminal = openTerminal(parts.io, {
      line: (text) => this.#typed(text),
      ended: () => this.#quit(),
      interrupted: () => this.#end(0),
    });
    this.#unsubscribe = parts.client.subscribe(() => this.#look());
  }

  begin(): void {
    const { client, name } = this.#parts;
    if (name !== undefined) client.enter(name);
    else if (!client.resume()) this.#askName();
    this.#look();
  }

  get #room(): RoomSnapshot | undefined {
    return this.#parts.client.snapshot().rooms[this.#parts.room];
  }

  #typed(text: string): void {
    if (this.#isAskingName) this.#named(text);
    else if (text.startsWith('//')) this.#say(text.slice(1));
    else if (text.startsWith('/')) this.#command(text.slice(1).trim());
    else if (text.trim() !== '') this.#say(text);
    else if (this.#parts.client.snapshot().connection.state === 'waiting') this.#parts.client.reconnectNow();
    this.#look();
  }

  #askName(): void {
    this.#isAskingName = true;
    this.#terminal.setPrompt(this.#parts.words.yourName(this.#parts.client.snapshot().rememberedName));
  }

  #named(text: string): void {
    const { client } = this.#parts;
    const name = text.trim() || client.snapshot().rememberedName;
    if (name === undefined) return;
    this.#isAskingName = false;
    client.enter(name);
  }

  #say(text: string): void {
    const isTaken = (): boolean => pendingOf(this.#room).some((item) => item.text === text);
    this.#parts.client
      .room(this.#parts.room)
      .post(text)
      .catch((error: unknown) => {
        // What was taken and failed later stands above the prompt, with its reason.
        if (!(error instanceof ChatError)) throw error;
        if (!isTaken() && error.code !== 'cancelled') this.#complain(error.message);
      });
  }

  #command(name: string): void {
    const { words, style } = this.#parts;
    switch (name) {
      case 'quit':
        this.#quit();
        break;
      case 'older':
        this.#older();
        break;
      case 'names':
        this.#names();
        break;
      case 'retry':
      case 'discard':
        this.#settle(name);
        break;
      case 'help':
        for (const [command, meaning] of words.help) this.#note(`${command.padEnd(9)} ${meaning}`);
        break;
      default:
        this.#terminal.print(style.yellow(words.noCommand(harmless(name))));
    }
  }

  #older(): void {
    const room = this.#room;
    if (room === undefined || this.#printOlder(room)) return;
    const gap = this.#transcript.gapBefore(room);
    if (gap !== undefined) {
      this.#wantsOlder = true;
      this.#parts.client.room(this.#parts.room).fillGap(gap.key);
      return;
    }
    if (!room.hasOlder) {
      this.#note(this.#parts.words.noOlder);
      return;
    }
    this.#wantsOlder = true;
    this.#parts.client.room(this.#parts.room).loadOlder();
  }

  #printOlder(room: RoomSnapshot): boolean {
    const lines = this.#transcript.older(room);
    if (lines === undefined) return false;
    this.#wantsOlder = false;
    this.#terminal.print(lines.join('\n'));
    return true;
  }

  #names(): void {
    const room = this.#room;
    if (room === undefined) return;
    const { words, style } = this.#parts;
    const shown = room.members.slice(0, NAMES_SHOWN_MAX);
    const names = shown.map(({ authorId, name }) => style.of(authorId, harmless(name)));
    const more = room.memberCount - shown.length;
    if (more > 0) names.push(words.namesMore(more));
    this.#terminal.print(words.names(room.memberCount, names.join(', ')));
  }

  #settle(how: 'retry' | 'discard'): void {
    const { client, room: slug, words } = this.#parts;
    const due = pendingOf(this.#room).filter(({ state }) => state === 'failed' || how === 'discard');
    if (due.length === 0) this.#note(words.nothingFailed);
    const room = client.room(slug);
    for (const { draftId } of due) {
      if (how === 'retry') room.retry(draftId);
      else room.cancel(draftId);
    }
  }

  /** Something may be another. */
  #look(): void {
    if (this.#isOver) return;
    const { client, room: slug, words } = this.#parts;
    const chat = client.snapshot();
    const room = chat.rooms[slug];
    if (this.#isAskingName) return;
    if (chat.refusal !== undefined) {
      this.#complain(chat.refusal.message);
      this.#askName();
      return;
    }
    if (chat.connection.state === 'stopped' || room?.status === 'refused') {
      const { connection } = chat;
      const why = room?.refusal?.message ?? (connection.state === 'stopped' ? connection.reason : '');
      this.#complain(words.stopped(why));
      this.#end(1);
      return;
    }
    this.#printNews(chat, room);
    this.#terminal.setPrompt(promptOf(chat, room, { words, style: this.#parts.style, nowMs: Date.now() }));
    this.#count(chat.connection.state === 'waiting');
  }

  #printNews(chat: ChatSnapshot, room: RoomSnapshot | undefined): void {
    const { words, style } = this.#parts;
    const isOpen = chat.connection.state === 'open';
    if (isOpen && !this.#wasOpen && this.#hasEntered) this.#note(words.backAgain);
    this.#wasOpen = isOpen;
    if (room === undefined || room.status === 'joining') return;
    const news = this.#transcript.news(room);
    if (news.length > 0) this.#terminal.print(news.join('\n'));
    if (this.#wantsOlder && !room.isLoadingOlder) this.#printOlder(room);
    if (this.#hasEntered) return;
    this.#hasEntered = true;
    this.#terminal.print(style.bold(words.entered(harmless(room.title), room.memberCount)));
    this.#note(words.hint);
    if (!chat.isStorageWorking) this.#complain(words.notKept);
  }

  #count(isWaiting: boolean): void {
    if (isWaiting === (this.#countdown !== undefined)) return;
    clearInterval(this.#countdown);
    this.#countdown = isWaiting ? setInterval(() => this.#look(), COUNTDOWN_MS) : undefined;
  }

  /** Says goodbye: the others see it at once. */
  #quit(): void {
    if (this.#isOver) return;
    void this.#parts.client.exit().then(() => this.#end(0));
  }

  #end(exitCode: number): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearInterval(this.#countdown);
    this.#unsubscribe();
    this.#terminal.close();
    const unsent = pendingOf(this.#room).length;
    if (unsent > 0) this.#complain(this.#parts.words.unsent(unsent));
    this.#parts.client.close();
    this.#leave(exitCode);
  }

  #note(text: string): void {
    this.#terminal.print(this.#parts.style.dim(text));
  }

  #complain(text: string): void {
    this.#terminal.print(this.#parts.style.red(harmless(text)));
  }
}
