// Exercise 11: lose nothing on reconnect. The room keeps what was said, with numbers; who comes back names the last one
// they have. Commands and events are JSON; the unit's text shows them.
import type { Socket } from 'node:net';
import { serve } from '../serve.ts';
import { shakeHands } from '../solutions/01-handshake.ts';
import { TEXT } from '../solutions/03-unmask.ts';
import { Ending, frameOf } from '../solutions/06-lengths.ts';
import { converse } from '../solutions/09-close.ts';
import { Room } from '../solutions/10-broadcast.ts';

export interface Entry {
  /** 1, 2, 3, … without a gap. */
  readonly seq: number;
  readonly text: string;
}

export const send = (socket: Socket, event: object): void =>
  void socket.write(frameOf(TEXT, Buffer.from(JSON.stringify(event))));

// #region yours
/** A room's memory is full then. A real chat has a database for this. */
const ENTRIES_MAX = 200_000;

/** What was said, in order. */
export class Log {
  readonly #entries: Entry[] = [];
  readonly #entryOfDraft = new Map<string, Entry>();

  /** Stores a text and gives it its number. For a draft that is known the entry that it became: nothing is stored twice. */
  post(draft: string, text: string): { readonly entry: Entry; readonly isNew: boolean } {
    const known = this.#entryOfDraft.get(draft);
    if (known) return { entry: known, isNew: false };
    if (this.#entries.length >= ENTRIES_MAX) throw new Ending(1013, 'this room is full');
    const entry = { seq: this.#entries.length + 1, text };
    this.#entries.push(entry);
    this.#entryOfDraft.set(draft, entry);
    return { entry, isNew: true };
  }

  /** The entries behind this number, at most so many. */
  after(seq: number, countMax = ENTRIES_MAX): readonly Entry[] {
    return this.#entries.slice(seq, seq + countMax);
  }
}

/** `resume`: first what was missed, then everything that is new. No turn of the event loop between them, so no gap. */
export function resume(socket: Socket, log: Log, room: Room, after: number): void {
  for (const entry of log.after(after)) send(socket, { type: 'entry', ...entry });
  room.join(socket);
}

/** `post`: stored first, then told to everybody, then acknowledged. */
export function post(socket: Socket, log: Log, room: Room, { draft, text }: Post): void {
  const { entry, isNew } = log.post(draft, text);
  if (isNew) room.say(JSON.stringify({ type: 'entry', ...entry }));
  send(socket, { type: 'posted', draft, seq: entry.seq });
}
// #endregion

interface Resume {
  readonly type: 'resume';
  readonly after: number;
}

interface Post {
  readonly type: 'post';
  readonly draft: string;
  readonly text: string;
}

/** What a text means. Throws an Ending for what means nothing. */
function commandOf(text: string): Resume | Post {
  const { type, after, draft, text: said } = objectOf(text);
  if (type === 'resume' && typeof after === 'number' && Number.isSafeInteger(after) && after >= 0)
    return { type, after };
  if (type === 'post' && typeof draft === 'string' && typeof said === 'string')
    return { type, draft, text: said };
  throw new Ending(1008, 'this is no command');
}

function objectOf(text: string): Readonly<Record<string, unknown>> {
  try {
    return { ...JSON.parse(text) };
  } catch {
    return {};
  }
}

/** A whole conversation of one member with a room that has a log. */
export function takePart(socket: Socket, rest: Buffer, log: Log, room: Room): void {
  converse(socket, rest, (text) => {
    const command = commandOf(text);
    if (command.type === 'resume') resume(socket, log, room, command.after);
    else post(socket, log, room, command);
  });
}

const log = new Log();
const room = new Room();

serve(import.meta.url, (socket) => shakeHands(socket, (rest) => takePart(socket, rest, log, room)));
