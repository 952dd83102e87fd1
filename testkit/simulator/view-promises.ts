// What must hold of what people see: at every moment a stretch of the log without an undeclared hole, nothing twice; in the end all
// of it, with nothing left to send that is neither in the log nor visibly failed.
import type { Entry } from '@wireroom/protocol';
import { type Person, SHOWN_TYPES, type ShownEntry, type ShownRoom } from './person.ts';
import { shownReactions, standingOf } from './standing.ts';
import type { RoomTruth, Truth } from './truth.ts';

/** Bounds of the SDK, in its numbers: packages/client/src/limits.ts. */
const SDK = { timelineItemsMax: 20_000, outboxDraftsMax: 200 } as const;

export class ViewPromises {
  readonly #truth: Truth;
  readonly #checked = new WeakMap<ShownRoom, true>();

  constructor(truth: Truth) {
    this.#truth = truth;
  }

  /** At every moment. */
  check(person: Person): void {
    for (const room of person.shown) {
      if (this.#checked.has(room)) continue;
      this.#checked.set(room, true);
      const sentence = this.#objection(room);
      if (sentence !== undefined) this.#truth.breaks(`${person.name} in ${room.slug}: ${sentence}`);
    }
  }

  #objection(room: ShownRoom): string | undefined {
    if (room.pending.length > SDK.outboxDraftsMax) return `${room.pending.length} drafts wait`;
    if (room.entries.length > SDK.timelineItemsMax) return `${room.entries.length} items are kept`;
    if (new Set(room.pending.map(({ draftId }) => draftId)).size < room.pending.length)
      return 'a draft is shown as pending twice';
    const { roomId, entries } = room;
    if (entries.length === 0 || roomId === undefined) return undefined;
    const objections: string[] = [];
    for (const truth of this.#truth.epochs(roomId)) {
      const objection = stretchObjection(room, truth);
      if (objection === undefined) return undefined;
      objections.push(objection);
    }
    return objections[0];
  }

  /** In the end: everything up to the newest entry, and nothing that waits. Undefined: so it is. */
  unsettled(person: Person, slugs: readonly string[]): string | undefined {
    for (const slug of slugs) {
      const room = person.shown.find((shown) => shown.slug === slug);
      if (room === undefined) return `${person.name} is not in ${slug} (${person.standing})`;
      if (room.refusal !== undefined) return `${person.name} was refused in ${slug}: ${room.refusal}`;
      if (!room.isLive || room.roomId === undefined)
        return `${person.name} is not live in ${slug} (${person.standing})`;
      const truth = this.#truth.room(room.roomId);
      const newest = truth?.entries.findLast(isShown)?.seq ?? 0;
      const last = room.entries.at(-1)?.seq ?? 0;
      if (last !== newest)
        return `${person.name} sees ${slug} up to ${last}, where the log shows up to ${newest}`;
      const pending = room.pending.find(({ state }) => state !== 'failed');
      const state = truth && stateObjection(room, truth);
      if (state !== undefined) return `${person.name} in ${slug}: ${state}`;
      if (person.unanswered > 0)
        return `${person.unanswered} promises to ${person.name} are neither kept nor broken`;
      if (pending !== undefined) return `"${pending.text}" of ${person.name} still waits (${pending.state})`;
    }
    return undefined;
  }
}

const isShown = (entry: Entry): boolean => SHOWN_TYPES.has(entry.type);

/** Entries that were found to be those of this log: they do not change, nor does it. */
const found = new WeakMap<ShownEntry, RoomTruth>();

/** Is what is shown a stretch of this room's log? */
function stretchObjection({ entries, gaps }: ShownRoom, truth: RoomTruth): string | undefined {
  let expected = entries[0]?.seq ?? 1;
  for (const shown of entries) {
    for (; expected < shown.seq; expected += 1) {
      const missing = truth.at(expected);
      if (missing === undefined) return `entry ${shown.seq} is shown, which the log does not have`;
      const isDeclared = gaps.some(({ from, to }) => from <= expected && expected <= to);
      if (isShown(missing) && !isDeclared)
        return `entry ${shown.seq} is shown, but ${expected} (${missing.type}) before it is not, and no gap is declared`;
    }
    if (shown.seq < expected)
      return `entry ${shown.seq} is shown after ${expected - 1}: twice, or out of order`;
    if (found.get(shown) !== truth) {
      const entry = truth.at(shown.seq);
      if (entry === undefined || !isSame(shown, entry))
        return `what is shown as entry ${shown.seq} is not what the log has there`;
      found.set(shown, truth);
    }
    expected = shown.seq + 1;
  }
  return undefined;
}

function isSame(shown: ShownEntry, entry: Entry): boolean {
  const { authorId, name } = entry.author;
  const isEnvelope =
    shown.type === entry.type && shown.at === entry.at && shown.authorId === authorId && shown.name === name;
  if (!isEnvelope || entry.type !== 'message' || shown.isDeleted || shown.isChanging) return isEnvelope;
  return shown.text === entry.text || shown.editedAt !== undefined;
}

/** Do messages, title and topic stand as what was written makes them? */
function stateObjection({ slug, entries, title, topic }: ShownRoom, truth: RoomTruth): string | undefined {
  const standing = standingOf(truth, slug);
  if (title !== standing.title) return `the title is "${title}" and not "${standing.title}"`;
  if (topic !== standing.topic) return `the topic is "${topic}" and not "${standing.topic}"`;
  for (const shown of entries) {
    const message = standing.messages.get(shown.seq);
    if (message === undefined) continue;
    const { text, editedAt, isDeleted } = message;
    const wanted = JSON.stringify([text, editedAt, isDeleted, shownReactions(message)]);
    const seen = JSON.stringify([shown.text, shown.editedAt, shown.isDeleted, shown.reactions]);
    if (seen !== wanted) return `message ${shown.seq} is shown as ${seen}, where the log makes it ${wanted}`;
  }
  return undefined;
}
