// One Matrix event after the other as records. Element exports what its timeline shows: a message that was edited stands with its
// last text, one that was redacted is empty; other programs keep the events that say so. Both are read.

import { elementText, UNREADABLE } from './element-text.ts';
import type { ImportRecord, ReadRecord, RecordContent, SourceAuthor } from './import-record.ts';
import { type JsonObject, objectIn, stringIn } from './json-elements.ts';
import { PendingRecords } from './pending-records.ts';
import { quoteOf } from './quote.ts';

interface Reading {
  readonly event: JsonObject;
  readonly content: JsonObject;
  readonly id: string;
  readonly place: string;
  readonly atMs: number;
  readonly author: SourceAuthor;
}

export class ElementEvents {
  readonly #later = new PendingRecords();
  /** Of people, the name that they bear now. */
  readonly #names = new Map<string, string>();
  readonly #present = new Set<string>();
  /** First lines of messages, for those that answer them. */
  readonly #quotes = new Map<string, string>();
  /** Reactions by the id of their event, for those who take them back. */
  readonly #reactions = new Map<
    string,
    { readonly author: SourceAuthor; readonly target: string; readonly emoji: string }
  >();

  *take(event: JsonObject, place: string): Generator<ReadRecord> {
    const at = event.origin_server_ts;
    const sender = stringIn(event, 'sender');
    if (typeof at !== 'number' || !Number.isFinite(at) || at < 0 || sender === undefined) {
      yield lost(place, sender === undefined ? 'it has no sender' : 'it has no time');
      return;
    }
    const atMs = Math.floor(at);
    yield* this.#later.until(atMs);
    const content = objectIn(event, 'content') ?? {};
    const id = stringIn(event, 'event_id') ?? place;
    yield* this.#read({ event, content, id, place, atMs, author: this.#person(sender) });
  }

  *end(): Generator<ReadRecord> {
    yield* this.#later.until(Number.POSITIVE_INFINITY);
  }

  *#read(reading: Reading): Generator<ReadRecord> {
    const { event, content, place } = reading;
    const type = stringIn(event, 'type') ?? '';
    switch (type) {
      case 'm.room.message':
      case 'm.sticker':
      case 'm.poll.start':
      case 'org.matrix.msc3381.poll.start':
      case 'm.room.encrypted':
        yield* this.#message(reading, type);
        return;
      case 'm.reaction':
        yield* this.#reaction(reading);
        return;
      case 'm.room.redaction':
        yield* this.#redaction(reading);
        return;
      case 'm.room.member':
        yield* this.#membership(reading);
        return;
      case 'm.room.name':
        yield recordOf(reading, { type: 'rename', title: stringIn(content, 'name') ?? '' });
        return;
      case 'm.room.topic':
        yield recordOf(reading, { type: 'topic', topic: stringIn(content, 'topic') ?? '' });
        return;
      default:
        yield lost(place, `rooms here have nothing like ${type.slice(0, 60) || 'an event without a type'}`);
    }
  }

  *#message(reading: Reading, type: string): Generator<ReadRecord> {
    const { event, content, id, author } = reading;
    const relation = objectIn(content, 'm.relates_to');
    const target = stringIn(relation, 'event_id') ?? '';
    if (stringIn(relation, 'rel_type') === 'm.replace') {
      yield recordOf(reading, {
        type: 'edit',
        target,
        text: this.#text(objectIn(content, 'm.new_content') ?? {}, reading),
      });
      return;
    }
    const unsigned = objectIn(event, 'unsigned');
    const redaction = objectIn(unsigned, 'redacted_because');
    if (redaction !== undefined || (type !== 'm.room.encrypted' && Object.keys(content).length === 0)) {
      yield recordOf(reading, { type: 'message', key: id, text: '', deleted: true });
      this.#after(reading, redaction, { type: 'delete', target: id });
      return;
    }
    const body = this.#text(type === 'm.room.encrypted' ? { msgtype: 'm.bad.encrypted' } : content, reading);
    if (body.trim() === '') {
      yield lost(reading.place, 'it has no text');
      return;
    }
    if (body === UNREADABLE)
      yield lost(reading.place, 'it was encrypted, and could not be read when it was exported');
    const text = `${this.#quote(relation, body)}${body}`;
    this.#quotes.set(id, quoteOf(author.name, body));
    yield recordOf(reading, { type: 'message', key: id, text });
    const edit = objectIn(objectIn(unsigned, 'm.relations'), 'm.replace');
    if (edit !== undefined) this.#after(reading, edit, { type: 'edit', target: id, text });
  }

  /** What happened to the event later, by an event that only its time is known of. */
  #after(reading: Reading, cause: JsonObject | undefined, content: RecordContent): void {
    const at = cause?.origin_server_ts;
    const atMs = typeof at === 'number' && Number.isFinite(at) ? Math.max(at, reading.atMs) : reading.atMs;
    this.#later.add({ ...recordOf(reading, content), atMs }, atMs);
  }

  /** Rooms here have no threads: an answer begins with what it answers, unless its text does so already. */
  #quote(relation: JsonObject | undefined, body: string): string {
    const answered =
      stringIn(objectIn(relation, 'm.in_reply_to'), 'event_id') ??
      (stringIn(relation, 'rel_type') === 'm.thread' ? stringIn(relation, 'event_id') : undefined);
    if (answered === undefined || body.startsWith('> ')) return '';
    return this.#quotes.get(answered) ?? '> [an earlier message]\n';
  }

  *#reaction(reading: Reading): Generator<ReadRecord> {
    const relation = objectIn(reading.content, 'm.relates_to');
    const [target, emoji] = [stringIn(relation, 'event_id'), stringIn(relation, 'key')];
    // Taken back: nothing is left of it.
    if (target === undefined || emoji === undefined) return;
    this.#reactions.set(reading.id, { author: reading.author, target, emoji });
    yield recordOf(reading, { type: 'react', target, emoji });
  }

  *#redaction(reading: Reading): Generator<ReadRecord> {
    const target = stringIn(reading.event, 'redacts') ?? stringIn(reading.content, 'redacts') ?? '';
    const reaction = this.#reactions.get(target);
    if (reaction === undefined) {
      yield recordOf(reading, { type: 'delete', target });
      return;
    }
    this.#reactions.delete(target);
    const { author, emoji } = reaction;
    yield { ...recordOf(reading, { type: 'unreact', target: reaction.target, emoji }), author };
  }

  *#membership(reading: Reading): Generator<ReadRecord> {
    const { event, content } = reading;
    const who = stringIn(event, 'state_key') ?? reading.author.key;
    const membership = stringIn(content, 'membership');
    const name = stringIn(content, 'displayname');
    if (membership === 'join') {
      if (name !== undefined) this.#names.set(who, name);
      // Whoever is there has only another name or picture.
      if (this.#present.has(who)) return;
      this.#present.add(who);
      yield { ...recordOf(reading, { type: 'join' }), author: this.#person(who) };
    } else if ((membership === 'leave' || membership === 'ban') && this.#present.delete(who))
      yield { ...recordOf(reading, { type: 'leave' }), author: this.#person(who) };
  }

  #text(content: JsonObject, { author }: Reading): string {
    return elementText(content, author.name);
  }

  #person(id: string): SourceAuthor {
    const name = this.#names.get(id) ?? /^@([^:]+):/.exec(id)?.[1] ?? id;
    return { key: id, name };
  }
}

function recordOf({ place, author, atMs }: Reading, content: RecordContent): ImportRecord {
  return { place, author, atMs, content };
}

const lost = (place: string, reason: string): ReadRecord => ({ lost: { place, reason } });
