// What must hold on every connection, whatever happens: each command is answered once, each room's entries come in order without
// a hole from where its state was, everything said is what the log has, and a full connection is not pushed to.
import {
  type Command,
  decodeCommand,
  type Entry,
  type ReceivedEntry,
  type ServerEvent,
} from '@wireroom/protocol';
import type { Diary } from './diary.ts';
import type { RoomTruth, Truth } from './truth.ts';
import type { WireWatcher } from './wire.ts';

type Position = { readonly epoch: string; readonly seq: number };
type Joined = Extract<ServerEvent, { type: 'joined' }>;
type Resumed = Extract<ServerEvent, { type: 'resumed' }>['rooms'][number];
type Posted = Extract<ServerEvent, { type: 'posted' }>;

export interface WirePromisesParts {
  readonly truth: Truth;
  readonly diary: Diary;
  /** `ada→node1` */
  readonly name: string;
  /** The client has been told that a draft is in the log. */
  readonly acknowledged: (posted: Posted, epoch: string) => void;
}

/** An event that this code wrote itself is not checked against the schemas once more: the client does that. */
const eventOf = (text: string): ServerEvent => JSON.parse(text);

export class WirePromises implements WireWatcher {
  readonly #parts: WirePromisesParts;
  /** Commands without an answer, by ref. */
  readonly #asked = new Map<string, Command>();
  /** Of each followed room: what comes next. */
  readonly #next = new Map<string, Position>();
  /** Of each acknowledged draft: the epoch of its room when the server said so. */
  readonly #epochs = new Map<string, string>();

  constructor(parts: WirePromisesParts) {
    this.#parts = parts;
  }

  heard(text: string): void {
    const decoded = decodeCommand(text);
    if (!decoded.ok) {
      this.#breaks(`the client said what no server understands: ${decoded.error.message}`);
      return;
    }
    const { command } = decoded;
    this.#parts.diary.note(this.#parts.name, () => `says ${briefCommand(command)}`);
    const key = keyOf(command.ref);
    if (this.#asked.has(key)) this.#breaks(`the ref ${key} was used again before its answer`);
    this.#asked.set(key, command);
  }

  said(text: string, isFull: boolean): void {
    const event = eventOf(text);
    this.#parts.diary.note(this.#parts.name, () => `is told ${briefEvent(event)}`);
    switch (event.type) {
      case 'entry':
        if (isFull) this.#breaks('an entry was pushed to a connection that was full (rule F3)');
        this.#follows(event.entry);
        break;
      case 'heads':
        this.#knows(event.heads);
        break;
      case 'restarting':
        break;
      default:
        this.#answers(event);
    }
  }

  delivered(text: string): void {
    if (!text.startsWith('{"type":"posted"')) return;
    const event = eventOf(text);
    if (event.type === 'posted') this.#parts.acknowledged(event, this.#epochs.get(event.draftId) ?? '');
  }

  closed(by: string): void {
    this.#parts.diary.note(this.#parts.name, () => `is over: ended by ${by}`);
  }

  #answers(event: Exclude<ServerEvent, { type: 'entry' | 'heads' | 'restarting' }>): void {
    const key = keyOf(event.ref);
    const command = this.#asked.get(key);
    if (command === undefined) {
      this.#breaks(`the server answered ${key}, which nobody had asked or which was answered`);
      return;
    }
    if (event.type !== 'resumed' || event.isLast) this.#asked.delete(key);
    if (event.type === 'posted') this.#isStored(event);
    else if (event.type === 'page') this.#isStretch(event.roomId, event.entries, 'a page');
    else if (event.type === 'left') this.#next.delete(event.roomId);
    else if (event.type === 'joined' && command.type === 'join') this.#joined(event, command.cursor);
    else if (event.type === 'resumed' && command.type === 'resume')
      for (const room of event.rooms) this.#resumed(room, command.cursors);
  }

  #isStored({ roomId, seq, draftId }: Posted): void {
    const room = this.#parts.truth.room(roomId);
    const entry = room?.at(seq);
    if (room !== undefined) this.#epochs.set(draftId, room.epoch);
    const isSoAlready = entry?.type === 'react' || entry?.type === 'delete';
    if (entry !== undefined && (isSoAlready || ('draftId' in entry && entry.draftId === draftId))) return;
    this.#breaks(`draft ${draftId} was acknowledged as number ${seq}, which the log does not have (rule L2)`);
  }

  #joined({ room, position, resume, entries, gap }: Joined, cursor: Position | undefined): void {
    const { roomId } = room;
    this.#isStretch(roomId, entries, 'a join');
    this.#endsAt(entries, position);
    if (resume === 'caught-up') this.#continues(cursor, entries, position);
    if (resume === 'gap') this.#leavesOut(cursor, gap, { entries, position });
    this.#next.set(roomId, { epoch: position.epoch, seq: position.seq + 1 });
  }

  #resumed(answer: Resumed, cursors: readonly (readonly [string, string, number])[]): void {
    if (answer.resume === 'refused') return;
    const { roomId, position } = answer;
    const asked = cursors.find(([room]) => room === answer.room);
    if (asked === undefined) {
      this.#breaks(`a resume was answered for ${answer.room}, which was not asked`);
      return;
    }
    if (answer.resume === 'reset') {
      this.#next.delete(roomId);
      return;
    }
    const cursor = { epoch: asked[1], seq: asked[2] };
    this.#isStretch(roomId, answer.entries, 'a resume');
    this.#endsAt(answer.entries, position);
    if (answer.resume === 'caught-up') this.#continues(cursor, answer.entries, position);
    else this.#leavesOut(cursor, answer.gap, answer);
    this.#next.set(roomId, { epoch: position.epoch, seq: position.seq + 1 });
  }

  /** A state's entries go up to its position. */
  #endsAt(entries: readonly ReceivedEntry[], position: Position): void {
    const last = entries.at(-1);
    if (last !== undefined && last.seq !== position.seq)
      this.#breaks(`a state at ${position.seq} ends with entry ${last.seq}`);
  }

  #continues(cursor: Position | undefined, entries: readonly ReceivedEntry[], position: Position): void {
    const first = entries[0]?.seq ?? position.seq + 1;
    if (cursor === undefined || cursor.epoch !== position.epoch || first !== cursor.seq + 1)
      this.#breaks(`who had ${cursor?.seq} was told to be caught up, but the answer begins with ${first}`);
  }

  #leavesOut(
    cursor: Position | undefined,
    gap: { readonly from: number; readonly to: number } | undefined,
    { entries, position }: { readonly entries: readonly ReceivedEntry[]; readonly position: Position },
  ): void {
    const first = entries[0]?.seq ?? position.seq + 1;
    if (gap === undefined || gap.from !== (cursor?.seq ?? 0) + 1 || gap.to !== first - 1)
      this.#breaks(
        `who had ${cursor?.seq} was told of a gap ${gap?.from}…${gap?.to}, but the answer begins with ${first}`,
      );
  }

  /** The next live entry of a room that is followed. */
  #follows(entry: ReceivedEntry): void {
    const next = this.#next.get(entry.roomId);
    if (next === undefined) {
      this.#breaks(`entry ${entry.seq} came for a room that is not followed`);
      return;
    }
    if (entry.seq !== next.seq || entry.epoch !== next.epoch)
      this.#breaks(
        `entry ${entry.seq} was sent where ${next.seq} comes next: in order, once, without a hole (rule F5)`,
      );
    this.#next.set(entry.roomId, { epoch: entry.epoch, seq: entry.seq + 1 });
    this.#isTrue(entry);
  }

  #isStretch(roomId: string, entries: readonly ReceivedEntry[], what: string): void {
    for (const [index, entry] of entries.entries()) {
      const before = entries[index - 1];
      if (entry.roomId !== roomId) this.#breaks(`${what} of one room has an entry of another`);
      if (before !== undefined && entry.seq !== before.seq + 1)
        this.#breaks(`${what} has ${entry.seq} after ${before.seq}`);
      this.#isTrue(entry);
    }
  }

  #isTrue(entry: ReceivedEntry): void {
    if (entry.type === 'unknown') return;
    if (this.#truthOf(entry)?.hasSame(entry) !== true)
      this.#breaks(`entry ${entry.seq} (${entry.type}) is not what the log has under this number`);
  }

  #truthOf(entry: Entry): RoomTruth | undefined {
    return this.#parts.truth.ofEpoch(entry.roomId, entry.epoch);
  }

  #knows(heads: Extract<ServerEvent, { type: 'heads' }>['heads']): void {
    for (const [roomId, epoch, seq] of heads) {
      const head = this.#parts.truth.ofEpoch(roomId, epoch)?.head ?? -1;
      if (seq > head) this.#breaks(`a head of ${seq} was told, where the log ends with ${head}`);
    }
  }

  #breaks(sentence: string): void {
    this.#parts.truth.breaks(`${this.#parts.name}: ${sentence}`);
  }
}

const keyOf = (ref: Command['ref'] | null): string => `${typeof ref} ${ref}`;

function briefCommand(command: Command): string {
  if (command.type === 'hello')
    return `hello as ${command.name}${command.token === undefined ? '' : ' with a token'}`;
  if (command.type === 'join')
    return `join ${command.room}${command.cursor ? ` after ${command.cursor.seq}` : ''}`;
  if (command.type === 'resume')
    return `resume ${command.cursors.map(([room, , seq]) => `${room} after ${seq}`).join(', ')}`;
  if (command.type === 'post') return `post "${command.text}"`;
  if (command.type === 'page')
    return `page of ${command.room} ${command.after ?? ''}…${command.before ?? ''}`;
  if ('target' in command) return `${command.type} ${command.target}`;
  return command.type;
}

function briefEvent(event: ServerEvent): string {
  switch (event.type) {
    case 'entry':
      return `entry ${briefEntry(event.entry)}`;
    case 'joined':
      return `joined at ${event.position.seq}, ${event.resume}, with ${briefRange(event.entries)}`;
    case 'page':
      return `page with ${briefRange(event.entries)}`;
    case 'posted':
      return `posted as ${event.seq}`;
    case 'refused':
      return `refused: ${event.code}`;
    case 'resumed':
      return `resumed ${event.rooms.map((room) => `${room.room} ${room.resume}`).join(', ')}`;
    case 'heads':
      return `heads ${event.heads.map(([, , seq]) => seq).join(', ')}`;
    case 'restarting':
      return `restarting: come back after ${event.reconnectAfterMs} ms`;
    case 'welcome':
    case 'left':
    case 'pong':
      return event.type;
  }
}

function briefEntry(entry: ReceivedEntry): string {
  if (entry.type === 'message') return `${entry.seq} "${entry.text}"`;
  return `${entry.seq} (${entry.type}${'target' in entry ? ` ${entry.target}` : ''})`;
}

function briefRange(entries: readonly ReceivedEntry[]): string {
  const [first] = entries;
  return first === undefined ? 'nothing' : `${first.seq}…${entries.at(-1)?.seq}`;
}
