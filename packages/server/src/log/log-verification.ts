// Proves a log by reading all of it: numbers without a gap, drafts that are unique, states that are what the entries say, and
// texts that are gone where they were deleted. It reads through the port, and beside it the rows that the port's answers are
// made from, out of one snapshot that its caller keeps; verify.ts opens those.
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Entry, Room, RoomId } from '@wireroom/protocol';
import type { HistorySession } from './history-session.ts';
import { type KeptRow, KeptRowReader } from './kept-rows.ts';
import type { Log } from './log.ts';
import { RoomReplay } from './room-replay.ts';

export interface RoomVerdict {
  readonly slug: string;
  readonly entryCount: number;
  /**
   * SHA-256, in hex, over the room's entries in order, each as a line of JSON without its epoch: two copies of a room have the
   * same, also where one was restored from the other.
   */
  readonly digest: string;
  /** Sentences, without the room's name; none: all is well. At most `PROBLEMS_MAX`. */
  readonly problems: readonly string[];
}

interface Readable extends Pick<Log, 'rooms' | 'read' | 'messages' | 'standing'> {
  /** The newest entry that an import brought; 0: none did. */
  importedHead(roomId: RoomId): Promise<number>;
  /** The tables themselves. */
  readonly session: HistorySession;
}

/** The first tell what is wrong; a room that has lost its numbers would have one for every entry. */
const PROBLEMS_MAX = 20;
const PAGE = { limit: 1_000, bytesMax: 4 * 1024 * 1024 } as const;
/** Messages whose rows are looked at together, and entries whose payloads are. */
const MESSAGES_PER_LOOK = 500;

export async function verifyLog(log: Readable): Promise<readonly RoomVerdict[]> {
  const verdicts: RoomVerdict[] = [];
  for (const room of await log.rooms()) verdicts.push(await verifyRoom(log, room));
  return verdicts;
}

async function verifyRoom(log: Readable, room: Room): Promise<RoomVerdict> {
  const problems: string[] = [];
  const found = (problem: string | false | undefined): void => {
    if (typeof problem === 'string' && problems.length < PROBLEMS_MAX) problems.push(problem);
  };
  const replay = new RoomReplay(await log.importedHead(room.roomId));
  const { entryCount, digest } = await readEntries(log, room, { replay, found });
  try {
    await compareMessages(log, room, { replay, found });
  } catch (error) {
    // A row that points at one of another kind, say: what is in the file is not what this program writes.
    if (!(error instanceof TypeError || error instanceof SyntaxError)) throw error;
    found(`its messages cannot be told (${error.message})`);
  }
  await compareKeptRows(log, room, { replay, found });
  const { members, memberCount } = await log.standing(room.roomId, Number.MAX_SAFE_INTEGER);
  const asStored = new Map(members.map(({ authorId, name }) => [authorId, name]));
  const isSame = memberCount === replay.members.size && isDeepStrictEqual(asStored, replay.members);
  found(
    !isSame && `its ${memberCount} members are not those of its joins and leaves (${replay.members.size})`,
  );
  const { title = room.title, topic = room.topic } = replay;
  found(
    (title !== room.title || topic !== room.topic) && 'its title or topic is not what its newest entry says',
  );
  return { slug: room.slug, entryCount, digest, problems };
}

interface Proving {
  readonly replay: RoomReplay;
  readonly found: (problem: string | false | undefined) => void;
}

async function readEntries(log: Readable, { roomId }: Room, { replay, found }: Proving) {
  const digest = createHash('sha256');
  const drafts = new Set<string>();
  let previous: Entry | undefined;
  let entryCount = 0;
  for (let hasMore = true; hasMore; ) {
    const after: number = previous?.seq ?? 0;
    const page = await log.read(roomId, { ...PAGE, after });
    for (const entry of page.entries) {
      const expected: number = (previous?.seq ?? 0) + 1;
      found(entry.seq !== expected && `entries ${expected} to ${entry.seq - 1} are missing`);
      found(
        previous !== undefined &&
          entry.at < previous.at &&
          `entry ${entry.seq} is older than the one before it`,
      );
      found(replay.read(entry));
      if ('draftId' in entry) {
        const key = `${entry.author.authorId} ${entry.draftId}`;
        found(drafts.has(key) && `entry ${entry.seq} is a draft that was stored before`);
        drafts.add(key);
      }
      const { epoch: _, ...line } = entry;
      digest.update(`${JSON.stringify(line)}\n`);
      previous = entry;
      entryCount += 1;
    }
    hasMore = page.hasMore && page.entries.length > 0;
    const head: number = page.position.seq;
    const last: number = previous?.seq ?? 0;
    if (!hasMore) found(head !== last && `its head is ${head}, its last entry ${last}`);
  }
  return { entryCount, digest: digest.digest('hex') };
}

async function compareMessages(log: Readable, { roomId }: Room, { replay, found }: Proving): Promise<void> {
  let after = 0;
  for (let hasMore = true; hasMore; ) {
    const page = await log.messages(roomId, { ...PAGE, after });
    for (const { entry, state } of page.messages) {
      const { seq } = entry;
      const isSame = isDeepStrictEqual(state, replay.stateOf(seq));
      found(!isSame && `the state of message ${seq} is not what the entries after it say`);
      const isGone = entry.deleted === true && entry.text === '';
      found(isGone !== replay.isDeleted(seq) && `message ${seq} and its deletion do not agree`);
      after = seq;
    }
    hasMore = page.hasMore && page.messages.length > 0;
  }
}

/** What is kept beside the entries is what they say, row for row; nobody's text outlives its deletion. */
async function compareKeptRows(log: Readable, { roomId }: Room, { replay, found }: Proving): Promise<void> {
  const kept = new KeptRowReader(log.session);
  const changed = replay.changedMessages();
  let low = Number.MIN_SAFE_INTEGER;
  for (let first = 0; low < Number.MAX_SAFE_INTEGER; first += MESSAGES_PER_LOOK) {
    const messages = changed.slice(first, first + MESSAGES_PER_LOOK);
    // Nothing lies between two looks: rows of messages of which nothing became are found as well.
    const high = changed[first + MESSAGES_PER_LOOK - 1] ?? Number.MAX_SAFE_INTEGER;
    compareRows(await kept.between(roomId, low, high), messages, { replay, found });
    low = high === Number.MAX_SAFE_INTEGER ? high : high + 1;
    for (const target of messages)
      for (const seq of replay.goneEditsOf(target))
        found(`edit ${seq} has lost its text, though message ${target} was not deleted`);
    const textless = messages.flatMap((target) =>
      replay.textlessOf(target).map((seq) => [seq, target] as const),
    );
    for (let next = 0; next < textless.length; next += MESSAGES_PER_LOOK) {
      const looked = textless.slice(next, next + MESSAGES_PER_LOOK);
      const payloads = await kept.payloads(
        roomId,
        looked.map(([seq]) => seq),
      );
      for (const [seq, target] of looked) {
        const gone = JSON.stringify({ ...(seq !== target && { target }), text: '', deleted: true });
        const isGone = payloads.get(seq) === gone;
        found(!isGone && `message ${target} was deleted, but entry ${seq} still holds more than that`);
      }
    }
  }
}

function compareRows(
  rows: readonly KeptRow[],
  messages: readonly number[],
  { replay, found }: Proving,
): void {
  const expected = new Map(messages.flatMap((target) => replay.keptOf(target)).map((row) => [row.says, row]));
  for (const { says, table, target } of rows)
    found(!expected.delete(says) && `its ${table} hold a row for message ${target} that no entry tells of`);
  for (const { table, target } of expected.values())
    found(`its ${table} lack a row for message ${target} that its entries tell of`);
}
